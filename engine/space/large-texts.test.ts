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
