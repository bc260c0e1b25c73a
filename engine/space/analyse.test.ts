import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseText, spaceOf } from './testing.ts';

function codes(text: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  return analyseText(text, files).problems.map((problem) => problem.code);
}

function body(...lines: readonly string[]): string {
  return `space s {\n  input 16x16x3\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

function size(...lines: readonly string[]): bigint {
  return spaceOf(body(...lines)).size().count;
}

function shapes(...lines: readonly string[]): readonly string[] {
  const network = spaceOf(body(...lines)).lower({});
  return network.ops.map((op) => `${op.kind} ${network.tensors[op.output]?.shape.join('x') ?? ''}`);
}

test('a choice in place is drawn afresh each time, a let once per use, a tie once for the space', () => {
  const uses = 'B; B';
  const withBody = (inner: string): bigint => spaceOf(`block B { ${inner} }\n${body(uses)}`).size().count;
  assert.equal(withBody('conv {1 | 3} -> 4; conv {1 | 3} -> 4'), 16n);
  assert.equal(withBody('let k = {1 | 3}; conv k -> 4; conv k -> 4'), 4n);
  assert.equal(withBody('tie k = {1 | 3}; conv k -> 4; conv k -> 4'), 2n);
});

test('a repeat draws everything again, with same once for all', () => {
  assert.equal(size('conv {1 | 3} -> 4 x0..2'), 1n + 2n + 4n);
  assert.equal(size('conv {1 | 3} -> 4 x0..2 same'), 1n + 2n + 2n);
  const block = 'block B(out) { conv 3 -> out }\n';
  assert.equal(spaceOf(block + body('B({4 | 8}) x2')).size().count, 4n);
  assert.equal(spaceOf(block + body('B({4 | 8}) x2 same')).size().count, 2n);
});

test('a choice that is not in play is no decision', () => {
  assert.equal(size('let k = {1 | 3}', 'conv k -> 4 ?'), 3n);
  assert.equal(size('let w = {1 | 2}', 'conv {1 | 3} -> 4 when w == 1', 'conv 1 -> w'), 2n + 1n);
  assert.deepEqual(Object.keys(spaceOf(body('conv {1 | 3} -> 4 x0..2')).extreme('min')), ['conv.1/repeat']);
});

test('require, unless, alternatives and operator choices count as written', () => {
  assert.equal(size('let a = 1..4', 'let b = 1..4', 'require a * b <= 4', 'conv a -> b'), 8n);
  assert.equal(size('let a = {1 | 2}', 'conv {1 | 3} -> 4 unless a == 1', 'conv 1 -> a'), 1n + 2n);
  assert.equal(size('choice { a: conv {1 | 3} -> 4; b: { conv 1 -> {4 | 8 | 16}; gap } }'), 2n + 3n);
  assert.equal(size('{conv {1 | 3} -> 4 | dwconv 3 | skip}'), 4n);
  assert.equal(size('conv 3 -> 1..16 log 5'), 5n);
});

test('ids and names say where they come from', () => {
  const text = `block B(out) { let t = {1 | 2}; conv 1 -> in * t; conv {1 | 3} -> out }
${body('tie w = {4 | 8}', 'B(w)', 'B({2 | 4}) x1..2', 'conv 3 -> 4 ?')}`;
  const space = spaceOf(text);
  assert.deepEqual(
    space.choices.map((choice) => choice.id),
    [
      'B.1/t',
      'w',
      'B.1/conv.2/kernel',
      'B.2/repeat',
      'B.2[0]/out',
      'B.2[0]/t',
      'B.2[0]/conv.2/kernel',
      'B.2[1]/out',
      'B.2[1]/t',
      'B.2[1]/conv.2/kernel',
      'conv.1/present',
    ].sort((left, right) => ids(space).indexOf(left) - ids(space).indexOf(right)),
  );
  const names = space.lower(space.extreme('max')).ops.map((op) => op.name);
  assert.deepEqual(names, [
    'B.1/conv.1',
    'B.1/conv.2',
    'B.2[0]/conv.1',
    'B.2[0]/conv.2',
    'B.2[1]/conv.1',
    'B.2[1]/conv.2',
    'conv.1',
  ]);
});

function ids(space: { readonly choices: readonly { readonly id: string }[] }): readonly string[] {
  return space.choices.map((choice) => choice.id);
}

test('shapes through the operators', () => {
  assert.deepEqual(shapes('conv 3 -> 8 stride 2 padding valid'), ['conv_2d 7x7x8']);
  assert.deepEqual(shapes('conv 5x3 -> 8 stride 2x1'), ['conv_2d 8x16x8']);
  assert.deepEqual(shapes('conv 3 -> 8 dilation 2 padding valid'), ['conv_2d 12x12x8']);
  assert.deepEqual(shapes('dwconv 3 multiplier 2', 'reduce -> 8'), [
    'depthwise_conv_2d 16x16x6',
    'conv_2d 8x8x8',
  ]);
  assert.deepEqual(shapes('maxpool 2 stride 2', 'flatten', 'dense -> 4, softmax'), [
    'max_pool_2d 8x8x3',
    'reshape 192',
    'fully_connected 4',
    'softmax 4',
  ]);
  assert.deepEqual(shapes('pad 1x2', 'pad before 0x0 after 1x1 channels 1'), ['pad 18x20x3', 'pad 19x21x4']);
  assert.deepEqual(shapes('upsample 2', 'resize 8x8 mode bilinear'), [
    'resize_nearest_neighbor 32x32x3',
    'resize_bilinear 8x8x3',
  ]);
  assert.deepEqual(shapes('conv 1 -> 4 as a', 'conv 1 -> 6 as b', 'concat(a, b)'), [
    'conv_2d 16x16x4',
    'conv_2d 16x16x6',
    'concatenation 16x16x10',
  ]);
  assert.deepEqual(shapes('identity as x', 'gap', 'dense -> 3, sigmoid as g', 'mul(x, g)'), [
    'mean 3',
    'fully_connected 3',
    'logistic 3',
    'mul 16x16x3',
  ]);
  assert.deepEqual(shapes('other("TRANSPOSE") -> 3x16x16', 'requantize uint8', 'dequantize'), [
    'other 3x16x16',
    'quantize 3x16x16',
    'dequantize 3x16x16',
  ]);
});

test('relu is fused where TFLite fuses it, batch normalisation is folded', () => {
  const [conv, second] = spaceOf(body('conv 3 -> 8, bn, relu6', 'conv 3 -> 8, hswish, dropout 0.1')).lower(
    {},
  ).ops;
  assert.ok(conv?.kind === 'conv_2d' && conv.activation === 'relu6' && conv.batchNorm && conv.bias);
  assert.ok(second?.kind === 'conv_2d' && second.activation === 'none' && !second.batchNorm);
});

test('several outputs, and starting from a named tensor', () => {
  const network = spaceOf(
    body('conv 3 -> 8 as f', 'conv 1 -> 4 as boxes', 'conv 1 -> 2 from f as scores', 'output(boxes, scores)'),
  ).lower({});
  assert.deepEqual(
    network.ops.map((op) => op.inputs),
    [[0], [1], [1]],
  );
  assert.deepEqual(network.outputs, [2, 3]);
});

test('a mismatch is at the skip, names both shapes and an architecture, and offers a condition', () => {
  const text = `block B(out, stride = 1) {\n  conv 3 -> out stride stride\n  skip add\n}\n${body('B({3 | 8}, {1 | 2})')}`;
  const problem = analyseText(text).problems.at(0);
  assert.equal(problem?.code, 'shape/mismatch');
  assert.equal(text.slice(problem.start, problem.end), 'skip add');
  assert.match(problem.message, /16x16x3 and .*x(3|8).*B\.1\/out is .*B\.1\/stride is/s);
  assert.equal(problem.fixes[0]?.edits[0]?.text, ' when stride == 1 and out == in');
});

test('a half-typed layer costs its own problem and leaves the rest', () => {
  const analysis = analyseText(body('conv 3x3 ->', 'conv 3x3 -> 8', 'skip add', 'gap', 'dense -> 10'));
  assert.deepEqual(
    analysis.problems.filter((problem) => problem.code.startsWith('shape')),
    [],
  );
  const [space] = analysis.spaces;
  assert.ok(space !== undefined && !space.usable);
  assert.ok(space.lower({}).ops.some((op) => op.kind === 'fully_connected'));
});

test('an input that is no shape is not called missing as well', () => {
  assert.deepEqual(codes('space s {\n  input 49x10\n  dense -> 2\n}\n'), ['value/range']);
  assert.deepEqual(codes('space s {\n  input\n  dense -> 2\n}\n'), ['operand/missing']);
  assert.deepEqual(codes('space s {\n  dense -> 2\n}\n'), ['input/missing']);
});

test('what a line lacks because it could not be read is not reported again', () => {
  assert.deepEqual(codes(body('conv search -> 3', 'conv -> 4', 'dense -> 10')), ['operand/missing']);
  assert.deepEqual(codes(`${body('gap')}search`), []);
  assert.deepEqual(codes('search {}\n'), []);
});

test('settings come with their units converted', () => {
  const { settings, problems } = analyseText(`target "pico" { runtime tflm + cmsis-nn; clock 133 MHz }
dataset images("./p") { input 8x8x1; classes 3; calibrate 64; validation 10 %; seed 4 }
quantize {int8 | int16x8}
constraints { latency < 20 ms on "pico"; ram <= 1 MB; energy < 3 mJ; accuracy > 90 % }
objectives { max accuracy weight 2; min latency }
search nsga2 { population 24; trials 300; budget 20 minutes; fidelity 3..30 epochs; seed 7 }`);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['later/number-format'],
  );
  assert.deepEqual([settings.targets[0]?.runtime, settings.targets[0]?.clockHz], ['tflm + cmsis-nn', 133e6]);
  assert.deepEqual(
    [settings.dataset?.path, settings.dataset?.input, settings.dataset?.classes],
    ['./p', [8, 8, 1], 3],
  );
  assert.deepEqual(settings.dataset?.options, { validation: 0.1, seed: 4 });
  assert.deepEqual(settings.quantize, ['int8', 'int16x8']);
  assert.deepEqual(
    settings.constraints.map(({ metric, bound, on }) => [metric, bound, on]),
    [
      ['latency', 20, 'pico'],
      ['ram', 1024 * 1024, undefined],
      ['energy', 3000, undefined],
      ['accuracy', 0.9, undefined],
    ],
  );
  assert.deepEqual(
    settings.objectives.map(({ weight }) => weight),
    [2, 1],
  );
  assert.deepEqual([settings.search?.budgetSeconds, settings.search?.fidelity], [1200, { low: 3, high: 30 }]);
});

test('blocks come from other files, under other names too, and find their own blocks there', () => {
  const files = { 'blocks.nas': 'block Inner(c) { conv 3 -> c }\nblock Outer(c) { Inner(c); Inner(c) }' };
  const analysis = analyseText(`import { Outer as O } from "./blocks.nas"\n${body('O(8)')}`, files);
  assert.deepEqual(analysis.problems, []);
  const ops = analysis.spaces[0]?.lower({}).ops ?? [];
  assert.deepEqual(
    ops.map((op) => [op.name, op.source.file]),
    [
      ['O.1/Inner.1/conv.1', 'blocks.nas'],
      ['O.1/Inner.2/conv.1', 'blocks.nas'],
    ],
  );
});

test('a block of another file that does not fit is reported where it is used', () => {
  const far = 'block Gate { identity as x; gap; dense -> 8; mul(x) }\nblock Outer { Gate }\n';
  const text = `import { Outer } from "./far.nas"\n${body('conv 3x3 -> {8 | 16}', '{ Outer }', 'Outer')}`;
  const { problems } = analyseText(text, { 'far.nas': far });
  const errors = problems.filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors.map(({ code, file, start, end, related, fixes }) => [
      code,
      file === 'far.nas',
      text.slice(start, end),
      related.map((place) => far.slice(place.span.start, place.span.end)),
      fixes.length,
    ]),
    [['shape/mismatch', false, '{ Outer }', ['mul(x)'], 0]],
  );
});

test('a metric of two words is one name, and a total is no objective', () => {
  const [limit] = analyseText('constraints { ram   total < 9 KB }').settings.constraints;
  assert.equal(limit?.metric, 'ram total');
  const text = 'objectives { min ram total }';
  const { problems, settings } = analyseText(text);
  assert.deepEqual(settings.objectives, []);
  assert.deepEqual(
    problems.map(({ code, fixes }) => [code, fixes.map(({ title }) => title)]),
    [['metric/unknown', ['Change to `ram`']]],
  );
});

test('references join definitions and uses', () => {
  const text = `block B(out) { conv 3 -> out }\n${body('tie w = {4 | 8}', 'B(w)', 'conv 1 -> w')}`;
  const { references } = analyseText(text);
  const of = (name: string): readonly string[] =>
    references
      .filter((one) => one.symbol.name === name && one.symbol.kind !== 'operator')
      .map((one) => `${one.access} ${text.slice(one.span.start, one.span.end)}`);
  assert.deepEqual(of('w'), ['definition w', 'read w', 'read w']);
  assert.deepEqual(of('B'), ['definition B', 'read B']);
  assert.deepEqual(references.find((one) => one.symbol.name === 'w')?.symbol.values, [4, 8]);
});

test('large spaces are counted exactly', () => {
  assert.equal(size('conv {1 | 3 | 5 | 7} -> 8 x100'), 4n ** 100n);
  assert.deepEqual(codes(body('conv 3 -> 8 x5000')), ['range/too-large']);
});

test('a space that cannot be gone through says what is too much, and where', () => {
  const wide = body('conv 3 -> 1..2000', 'conv 3 -> 1..2000');
  const { problems, spaces } = analyseText(wide);
  const [problem] = problems;
  assert.equal(problem?.code, 'space/loose');
  assert.equal(wide.slice(problem.start, problem.end), '1..2000');
  assert.deepEqual(spaces[0]?.size(), { count: 4_000_000n, exact: true });
  assert.deepEqual(codes(body('{ conv 3 -> 8 x256 } x256')), ['space/too-large']);
});

test('blocks inside of blocks that double each other are too large even when nothing is in them', () => {
  const doubling = Array.from({ length: 40 }, (_, n) => `block A${n + 1}a { A${n}a; A${n}a }`).join('\n');
  for (const inner of ['', 'none', 'let k = 3', 'conv 3 -> 8'])
    assert.ok(
      codes(`block A0a { ${inner} }\n${doubling}\n${body('A40a', 'gap')}`).includes('space/too-large'),
    );
  assert.ok(codes(body('{ { { { none } x256 } x256 } x256 } x256')).includes('space/too-large'));
});

test('tensors that no integer of a microcontroller counts are out of range', () => {
  assert.deepEqual(codes('space s { input 1000000x1000000x3\n gap }'), ['value/range']);
  assert.deepEqual(codes(body('conv 3 -> 2000000000')), ['value/range']);
  assert.deepEqual(codes(body('resize 60000x60000', 'gap')), ['value/range']);
  assert.deepEqual(codes(body('conv 1000000 -> 8')), ['value/range']);
  assert.deepEqual(codes(body('conv 3 -> 8 stride 1e308')), ['value/range']);
});

test('choices that live long enough to be forgotten leave a count that is an upper limit', () => {
  const ties = Array.from({ length: 12 }, (_, n) => `tie t${n}a = 1..8`);
  const layers = Array.from({ length: 12 }, (_, n) => `conv 3 -> t${n}a`);
  const text = body(...ties, ...layers, ...layers);
  assert.deepEqual(codes(text), ['shape/limit']);
  const { count, exact } = spaceOf(text).size();
  assert.ok(!exact && count >= 8n ** 12n);
});

test('a number format that is not written yet is for the grammar to report', () => {
  assert.deepEqual(codes(`quantize {\n\n${body('gap')}`), []);
});
