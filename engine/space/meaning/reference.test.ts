/** The examples of the reference mean something, and everything that can be written is named in it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { functions } from '../functions.ts';
import { operators } from '../../operators/words.ts';
import { mainMetrics } from '../metrics.ts';
import { symbols } from '../symbols.ts';
import { strategyNames } from '../strategies/catalogue.ts';
import { analyseText } from '../testing.ts';

const reference = readFileSync(new URL('../../../docs/language.md', import.meta.url), 'utf8');
const examples = [...reference.matchAll(/```nas\n([\s\S]*?)```/g)].map(([, text = '']) => text);
/** What an example may import. */
const files = {
  'blocks/mobile.nas': 'block MB(out) { conv 1x1 -> out }\nblock DS(out) { dwconv 3x3; conv 1x1 -> out }',
  'blocks/more.nas': 'block More(out) { conv 3x3 -> out }',
};

examples.forEach((text, index) => {
  test(`example ${index + 1} has no mistake: ${text.split('\n')[0] ?? ''}`, () => {
    const { problems, spaces } = analyseText(text, files);
    const wrong = problems.filter(({ severity }) => severity === 'error' || severity === 'warning');
    assert.deepEqual(
      wrong.map(({ code, message }) => `${code}: ${message}`),
      [],
    );
    for (const space of spaces) assert.ok(space.usable && space.size().count >= 1n);
  });
});

test('every operator, function, symbol, metric and strategy is in the reference', () => {
  const known = [operators, functions, symbols].flatMap((map) => [...map.keys()]);
  for (const name of [...known, ...strategyNames, ...mainMetrics]) {
    assert.match(reference, new RegExp(`\\b${name}\\b`), name);
  }
});
