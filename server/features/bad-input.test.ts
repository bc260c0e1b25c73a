/** Half-typed and mangled text: every feature answers something, and every place lies inside the text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Range } from 'vscode-languageserver-types';
import { defaultSettings } from '../analysis/settings.ts';
import { diagnose } from '../diagnostics/index.ts';
import { hostile } from '../../test/bench/hostile.ts';
import { fixture } from '../testing/fixture.ts';
import { codeActions } from './code-actions.ts';
import { codeLenses } from './code-lens.ts';
import { completions } from './completion.ts';
import { definition } from './definition.ts';
import { foldingRanges } from './folding.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { documentHighlights, references } from './references.ts';
import { selectionRanges } from './selection.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { signatureHelp } from './signature.ts';
import { documentSymbols } from './symbols.ts';

const example = readFileSync(path.resolve(import.meta.dirname, '../../examples/fashion-mnist.nas'), 'utf8');

function everyFeature(text: string, offset: number): void {
  const { workspace, snapshot } = fixture(text);
  const whole = { start: 0, end: snapshot.text.length };
  const inside = (range: Range): void => {
    const { start, end } = snapshot.lines.span(range);
    assert.ok(start >= 0 && start <= end && end <= snapshot.text.length);
    assert.deepEqual(snapshot.lines.range({ start, end }), range);
  };
  for (const problem of diagnose(snapshot, defaultSettings)) inside(problem.range);
  for (const token of semanticTokens(snapshot)) assert.ok(token.start < token.end && token.end <= whole.end);
  for (const symbol of documentSymbols(snapshot)) inside(symbol.range);
  inlayHints(snapshot, whole, defaultSettings);
  foldingRanges(snapshot);
  codeLenses(snapshot);
  selectionRanges(snapshot, [snapshot.lines.positionAt(offset)]);
  hover(snapshot, offset, workspace);
  completions(snapshot, offset, workspace);
  signatureHelp(snapshot, offset);
  definition(workspace, snapshot, offset);
  references(workspace, snapshot, offset, true);
  documentHighlights(snapshot, offset);
  codeActions(snapshot, whole, { diagnostics: [] }, defaultSettings);
}

test('the example cut anywhere', () => {
  for (let end = 0; end <= example.length; end += 17) everyFeature(example.slice(0, end), end);
});

test('the example mangled anywhere', () => {
  const pieces = [
    '',
    '{',
    '}',
    '(',
    ')',
    '"',
    '/*',
    '->',
    ',',
    ';',
    '|',
    '\n',
    '?',
    'x9',
    '..',
    '9999999999',
    'é😀',
    'block',
    'space',
  ];
  fc.assert(
    fc.property(fc.nat(example.length), fc.nat(20), fc.constantFrom(...pieces), (at, removed, piece) => {
      everyFeature(example.slice(0, at) + piece + example.slice(at + removed), at);
    }),
    { numRuns: 120, seed: 5 },
  );
});

for (const { name, text } of hostile) {
  test(`hostile: ${name}`, () => {
    for (const count of [3, 70]) {
      const made = text(count);
      everyFeature(made, Math.floor(made.length / 2));
    }
  });
}

test('what nests by thousands overflows no stack', () => {
  const nesting = /nested|brac|parenthes|sum|minus|^not$|comparisons|ranges|steps|mistakes/;
  for (const { name, text } of hostile)
    if (nesting.test(name)) diagnose(fixture(text(8000)).snapshot, defaultSettings);
});
