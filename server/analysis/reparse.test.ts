import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from '../../grammar/index.ts';
import { reparse } from './reparse.ts';

const block = (number: number): string =>
  `// block ${number}\nblock MB${number}(out, stride = 1) {\n  let t = {2 | 3 | 6} // of the use\n  conv 1x1 -> in * t, relu6\n` +
  `  dwconv {3 | 5} stride stride, relu6\n  /* narrow */ conv 1x1 -> out\n  skip add when stride == 1 and out == in\n}\n\n`;
const text =
  `import { A } from "./a.nas"\ntarget "pico" {\n  runtime tflm + cmsis-nn\n}\n` +
  Array.from({ length: 14 }, (_, number) => block(number)).join('') +
  `space s {\n  conv 3x3 -> 8\n  MB1(16) x0..2 same\n  choice {\n    a: MB2(8)\n    b: { MB3(8); gmp }\n  }\n  gap; dense -> classes\n}\n` +
  `constraints { ram < 96 KB; latency < 20 ms }\nobjectives {\n  max accuracy\n}\n`;

const pieces = [
  '',
  ' ',
  '\n',
  '{',
  '}',
  '(',
  ')',
  ';',
  ',',
  '->',
  '"',
  '/*',
  '*/',
  '//',
  '|',
  '@',
  'x2',
  'conv',
  'let z = 3',
  'space q {',
  'skip',
  '12 KB',
  '{1 | 2}',
  'block',
];

test('an edit inside a declaration reads as the whole text would', () => {
  let used = 0;
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(12), fc.constantFrom(...pieces), (at, removed, inserted) => {
      const span = { start: at, end: Math.min(text.length, at + removed) };
      const edited = text.slice(0, span.start) + inserted + text.slice(span.end);
      const quick = reparse(parse(text), edited, { span, inserted: inserted.length }, parse);
      if (quick === undefined) return;
      used++;
      assert.deepEqual(quick, parse(edited));
    }),
    { numRuns: 600, seed: 7 },
  );
  assert.ok(used > 200, `only ${used} edits took the short way`);
});

test('edits follow one another without drifting', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(text.length), fc.nat(4), fc.constantFrom(...pieces)), {
        minLength: 2,
        maxLength: 8,
      }),
      (edits) => {
        let now = text;
        let parsed = parse(now);
        for (const [at, removed, inserted] of edits) {
          const start = Math.min(at, now.length);
          const span = { start, end: Math.min(now.length, start + removed) };
          now = now.slice(0, span.start) + inserted + now.slice(span.end);
          parsed = reparse(parsed, now, { span, inserted: inserted.length }, parse) ?? parse(now);
        }
        assert.deepEqual(parsed, parse(now));
      },
    ),
    { numRuns: 100, seed: 11 },
  );
});
