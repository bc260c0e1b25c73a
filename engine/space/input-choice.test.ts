/** The size of the input as a choice, in the space and in the dataset. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyseText, seeded, spaceOf } from './testing.ts';

const tail = 'conv 3x3 -> 8 stride 2, relu\n  gap\n  dense -> 2\n}\n';
const sizes = (text: string): readonly string[] => {
  const space = spaceOf(text);
  return [...space.enumerate()].map((decisions) => space.lower(decisions).tensors[0]?.shape.join('x') ?? '?');
};

const ways: readonly (readonly [
  what: string,
  text: string,
  sizes: readonly string[],
  told?: readonly string[],
])[] = [
  ['sizes in place', `space s {\n  input {48x48x3 | 64x64x3}\n  ${tail}`, ['48x48x3', '64x64x3']],
  [
    'a tie before it',
    `space s {\n  tie r = {8 | 16}\n  input dims(r, r, 3)\n  ${tail}`,
    ['8x8x3', '16x16x3'],
  ],
  [
    'a range',
    `space s {\n  let r = 8..16 step 4\n  input dims(r, 8, 1)\n  ${tail}`,
    ['8x8x1', '12x8x1', '16x8x1'],
  ],
  [
    'a tie that is the input',
    `space s {\n  tie s = {8x8x1 | 4x4x2}\n  input s\n  ${tail}`,
    ['8x8x1', '4x4x2'],
  ],
  [
    'a dataset of several sizes',
    `dataset images("./p") { input {8x8x3 | 16x16x3}; classes 2 }\nspace s {\n  ${tail}`,
    ['8x8x3', '16x16x3'],
  ],
  [
    'an input of its own beside such a dataset',
    `dataset images("./p") { input {8x8x3 | 16x16x3}; classes 2 }\nspace s {\n  input 12x12x3\n  ${tail}`,
    ['12x12x3'],
    ['training/resized'],
  ],
  [
    'a fixed input behind a tie',
    `space s {\n  tie k = 3\n  input 8x8x1\n  conv k -> 4\n  ${tail}`,
    ['8x8x1'],
  ],
];
for (const [what, text, expected, told = []] of ways) {
  test(`${what}: every architecture is lowered with its own size`, () => {
    const { problems } = analyseText(text);
    assert.deepEqual(
      problems.map(({ code }) => code),
      told,
    );
    assert.deepEqual(sizes(text), expected);
  });
}

test('a printed architecture has one size and is the same network', () => {
  const text = ways[4]?.[1] ?? '';
  const space = spaceOf(text);
  for (const decisions of space.enumerate()) {
    const printed = spaceOf(space.print(decisions));
    assert.equal(printed.size().count, 1n);
    const [only = {}] = printed.enumerate();
    assert.deepEqual(printed.lower(only).tensors, space.lower(decisions).tensors);
  }
});

test('it is counted, drawn, mutated and named like any other choice', () => {
  const space = spaceOf(ways[0]?.[1] ?? '');
  assert.deepEqual(
    space.choices.map(({ id, options }) => [id, options]),
    [['input.1/shape', ['48x48x3', '64x64x3']]],
  );
  assert.deepEqual(space.size(), { count: 2n, exact: true });
  const random = seeded(1);
  const drawn = space.sample(random);
  assert.notDeepEqual(space.mutate(drawn, random), drawn);
  assert.deepEqual(space.inputShapes, [
    [48, 48, 3],
    [64, 64, 3],
  ]);
});

test('a file from the field has two sizes and no problem', () => {
  const text = readFileSync(new URL('../../test/fixtures/field/input-choice.nas', import.meta.url), 'utf8');
  assert.deepEqual(analyseText(text).problems, []);
  assert.deepEqual(sizes(text), ['48x48x3', '64x64x3']);
});

const wrong: readonly (readonly [line: string, code: string, message: RegExp])[] = [
  ['input {48x48x3 | 0x64x3}', 'value/range', /comes to 0x64x3/],
  ['input {48x48x3 | same}', 'value/type', /the word "same"/],
  ['input {48x48 | 64x64}x3', 'operand/unexpected', /`\{48x48x3 \| 64x64x3\}`/],
  ['input {8x8x1 | 4x4x1} ?', 'operand/unexpected', /no `\?`/],
  ['input 8x8x1 when true', 'operand/unexpected', /no condition/],
  ['input 8x8x3 type {int8 | 7}', 'value/type', /number format/],
  ['let c = in\n  input {8x8x1 | 4x4x1}', 'input/misplaced', /ties, lets and requires/],
];
for (const [line, code, message] of wrong) {
  test(`${line.replaceAll('\n', ';')} is refused: ${code}`, () => {
    const { problems } = analyseText(`space s {\n  ${line}\n  ${tail}`);
    assert.ok(
      problems.some((problem) => problem.code === code && message.test(problem.message)),
      JSON.stringify(problems.map((problem) => [problem.code, problem.message])),
    );
  });
}

test('a size in the dataset that is none is said there', () => {
  const text = `dataset images("./p") { input {8x8x3 | 8x8x3x3}; classes 2 }\nspace s {\n  ${tail}`;
  const [problem] = analyseText(text).problems;
  assert.equal(problem?.code, 'value/range');
  assert.equal(text.slice(problem.start, problem.end), '{8x8x3 | 8x8x3x3}');
});
