import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { joinedShape } from './broadcast.ts';
import { analyseText } from '../space/testing.ts';

test('shapes are equal, or one is a value per channel or per place of the other, on either side', () => {
  for (const [left, right, joined] of [
    [
      [8, 8, 16],
      [8, 8, 16],
      [8, 8, 16],
    ],
    [[8, 8, 16], [16], [8, 8, 16]],
    [[16], [8, 8, 16], [8, 8, 16]],
    [
      [8, 8, 16],
      [1, 1, 16],
      [8, 8, 16],
    ],
    [[1, 1, 16], [16], [1, 1, 16]],
    [[16], [1, 1, 16], [1, 1, 16]],
    [[16], [16], [16]],
    [[8, 8, 16], [8], undefined],
    [
      [8, 8, 16],
      [8, 8, 1],
      [8, 8, 16],
    ],
    [
      [8, 8, 1],
      [8, 8, 16],
      [8, 8, 16],
    ],
    [[16], [1], [16]],
    [[8, 8, 16], [1], undefined],
    [[8, 8, 16], [8, 1, 1], undefined],
    [[8, 8, 16], [1, 8, 16], undefined],
    [[4, 4, 16], [8, 8, 16], undefined],
  ] as const)
    assert.deepEqual(joinedShape(left, right), joined, `${left.join('x')} and ${right.join('x')}`);
});

test('named tensors are joined so, skips and branches only when they are equal', () => {
  const codes = (body: string): readonly string[] =>
    analyseText(`space s {\n  input 8x8x4\n  ${body}\n  gap\n  dense -> 2\n}\n`).problems.map(
      ({ code }) => code,
    );
  const image = 'conv 3x3 -> 4 as x; gap as s; conv 1x1 -> 1 from x as p';
  for (const join of ['add', 'sub', 'mul'])
    for (const order of ['x, s', 's, x', 'x, p', 'p, x'])
      assert.deepEqual(codes(`${image}; ${join}(${order})`), []);
  assert.deepEqual(codes('conv 3x3 -> 8 as x; gap from x; dense -> 4 as s; mul(x, s)'), ['shape/mismatch']);
  assert.deepEqual(codes('{ conv 3x3 -> 4 stride 8; skip add }'), ['shape/mismatch']);
  assert.deepEqual(codes('branches add { a: conv 3x3 -> 4; b: conv 8x8 -> 4 padding valid }'), [
    'shape/mismatch',
  ]);
});

test('squeeze and excite of the field is without problems', () => {
  const text = readFileSync(new URL('../../test/fixtures/field/squeeze-excite.nas', import.meta.url), 'utf8');
  assert.deepEqual(analyseText(text).problems, []);
});
