import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, walk, type Statement } from './index.ts';
import { examples } from './testing/examples.ts';
import { mutations } from './testing/mutate.ts';

const around = (line: string): string => `target "nucleo-f446re" { runtime tflm; clock 180 MHz }
dataset fashion-mnist
block A(out, stride = 1) {
  let t = {2 | 3}
  conv 1x1 -> in * t, relu6
  dwconv 3x3 stride stride
  ${line}
  conv 1x1 -> out
  skip add when stride == 1
}
block B(n) { conv 1x1 -> n; gap }
space s {
  tie w = 0.25..0.75 step 0.125
  A(24, 2)
  choice { a: conv 3x3 -> 8; b: { gap } }
  dense -> classes
}
constraints { ram < 3 KB; flash < 2 KB }
objectives { max accuracy }
search nsga2 { population 24; trials 3 }
`;

const word = (statement: Statement): string =>
  statement.kind === 'operator' ? statement.name.name : statement.kind;

/** A half-typed line in the middle of a body, and what the body then holds between its neighbours. */
const lines: readonly (readonly [line: string, found: string])[] = [
  ['conv 3x3 ->', 'conv'],
  ['conv 3x3 -> 16,', 'conv'],
  ['conv 3x3 -> 16 stride', 'conv'],
  ['conv 3x3 -> 16 when', 'conv'],
  ['conv 3x3 -> 16 x', 'conv'],
  ['conv 3x3 -> 16 x2..', 'conv'],
  ['conv 3x3 -> 16 )', 'conv'],
  ['conv 3x3 -> 16 }', 'conv'],
  ['conv 3x3 -> 16 -> 8', 'conv'],
  ['conv 3x3 -> $ 16', 'conv'],
  ['conv 3x3 -> 16 gap', 'conv gap'],
  ['A(2) A(3)', 'A A'],
  ['let', 'let'],
  ['let x', 'let'],
  ['let x =', 'let'],
  ['let x = 2 +', 'let'],
  ['let x = (1 + 2', 'let'],
  ['let x = {2 | 3', 'let'],
  ['let x = {2 |', 'let'],
  ['let = 3', 'let'],
  ['let x2 = 3', 'let'],
  ['let choice = 3', 'let'],
  ['let x = @', 'let'],
  ['tie w = 1..', 'let'],
  ['MB(', 'MB'],
  ['MB(24', 'MB'],
  ['MB(24,', 'MB'],
  ['MB(24 32)', 'MB'],
  ['MB(24))', 'MB'],
  ['require', 'require'],
  ['require a ==', 'require'],
  ['skip', 'skip'],
  ['skip ad', 'skip'],
  ['choice', 'choice'],
  ['choice {', 'choice'],
  ['choice { a', 'choice'],
  ['choice { a: conv', 'choice'],
  ['branches', 'branches'],
  ['branches add', 'branches'],
  ['branches add {', 'branches'],
  ['{conv 3x3 | }', 'operatorChoice'],
  ['{conv 3x3 |', 'operatorChoice'],
  ['"abc', ''],
  ['/* abc', ''],
  ['16', ''],
  ['= 3', ''],
  ['(', ''],
  ['|', ''],
  ['@', ''],
];

for (const [line, found] of lines) {
  test(`one problem and no neighbour lost: ${line}`, () => {
    const text = around(line);
    const { file, problems } = parse(text);
    assert.equal(problems.length, 1, JSON.stringify(problems));
    const place = problems[0]?.start ?? 0;
    assert.equal(text.slice(0, place).split('\n').length, 7, 'the problem is on the line');
    assert.deepEqual(
      file.declarations.map(({ kind }) => kind),
      ['target', 'dataset', 'block', 'block', 'space', 'constraints', 'objectives', 'search'],
    );
    const block = file.declarations[2];
    assert.ok(block?.kind === 'block');
    const between = found === '' ? [] : found.split(' ');
    assert.deepEqual(block.body.map(word), ['let', 'conv', 'dwconv', ...between, 'conv', 'skip']);
  });
}

for (const line of ['conv k, ou', 'con', 'conv', 'gap;']) {
  test(`a line that could be whole is no syntax problem: ${line}`, () => {
    assert.deepEqual(parse(around(line)).problems, []);
  });
}

const whole = around('');
for (const [what, broken, declarations] of [
  ['a brace that closes a block', whole.replace('== 1\n}', '== 1\n'), 8],
  ['a brace that opens a space', whole.replace('space s {', 'space s'), 8],
  ['a name of a space', whole.replace('space s {', 'space {'), 8],
  ['a parenthesis of parameters', whole.replace('stride = 1)', 'stride = 1'), 8],
  ['a brace that closes constraints', whole.replace('2 KB }', '2 KB'), 8],
  ['a bound', whole.replace('ram < 3 KB', 'ram <'), 8],
  ['a quote', whole.replace('"nucleo-f446re"', '"nucleo-f446re'), 8],
  ['part of a word that declares', whole.replace('space s', 'spac s'), 7],
  ['a metric', whole.replace('max accuracy', 'max'), 8],
] as const) {
  test(`one problem when ${what} is missing`, () => {
    const { file, problems } = parse(broken);
    assert.equal(problems.length, 1, JSON.stringify(problems));
    assert.equal(file.declarations.length, declarations);
  });
}

function assertInside(text: string, name: string): void {
  for (const { start, end, message } of parse(text).problems) {
    assert.ok(0 <= start && start <= end && end <= text.length, `${name}: [${start}, ${end})`);
    assert.ok(start < end || end === text.length, `${name}: empty span`);
    assert.match(message, /\.$/);
  }
}

test('every example cut at every byte gives problems inside the text', () => {
  for (const { name, text } of examples) {
    const bytes = Buffer.from(text);
    // The fuzzing benchmark takes every byte of every file; here every byte of the small ones is enough.
    const step = bytes.length > 1200 ? 3 : 1;
    for (let end = 0; end <= bytes.length; end += step) {
      assertInside(bytes.subarray(0, end).toString(), `${name} cut at ${end}`);
    }
  }
});

test('mutated examples give problems inside the text', () => {
  for (const { text, name } of mutations(
    examples.map((example) => example.text),
    2000,
    11,
  )) {
    assertInside(text, name);
  }
});

test('nesting without end is one problem', () => {
  for (const text of [
    '('.repeat(50_000),
    `space s { ${'{'.repeat(50_000)}`,
    `let x = ${'not '.repeat(50_000)}`,
  ]) {
    assert.ok(parse(text).problems.length >= 1);
  }
});

test('an expression of thousands of operators is one problem and a tree that can be walked', () => {
  for (const value of [
    '1' + ' + 1'.repeat(20_000),
    '-'.repeat(20_000) + '1',
    'not '.repeat(20_000) + 'true',
  ]) {
    const { file, problems } = parse(`block A { let a = ${value}\n conv 3x3 -> a }\nblock B { gap }`);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', /more than 999 operators/);
    let deepest = 0;
    let depth = 0;
    walk(
      file,
      () => {
        deepest = Math.max(deepest, ++depth);
        return true;
      },
      () => depth--,
    );
    assert.ok(deepest < 1100);
    assert.equal(file.declarations.length, 2);
  }
});
