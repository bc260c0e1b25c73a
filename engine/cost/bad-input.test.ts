/** A small part of what `test/bench/fuzz.ts` does: nothing that a keystroke sets going fails on broken text. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examples } from '../../grammar/testing/examples.ts';
import { mutations } from '../../grammar/testing/mutate.ts';
import { keystroke } from '../../test/bench/keystroke.ts';

const originals = new Map(examples.map(({ name, text }) => [name.split('/').at(-1) ?? name, text]));
const paths = [...originals.keys()];

function assertSurvives(path: string, text: string, what: string): void {
  assert.deepEqual(keystroke(path, new Map(originals).set(path, text)), [], `${what}:\n${text}`);
}

test('a file that is not whole yet has its problems inside of it', () => {
  for (const [path, text] of originals) {
    for (let end = 3; end <= text.length; end += 41)
      assertSurvives(path, text.slice(0, end), `cut at ${end}`);
  }
});

test('mutations have their problems inside of them', () => {
  for (const { text, name, index } of mutations([...originals.values()], 150, 20))
    assertSurvives(paths[index] ?? '', text, name);
});

test('a block that is broken does not break the file that imports it', () => {
  const block = originals.get('mobile.nas') ?? '';
  for (const { text, name } of mutations([block], 50, 21)) {
    const files = new Map(originals).set('mobile.nas', text);
    assert.deepEqual(keystroke('visual-wake-words.nas', files), [], `${name}:\n${text}`);
  }
});
