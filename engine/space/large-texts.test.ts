/** Texts with very many equal parts: the work grows with their number, and a limit is said. Counted, not timed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter, INSTRUCTION_LIMIT } from './program/emitter.ts';
import { PieceRow } from './program/piece-row.ts';
import { analyseText } from './testing.ts';

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

test('a choice of more values than a person can want is said where it stands, and the rest is checked', () => {
  const options = many(5000, (index) => `${index === 0 ? '' : ' | '}${index + 1}`);
  const { problems } = analyseText(`space s {\n  input 8x8x1\n  conv 3 -> {${options}}\n  dense -> 2\n}\n`);
  assert.deepEqual(
    problems.map(({ code, message }) => [code, message]),
    [
      [
        'range/too-large',
        'This choice has 5000 values; at most 4096 are possible. Use a greater step or smaller bounds.',
      ],
    ],
  );
});

test('a name costs the same however many stand before it', ({ mock }) => {
  const noted = mock.method(PieceRow.prototype, 'note');
  const lets = many(300, (index) => `  let v${index + 1} = v${index} + 1\n`);
  const text = `space s {\n  input 8x8x1 as t\n  let v0 = {1 | 2}\n${lets}  conv 3 -> v300\n  dense -> 2\n}\n`;
  assert.equal(analyseText(text).spaces[0]?.size().count, 2n);
  const row: unknown = noted.mock.calls[0]?.this;
  assert.ok(row instanceof PieceRow && row.pieces.length > 300);
  for (const { after } of row.pieces) assert.ok(after.names.length + after.tensors.length <= 1);
});

test('a space of more statements than it can have instructions is not written to find that out', ({
  mock,
}) => {
  const written = mock.method(Emitter.prototype, 'push');
  const { problems } = analyseText(`space s {\n  input 8x8x1\n${'  gap\n'.repeat(INSTRUCTION_LIMIT + 1)}}\n`);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['space/too-large'],
  );
  assert.equal(written.mock.callCount(), 0);
});

const deep: readonly (readonly [what: string, text: string, code: string, words: RegExp])[] = [
  [
    'names that hang on each other',
    `space s {\n  input 8x8x1\n  let v0 = {1 | 2}\n${many(20_000, (index) => `  let v${index + 1} = v${index} + 1\n`)}  conv 3 -> v20000\n  dense -> 2\n}\n`,
    'space/too-large',
    /6000 steps from one value to the next/,
  ],
  [
    'blocks inside of each other',
    `block B0 { conv 3 -> 4 }\n${many(3000, (index) => `block B${index + 1} { B${index} }\n`)}space s {\n  input 8x8x1\n  B3000\n  dense -> 2\n}\n`,
    'space/too-large',
    /256 blocks inside of each other/,
  ],
];
for (const [what, text, code, words] of deep) {
  test(`${what} too deeply are a problem and not the end of the stack`, () => {
    const found = analyseText(text).problems.find((problem) => problem.code === code);
    assert.match(found?.message ?? '', words);
  });
}

const wide: readonly (readonly [what: string, lines: readonly string[], count: bigint])[] = [
  [
    'products of ties',
    ['tie a = 1..1000', 'tie b = 1..1000', 'conv 3 -> a', 'conv 3 -> a * b', 'conv 1 -> b'],
    1_000_000n,
  ],
  [
    'a thousand branches',
    [`branches concat { ${many(1000, (index) => `b${index}: conv 1 -> {1 | 2}; `)}}`],
    2n ** 1000n,
  ],
  [
    'skips that fit here and there',
    ['conv 3 -> 1..2000', '{ conv 3 -> 1..2000; skip add when in == 7 }'],
    4_000_000n,
  ],
  [
    'layers that flatten',
    ['conv 3 -> 1..2000', 'conv 3 -> 1..2000', 'flatten', 'dense -> 1..1000'],
    4_000_000_000n,
  ],
];
for (const [what, lines, count] of wide) {
  test(`${what} have a size and bounds`, () => {
    const { spaces, problems } = analyseText(
      `space s {\n  input 8x8x3\n  ${lines.join('\n  ')}\n  dense -> 2\n}\n`,
    );
    assert.deepEqual(
      problems.map((problem) => problem.code),
      ['space/loose'],
    );
    assert.ok((spaces[0]?.size().count ?? 0n) >= count);
    assert.equal(spaces[0]?.usable, true);
  });
}

test('where nothing fits in a space that is bounded loosely, it is said what', () => {
  const { problems } = analyseText(
    'space s {\n  input 8x8x3\n  dense -> 1..2000\n  dense -> 1..2000\n  gap\n}\n',
  );
  assert.deepEqual(
    problems.map((problem) => problem.code),
    ['space/loose', 'shape/rank'],
  );
});
