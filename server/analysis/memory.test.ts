/** What is kept from version to version must never show: every edit gives what a fresh reading gives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diagnose } from '../diagnostics/index.ts';
import { inlayHints } from '../features/inlay-hints.ts';
import { semanticTokens } from '../features/semantic-tokens.ts';
import { fixture } from '../testing/fixture.ts';
import { defaultSettings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';

const block = (name: string, body: string): string =>
  `// ${name}\nblock ${name}(out, stride = 1) {\n  let t = {2 | 3}\n  conv 1x1 -> in * t, relu6\n${body}  conv 1x1 -> out\n}\n\n`;
const text =
  'target "nucleo-f446re" { runtime tflm + cmsis-nn }\n' +
  block('A', '  dwconv {3 | 5} stride stride, relu6\n') +
  block('B', '  A(out)\n') +
  block('C', '  conv 3x3 -> 7\n') +
  ['one', 'two', 'three']
    .map(
      (name, index) =>
        `space ${name} {\n  input 16x16x3\n  tie w = {8 | 16}\n  conv 3x3 -> w\n  ${'ABC'.charAt(index)}(w * 2)\n  gap\n  dense -> 10\n}\n\n`,
    )
    .join('') +
  `constraints { ram < 96 KB; macs < 1000 }\n`;
// Long enough for the short way of reparsing.
const padded = `${text}\n// ${'-'.repeat(1500)}\n`;

function everything(snapshot: Snapshot): unknown {
  return {
    problems: diagnose(snapshot, defaultSettings),
    hints: inlayHints(snapshot, { start: 0, end: snapshot.text.length }, defaultSettings).map(
      ({ position, label }) => ({ position, label }),
    ),
    tokens: semanticTokens(snapshot),
    sizes: snapshot.analysis.spaces.map((space) => `${space.name} ${space.size().count}`),
  };
}

const pieces = [' ', '\n', '  // note\n', '3', '{8 | 9}', 'B', ';', '}', 'x2', ' ?'];

test('any sequence of edits shows what reading the text afresh shows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(text.length), fc.nat(2), fc.constantFrom(...pieces)), {
        minLength: 1,
        maxLength: 5,
      }),
      (edits) => {
        const { workspace, snapshot } = fixture(padded);
        let now = snapshot;
        everything(now);
        edits.forEach(([at, removed, inserted], index) => {
          const range = now.lines.range({ start: at, end: Math.min(now.text.length, at + removed) });
          const next = workspace.change(now.uri, index + 2, [{ range, text: inserted }]);
          assert.ok(next !== undefined);
          now = next;
          assert.deepEqual(everything(now), everything(fixture(now.text).snapshot));
        });
      },
    ),
    { numRuns: 60, seed: 3 },
  );
});

test('a space that an edit does not reach is kept', () => {
  const { workspace, snapshot } = fixture(padded);
  const before = snapshot.analysis.spaces;
  const at = snapshot.lines.range({
    start: text.indexOf('conv 3x3 -> 7') + 12,
    end: text.indexOf('conv 3x3 -> 7') + 13,
  });
  const after = workspace.change(snapshot.uri, 2, [{ range: at, text: '12' }])?.analysis.spaces;
  assert.deepEqual(
    after?.map((space, index) => space === before[index]),
    [true, true, false],
  );
});
