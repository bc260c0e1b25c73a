import assert from 'node:assert/strict';
import { test } from 'node:test';
import { price, resolveTarget, shippedProfiles, type Target } from '../cost/index.ts';
import { costDetail, modelCostReport, priceModel, readTflite } from './index.ts';
import { writeAnyModel } from './testing/any-model.ts';
import { hybrid, severalGraphs, strangeOperators, withZeroChannels } from './testing/odd-models.ts';

function target(board: string, runtime?: string): Target {
  const resolved = resolveTarget(shippedProfiles, { board, runtime });
  assert.ok('target' in resolved);
  return resolved.target;
}

const nucleo = target('nucleo-f446re');

for (const [type, zeroPoint] of [
  ['int8', 0],
  ['uint8', 128],
  ['float32', 0],
] as const) {
  test(`channels of ${type} weights that are all zero are counted and told`, () => {
    const priced = priceModel(readTflite(withZeroChannels(type, zeroPoint), 'half.tflite'), nucleo);
    assert.deepEqual(modelCostReport(priced).layers[0]?.zero_channels, { zero: 2, channels: 4 });
    const { remarks } = costDetail(priced, 'half').graphs[0]?.layers[0] ?? { remarks: [] };
    assert.ok(
      remarks.some((remark) => /^2 of 4 output channels have only zero weights, and/.test(remark)),
      remarks.join('\n'),
    );
  });
}

test('a zero is the zero point, not the number 0', () => {
  const priced = priceModel(readTflite(withZeroChannels('int8', 3), 'x'), nucleo);
  assert.deepEqual(priced.graphs[0]?.facts[0]?.zeroChannels, { zero: 2, channels: 4 });
  const plain = priceModel(readTflite(withZeroChannels('int8'), 'x'), nucleo);
  assert.equal(modelCostReport(plain).layers[0]?.zero_channels?.zero, 2);
});

test('zero channels that the model puts out are priced even where the runtime leaves such channels out', () => {
  const cube = target('nucleo-h7a3zi-q', 'x-cube-ai 9');
  const priced = priceModel(readTflite(withZeroChannels('int8'), 'x'), cube);
  assert.match(
    costDetail(priced, 'half').graphs[0]?.layers[0]?.remarks.join(' ') ?? '',
    /^2 of 4 output channels have only zero weights, but what they put out is needed/,
  );
});

test('weights and activations in different formats are named, and priced only where they run', () => {
  const model = readTflite(hybrid(), 'x');
  const [layer] = costDetail(priceModel(model, nucleo), 'x').graphs[0]?.layers ?? [];
  assert.equal(layer?.support, 'none');
  assert.equal(layer.latency_ms, null);
  assert.match(layer.remarks[0] ?? '', /int8 weights and float32 activations .* full int8 quantisation/);
  // The 12 weights in the file are bytes, whatever the activations are; beside them stand two scales.
  assert.ok(layer.flash_bytes >= 12 && layer.flash_bytes <= 12 + 2 * 12, String(layer.flash_bytes));
});

test('float operators say that they take the slow kernel', () => {
  const priced = priceModel(readTflite(withZeroChannels('float32'), 'x'), nucleo);
  const [layer] = costDetail(priced, 'x').graphs[0]?.layers ?? [];
  assert.equal(layer?.support, 'slow');
  assert.match(layer.shapes, /8x8x3 float32 → 8x8x4 float32/);
});

test('operators that are not priced are told apart by whether the runtime has them', () => {
  const model = readTflite(strangeOperators(), 'x');
  // What they cost is a matter of the runtime, and not of the file.
  assert.deepEqual(model.problems, []);
  const { graphs } = costDetail(priceModel(model, nucleo), 'x');
  const layers = graphs[0]?.layers ?? [];
  assert.deepEqual(
    layers.map(({ op, support }) => [op, support]),
    [
      ['TRANSPOSE', 'fast'],
      ['REVERSE_SEQUENCE', 'none'],
      ['MyKernel', 'none'],
    ],
  );
  assert.match(layers[1]?.remarks[0] ?? '', /has no kernel for REVERSE_SEQUENCE: build the model without it/);
});

test('arithmetic of which nothing is known has no latency, and neither has the whole', () => {
  const product = writeAnyModel([
    {
      name: 'main',
      tensors: [
        { shape: [1, 4, 32, 16], type: 'int8', scale: [0.5] },
        { shape: [1, 4, 16, 32], type: 'int8', scale: [0.5] },
        { shape: [1, 4, 32, 32], type: 'int8', scale: [0.5], name: 'product' },
      ],
      inputs: [0, 1],
      outputs: [2],
      operators: [{ kind: 'CUMSUM', inputs: [0], outputs: [2] }],
    },
  ]);
  const model = readTflite(product, 'x');
  const { graphs, total } = costDetail(priceModel(model, nucleo), 'x');
  const [layer] = graphs[0]?.layers ?? [];
  assert.equal(layer?.latency_ms, null);
  assert.equal(total.latency_ms, null);
  assert.deepEqual(layer.remarks, [
    'What CUMSUM costs here was not counted, so it has no latency, and the whole has none.',
  ]);
});

test("a runtime of one's own says itself which operators it has, and whether it runs hybrid ones", () => {
  const { runtime } = nucleo;
  const { registration, ...silent } = runtime;
  assert.ok(registration !== undefined);
  const own: Target['runtime'] = {
    ...silent,
    id: 'mine',
    hybrid: true,
    registration: { ...registration, calls: { MyKernel: 'AddMyKernel' } },
  };
  const supportOn = (of: Target['runtime']) =>
    priceModel(readTflite(strangeOperators(), 'x'), { ...nucleo, runtime: of }).graphs[0]?.cost.ops.map(
      ({ support }) => support.level,
    );
  assert.deepEqual(supportOn(own), ['none', 'none', 'slow']);
  // Of one that registers nothing, only what its table names is known.
  assert.deepEqual(supportOn(silent), ['fast', 'slow', 'slow']);
  const [layer] =
    costDetail(priceModel(readTflite(hybrid(), 'x'), { ...nucleo, runtime: own }), 'x').graphs[0]?.layers ??
    [];
  assert.doesNotMatch(layer?.remarks.join() ?? '', /dynamic-range/);
});

test('every graph is priced, the first first, and control flow says what it runs', () => {
  const model = readTflite(severalGraphs(), 'x');
  assert.deepEqual(
    model.subgraphs.map(({ name, network }) => [name, network.ops.length]),
    [
      ['main', 1],
      ['small', 2],
      ['large', 2],
      ['forgotten', 2],
    ],
  );
  assert.equal(model.quantized, undefined);
  const priced = priceModel(model, nucleo);
  const report = modelCostReport(priced);
  assert.equal(report.total.latency_ms, null);
  assert.deepEqual(
    report.subgraphs?.map(({ name, called_by: callers }) => [name, callers]),
    [
      ['small', ['main/chosen']],
      ['large', ['main/chosen']],
      ['forgotten', []],
    ],
  );
  for (const graph of priced.graphs.slice(1)) {
    assert.deepEqual(graph.cost.total, price(graph.network, nucleo).total);
    assert.ok((graph.cost.total.latency?.value ?? 0) > 0);
  }
  const [main] = costDetail(priced, 'x').graphs;
  assert.match(
    main?.layers[0]?.remarks[0] ?? '',
    /^IF runs "small" and "large": .* no latency of the whole\.$/,
  );
  // The arena holds the first graph and the deeper of the two that it can run, one interpreter, and its
  // data on every graph.
  const heads = priced.graphs.map(({ cost }) => cost.memory.headBytes);
  assert.ok((heads[2] ?? 0) > (heads[1] ?? 0));
  const tails = priced.graphs.map(({ cost }) => cost.memory.tailBytes);
  const together = (heads[0] ?? 0) + (heads[2] ?? 0) + tails.reduce((sum, tail) => sum + tail, 0);
  // What three of four interpreters keep once, and for inputs and outputs.
  const once = together - priced.total.ram.value;
  assert.ok(once > 3 * 256 && once < 3 * 288, String(once));
});

test('a graph that runs itself, or one that is not there, is refused', () => {
  const message = (then: number) => readTflite(severalGraphs(then), 'x').problems[0]?.message ?? '';
  assert.match(message(0), /The graph "main" runs itself\. Copy the file again/);
  assert.match(message(9), /"chosen" runs graph 9, which does not exist\./);
  assert.match(message(-1), /runs graph -1/);
});
