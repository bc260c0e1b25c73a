import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseText } from '../testing.ts';

function body(...lines: readonly string[]): string {
  return `space s {\n  input 16x16x3\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

/** What is underlined as having no value, and the architecture that is named. */
function faults(text: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  const { problems } = analyseText(text, files);
  return problems
    .filter(({ code }) => code === 'value/undefined')
    .map(({ file, start, end, message }) => {
      const where = /where (.*)\.$/.exec(message)?.[1] ?? 'always';
      return `${(files[file] ?? text).slice(start, end)}: ${where}`;
    });
}

const a = 'tie a = {0 | 1 | 2}';
const layer = 'conv 3x3 -> 8';

for (const [what, lines, expected] of [
  ['a condition', [a, `${layer} when 4 / a > 1`], ['4 / a: a is 0']],
  ['a condition that is turned round', [a, `${layer} unless not (4 % a == 1)`], ['4 % a: a is 0']],
  ['a requirement', [a, 'require 4 / a < 3', layer], ['4 / a: a is 0']],
  ['the condition of a skip', [a, `{ ${layer}; skip concat when 1 / a > 1 }`], ['1 / a: a is 0']],
  ['channels', [a, 'conv 3x3 -> 8 / a'], ['8 / a: a is 0']],
  ['a follower', [a, 'conv 3x3 -> 8, leaky 1 / a'], ['1 / a: a is 0']],
  ['a number of repeats', [a, `${layer} x(2 / a)`], ['(2 / a): a is 0']],
  [
    'what flows through',
    ['conv 1 -> {3 | 4}', `${layer} when 9 / (in - 3) > 2`],
    ['9 / (in - 3): conv.1/out is 3'],
  ],
  ['a name', [a, 'let q = 4 / a', 'conv 1 -> q + 1'], ['4 / a: a is 0']],
  ['a name that nothing reads', [a, 'let q = 4 / a', 'conv 1 -> a + 1'], []],
  ['a layer that is not there', [a, 'conv 3x3 -> 8 / a when a > 0'], []],
  ['what is excluded before', [a, 'require a > 0', 'conv 3x3 -> 8 / a'], []],
  ['what is excluded behind', [a, 'conv 3x3 -> 8 / a', 'require a > 0'], []],
  ['the side of an `and` that is not read', [a, `${layer} when a > 0 and 4 / a > 1`], []],
  ['the side of an `or` that is not read', [a, `${layer} when a == 0 or 4 / a > 1`], []],
  ['the side of an `and` that is read first', [a, `${layer} when 4 / a > 1 and a > 0`], ['4 / a: a is 0']],
  ['an option', [a, 'conv 3x3 -> {8 | 4 / a}'], ['4 / a: conv.1/out is 4 / a, a is 0']],
  ['a divisor that is never zero', ['tie b = {1 | 2}', 'conv 3x3 -> 8 / b', `${layer} when 4 / in > 1`], []],
  ['a constant', ['tie b = {1 | 2}', `${layer} when b > 1 / 0`], ['1 / 0: b is 1']],
  ['a bound of a range', [`conv 3x3 -> 1..(8 / 0)`], ['(8 / 0): always']],
  ['a logarithm', [a, `${layer} when log(a - 1) > 0`], ['log(a - 1): a is 0']],
  ['a multiple of nothing', [a, 'conv 3x3 -> divisible(8, a)'], ['divisible(8, a): a is 0']],
] as const) {
  test(`no value in ${what}`, () => assert.deepEqual(faults(body(...lines)), expected));
}

test('a division in an argument is underlined where it is written', () => {
  const far = 'block B(n) { conv 3x3 -> n }\n';
  const text = `import { B } from "./far.nas"\n${body(a, 'B(8 / a)')}`;
  assert.deepEqual(faults(text, { 'far.nas': far }), ['8 / a: a is 0']);
});

test('a space with such a condition cannot be searched until it is mended', () => {
  const [space] = analyseText(body(a, `${layer} when 4 / a > 1`)).spaces;
  assert.equal(space?.usable, false);
});
