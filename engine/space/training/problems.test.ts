import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseText } from '../testing.ts';
import type { Problem } from '../types.ts';

const search = 'search random { trials 1 }';
const program = (body: string, settings = search, dataset = 'dataset fashion-mnist'): string =>
  `target "pico"\n${dataset}\nspace s { ${body} }\n${settings}\n`;

const training = (text: string): readonly Problem[] =>
  analyseText(text).problems.filter(({ code }) => code.startsWith('training/'));

function mended(text: string): string {
  const [edit, more] = training(text)[0]?.fixes[0]?.edits ?? [];
  assert.ok(edit !== undefined && more === undefined, text);
  return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
}

test('outputs that are not the classes are an error where they are made, with the fix', () => {
  for (const [body, marked, right] of [
    ['gap; dense -> 12', '12', 'gap; dense -> classes'],
    ['gap; dense -> 12; softmax', '12', 'gap; dense -> classes; softmax'],
    ['gap; dense -> 1, sigmoid', '1', 'gap; dense -> classes'],
    ['gap; dense -> {10 | 12}', '{10 | 12}', 'gap; dense -> classes'],
    ['conv 3x3 -> 4; gap', 'gap', 'conv 3x3 -> 4; gap; dense -> classes'],
    ['conv 3x3 -> 4', '4', 'conv 3x3 -> 4; dense -> classes'],
    ['gap; dense -> 8, relu, dropout 0.1', '8', 'gap; dense -> classes, relu, dropout 0.1'],
    [
      'gap; dense -> 9 as a; dense -> 12; output(a)',
      '9',
      'gap; dense -> classes as a; dense -> 12; output(a)',
    ],
  ] as const) {
    const text = program(body);
    const [problem, second] = training(text);
    assert.equal(second, undefined, body);
    assert.equal(problem?.code, 'training/classes', body);
    assert.equal(problem.severity, 'error');
    assert.equal(text.slice(problem.start, problem.end), marked, body);
    assert.equal(mended(text), program(right));
    assert.deepEqual(training(mended(text)), [], body);
  }
});

test('what fits the classes is no problem, in whatever layout', () => {
  for (const body of [
    'gap; dense -> classes',
    'gap; dense -> 10, sigmoid',
    'conv 3x3 -> 10 stride 28; softmax',
    'conv 3x3 -> 10; gap',
    'gap; dense -> 12 as a; dense -> 10; output(a)'.replace('12', '10'),
  ])
    assert.deepEqual(training(program(body)), [], body);
});

test('an architecture among others in which the outputs are wrong is named', () => {
  const [problem] = training(program('gap; dense -> {10 | 12}'));
  assert.match(
    problem?.message ?? '',
    /12 values .* It happens in the architecture where dense\.1\/out is 12\./,
  );
});

test('a block of another file is told of at its use', () => {
  const text = `import "./b.nas"\n${program('Head')}`;
  const { problems } = analyseText(text, { 'b.nas': 'block Head { gap; dense -> 12 }' });
  const problem = problems.find(({ code }) => code === 'training/classes');
  assert.ok(problem !== undefined);
  assert.equal(text.slice(problem.start, problem.end), 'Head');
  assert.deepEqual(problem.fixes, []);
});

test('several outputs are an error, and the one that fits is proposed first', () => {
  const heads = 'gap; dense -> 8 as f; dense -> 1 from f as a; dense -> 10 from f as b; output(a, b)';
  const text = program(heads);
  const [problem] = training(text);
  assert.equal(problem?.code, 'training/outputs');
  assert.equal(text.slice(problem.start, problem.end), 'output(a, b)');
  assert.deepEqual(
    problem.fixes.map(({ title, preferred }) => [title, preferred]),
    [
      ['Change to `output(b)`', true],
      ['Change to `output(a)`', false],
    ],
  );
  assert.deepEqual(training(mended(text)), []);
});

test('what is priced but not trained is an error in a search, and none of anybody’s business in a file of prices', () => {
  for (const [body, what] of [
    ['other("ABS"); gap; dense -> 10', /ABS/],
    ['gap; dense -> 10; dequantize', /dequantize/],
    ['conv 3x3 -> 2; requantize int16; gap; dense -> 10', /int16/],
    ['input 28x28x1 type uint8; gap; dense -> 10', /uint8/],
  ] as const) {
    const [problem] = training(program(body));
    assert.equal(problem?.severity, 'error', body);
    assert.match(problem.message, what);
    assert.deepEqual(
      training(program(body, '')).map(({ code, severity }) => [code, severity]),
      training(program(body)).map(({ code }) => [code, 'information']),
    );
    const priced = body.startsWith('input') ? body : `input 28x28x1; ${body}`;
    assert.deepEqual(training(program(priced, '', '')), [], body);
  }
});

test('an input that samples cannot be brought to is an error, one to which they are resized is none', () => {
  const input = (shape: string): string => program(`input ${shape}; flatten; dense -> 10`);
  const errors = (shape: string) => training(input(shape)).filter(({ severity }) => severity === 'error');
  for (const shape of ['28x28x1', '14x14x1', '32x32x1', '784']) assert.deepEqual(errors(shape), []);
  for (const shape of ['28x28x3', '100']) {
    assert.equal(training(input(shape))[0]?.code, 'training/input');
    assert.deepEqual(training(mended(input(shape))), []);
  }
});

test('what is understood but not searched yet is an error only where a search is asked for', () => {
  for (const settings of ['sparsity 2:4', 'quantize int16x8', 'cell C { output concat }']) {
    const severities = (text: string): readonly string[] =>
      analyseText(text)
        .problems.filter(({ code }) => code.startsWith('later/'))
        .map(({ severity }) => severity);
    assert.deepEqual(severities(program('gap; dense -> 10', `${settings}\n${search}`)), ['error'], settings);
    assert.deepEqual(severities(program('gap; dense -> 10', settings)), ['information'], settings);
  }
  assert.equal(analyseText('search darts').problems[0]?.severity, 'error');
});

test('pictures that are resized are told of at an input of one size, and take no fix', () => {
  const size = (input: string): readonly string[] =>
    training(program(`input ${input}; gap; dense -> 10`)).map(({ code, severity }) => `${severity} ${code}`);
  assert.deepEqual(size('20x20x1'), ['information training/resized']);
  for (const input of ['28x28x1', '14x56x1', '784', '{20x20x1 | 28x28x1}'])
    assert.deepEqual(size(input), [], input);
  const text = program('input 20x20x1; gap; dense -> 10');
  const [problem] = training(text);
  assert.equal(text.slice(problem?.start, problem?.end), '20x20x1');
  assert.match(problem?.message ?? '', /are 28x28x1, so they are resized to 20x20x1/);
});
