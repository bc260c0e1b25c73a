import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from '../../grammar/index.ts';
import { reparse } from './reparse.ts';

const block = (number: number): string =>
  `// block ${number}\nblock MB${number}(out, stride = 1) {\n  let t = {2 | 3 | 6} // of the use\n  conv 1x1 -> in * t, relu6\n` +
  `  dwconv {3 | 5} stride stride, relu6\n  /* narrow */ conv 1x1 -> out\n  skip add when stride == 1 and out == in\n}\n\n`;
const blocks =
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

const long = `import { A } from "./a.nas"\nspace long { conv 1 -> 2; conv 3 -> 4 // first\n${Array.from(
  { length: 60 },
  (_, number) =>
    number % 9 === 0
      ? `  choice {\n    a: conv 3 -> ${number} // a\n    b: { gmp; conv 1 -> 2 }\n  }\n`
      : number % 5 === 0
        ? `  conv 3 -> ${number},\n    relu /* so */\n    when true\n`
        : `  conv {1 | 3} -> ${number}; maxpool 2\n`,
).join('')}  gap; dense -> 10 }\n// end\nblock B { conv 3 -> 4 }\n`;

for (const [what, text, least] of [
  ['declarations', blocks, 200],
  ['statements', long, 150],
] as const)
  test(`an edit inside one of many ${what} reads as the whole text would`, () => {
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
    assert.ok(used > least, `only ${used} edits took the short way`);
  });

for (const text of [blocks, long])
  test(`edits of ${text.length} characters follow one another without drifting`, () => {
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

test('an edit in a long declaration reads the lines around it', () => {
  const at = long.indexOf('-> 31');
  const edited = `${long.slice(0, at)}-> 32${long.slice(at + 5)}`;
  const before = parse(long);
  const [, old] = before.file.declarations;
  const kept = old?.kind === 'space' ? [...old.body] : [];
  const read: number[] = [];
  const after = reparse(before, edited, { span: { start: at, end: at + 5 }, inserted: 5 }, (part) => {
    read.push(part.length);
    return parse(part);
  });
  assert.ok(read.length === 1 && (read[0] ?? Infinity) < 300, `read ${read.join(', ')} of ${long.length}`);
  const [, now] = after?.file.declarations ?? [];
  const body = now?.kind === 'space' ? now.body : [];
  assert.equal(body.filter((statement, index) => statement !== kept[index]).length, 1);
});
