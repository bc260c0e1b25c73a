import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveTarget, shippedProfiles } from '../cost/index.ts';
import { type Fields, int32, int8 } from './flatbuffer-writer.ts';
import { costDetail, modelCostReport, priceModel, readTflite } from './index.ts';
import { field } from './schema.ts';
import { conv2d, fullyConnected } from './testing/options.ts';
import { type AnyOperator, type AnyTensor, writeAnyModel } from './testing/any-model.ts';
import { severalGraphs, strangeOperators } from './testing/odd-models.ts';

const resolved = resolveTarget(shippedProfiles, { board: 'nucleo-h743zi' });
assert.ok('target' in resolved);
const { target } = resolved;

type Input = readonly number[] | 'left out';

interface Case {
  readonly kind: string;
  /** Shapes; the first is the input. Those named in `weights` are constants. */
  readonly inputs: readonly Input[];
  readonly output: readonly number[];
  readonly options?: Fields;
  readonly macs: number;
}

const out = 'left out';
const gates = (cells: number, inputs: number): Input[] => Array<Input>(4).fill([cells, inputs]);
const lstm = (cells: number, inputs: number): Input[] => [
  ...gates(cells, inputs),
  ...gates(cells, cells),
  out,
  out,
  out,
  ...Array<Input>(4).fill([cells]),
  out,
  out,
];

const cases: readonly Case[] = [
  {
    kind: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    inputs: [[1, 28, 28], ...lstm(20, 28), [1, 20], [1, 20]],
    output: [1, 28, 20],
    macs: 107_520,
  },
  // Input and forget gate coupled: three matrices each; a projection of the cells on 5.
  {
    kind: 'LSTM',
    inputs: [
      [1, 3],
      out,
      [8, 3],
      [8, 3],
      [8, 3],
      out,
      [8, 5],
      [8, 5],
      [8, 5],
      out,
      [8],
      [8],
      out,
      [8],
      [8],
      [8],
      [5, 8],
      out,
      [1, 5],
      [1, 8],
    ],
    output: [1, 5],
    macs: 3 * 8 * 3 + 3 * 8 * 5 + 2 * 8 + 5 * 8,
  },
  { kind: 'LSTM', inputs: [[1, 6], [1, 4], [16, 10], [16], [1, 4]], output: [1, 4], macs: 160 },
  {
    kind: 'BIDIRECTIONAL_SEQUENCE_LSTM',
    inputs: [[7, 1, 6], ...lstm(4, 6), ...lstm(4, 6), ...Array<Input>(4).fill([1, 4])],
    output: [7, 1, 8],
    macs: 7 * 2 * 4 * (4 * 6 + 4 * 4),
  },
  { kind: 'RNN', inputs: [[1, 6], [4, 6], [4, 4], [4], [1, 4]], output: [1, 4], macs: 40 },
  {
    kind: 'UNIDIRECTIONAL_SEQUENCE_RNN',
    inputs: [[1, 9, 6], [4, 6], [4, 4], [4], [1, 4]],
    output: [1, 9, 4],
    macs: 360,
  },
  {
    kind: 'BIDIRECTIONAL_SEQUENCE_RNN',
    inputs: [[1, 9, 6], [4, 6], [4, 4], [4], [1, 4], [4, 6], [4, 4], [4], [1, 4], out, out, out],
    output: [1, 9, 8],
    macs: 720,
  },
  {
    kind: 'SVDF',
    inputs: [[1, 66], [128, 66], [128, 40], [64], [1, 5120]],
    output: [1, 64],
    macs: 128 * 66 + 128 * 40,
  },
  {
    kind: 'TRANSPOSE_CONV',
    inputs: [[4], [8, 3, 3, 16], [1, 5, 6, 16]],
    output: [1, 10, 12, 8],
    macs: 5 * 6 * 16 * 8 * 9,
  },
  {
    kind: 'CONV_3D',
    inputs: [
      [1, 4, 8, 8, 3],
      [3, 3, 3, 3, 5],
    ],
    output: [1, 2, 6, 6, 5],
    macs: 2 * 6 * 6 * 5 * 81,
  },
  {
    kind: 'CONV_3D_TRANSPOSE',
    inputs: [[5], [2, 2, 2, 5, 3], [1, 4, 4, 4, 3]],
    output: [1, 8, 8, 8, 5],
    macs: 64 * 3 * 5 * 8,
  },
  {
    kind: 'BATCH_MATMUL',
    inputs: [
      [4, 32, 16],
      [4, 16, 8],
    ],
    output: [4, 32, 8],
    macs: 4 * 32 * 16 * 8,
  },
  // The right is the same for each of the batch; the left comes turned.
  {
    kind: 'BATCH_MATMUL',
    inputs: [
      [4, 16, 32],
      [1, 16, 8],
    ],
    output: [4, 32, 8],
    options: [[field.batchMatMul.adjointX, int8(1)]],
    macs: 4 * 32 * 16 * 8,
  },
  {
    kind: 'BATCH_MATMUL',
    inputs: [
      [16, 32],
      [8, 32],
    ],
    output: [16, 8],
    options: [[field.batchMatMul.adjointY, int8(1)]],
    macs: 16 * 32 * 8,
  },
  {
    kind: 'FULLY_CONNECTED',
    inputs: [[1, 5, 7, 64], [16, 64], [16]],
    output: [1, 5, 7, 16],
    options: [[fullyConnected.keepNumDims, int8(1)]],
    macs: 35 * 64 * 16,
  },
  { kind: 'FULLY_CONNECTED', inputs: [[8, 64], [16, 64], out], output: [8, 16], macs: 8 * 64 * 16 },
  // What moves or works element by element has none.
  { kind: 'GATHER', inputs: [[100, 8], [3]], output: [3, 8], macs: 0 },
  { kind: 'PRELU', inputs: [[1, 8, 8, 4], [4]], output: [1, 8, 8, 4], macs: 0 },
];

function priced(model: Uint8Array) {
  return priceModel(readTflite(model, 'x'), target);
}

function modelOf({ kind, inputs, output, options }: Case, weightsAreComputed = false): Uint8Array {
  const tensors: AnyTensor[] = [];
  const ids = inputs.map((shape, at) => {
    if (shape === out) return -1;
    const elements = shape.reduce((product, size) => product * size, 1);
    const isState = at > 0 && shape[0] === 1 && shape.length === 2;
    const isConstant = at > 0 && !isState && !weightsAreComputed && kind !== 'BATCH_MATMUL';
    const isInput = kind.includes('TRANSPOSE') ? at === 2 : !isConstant;
    return tensors.push({ shape, type: 'int8', ...(isInput ? {} : { data: new Uint8Array(elements) }) }) - 1;
  });
  tensors.push({ shape: output, type: 'int8', name: 'out' });
  const operator: AnyOperator = {
    kind,
    inputs: ids,
    outputs: [tensors.length - 1],
    ...(options && { options }),
  };
  return writeAnyModel([
    { name: 'main', tensors, inputs: [0], outputs: operator.outputs, operators: [operator] },
  ]);
}

for (const each of cases) {
  test(`${each.kind} of ${each.inputs.filter((shape) => shape !== out).join('; ')} counts ${each.macs}`, () => {
    const { total } = modelCostReport(priced(modelOf(each)));
    assert.deepEqual([total.macs, total.partial], [each.macs, undefined]);
  });
}

test('weights that are computed, as those of half precision are, count as constants do', () => {
  const conv: Case = {
    kind: 'CONV_2D',
    inputs: [[1, 8, 8, 4], [6, 3, 3, 4], [6]],
    output: [1, 8, 8, 6],
    options: [
      [conv2d.strideW, int32(1)],
      [conv2d.strideH, int32(1)],
    ],
    macs: 64 * 6 * 36,
  };
  assert.equal(modelCostReport(priced(modelOf(conv, true))).total.macs, conv.macs);
});

test('a total says that it is partial, and which layers are not in it', () => {
  const own = priced(strangeOperators());
  assert.deepEqual(modelCostReport(own).total.partial, ['own']);
  assert.match(
    costDetail(own, 'x').graphs[0]?.layers[2]?.remarks.join(' ') ?? '',
    /total of the MACs is without it/,
  );
  // What a branch computes is decided by the data.
  const branches = modelCostReport(priced(severalGraphs()));
  assert.deepEqual([branches.total.macs, branches.total.partial], [0, ['chosen']]);
  assert.deepEqual(
    branches.subgraphs?.map(({ total }) => total.partial),
    [undefined, undefined, undefined],
  );
});
