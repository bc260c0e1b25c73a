/** From an operator of an int8 network to calls of the kernels: one function for the probe and for the exported C. */

import { rowOf } from '../../../engine/operators/catalogue.ts';
import { alongOf } from '../../../engine/operators/axis.ts';
import {
  elementsOf,
  type Op,
  type OpKind,
  type OpTemplate,
  type Pair,
  type Shape,
} from '../../../engine/space/network.ts';
import type { Int8Parameters } from '../../../engine/space/trained.ts';
import { int8 } from '../../../engine/train/index.ts';
import type { Call } from './call.ts';
import { copyCall, insertCall, moveCall, sliceCall } from './moves.ts';
import { convolutionCall, fullyConnectedCall } from './sums.ts';
import { transposedConvolutionCalls } from './transposed.ts';
import { rightOf } from './weights.ts';

/** A tensor of a quantised network. Shapes are without the batch. */
export interface Tensor {
  readonly shape: Shape;
  readonly scale: number;
  readonly zero: number;
}

type Tensors = readonly [Tensor, ...Tensor[]];

/** What writes each output. */
type Lowering<O> = (
  op: O,
  inputs: Tensors,
  outputs: Tensors,
  parameters: Int8Parameters | undefined,
) => readonly (readonly Call[])[];

/** Of an operator with one output. */
const single =
  <O>(calls: (op: O, inputs: Tensors, output: Tensor) => readonly Call[]): Lowering<O> =>
  (op, inputs, [output]) => [calls(op, inputs, output)];

/** Of one with weights. Throws an `Error` where there are none. */
const weighted =
  <O>(calls: (op: O, x: Tensor, y: Tensor, parameters: Int8Parameters) => readonly Call[]): Lowering<O> =>
  (op, [x], [y], parameters) => {
    if (parameters === undefined) throw new Error('An operator with weights has none.');
    return [calls(op, x, y, parameters)];
  };

const image = ({ shape: [height = 1, width = 1, channels = 1] }: Tensor) =>
  [height, width, channels] as const;
const one: Pair = [1, 1];

/** The sums of an operator with weights, in TFLite's numbers. */
function sumsOf(kind: OpKind, x: Tensor, y: Tensor, { weights, bias, weightQuantization }: Int8Parameters) {
  const rule = rowOf(kind).weights;
  if (rule === undefined) throw new Error(`The row of ${kind} does not say how its weights are stored.`);
  const scales = rule.perChannel ? [...weightQuantization.scale] : [weightQuantization.scale[0] ?? 0];
  const each = Array.from({ length: rule.perChannel ? bias.length : 1 }, (_, o) =>
    int8.outputFactor(rule.perChannel, x.scale, scales[o] ?? 0, y.scale),
  );
  return {
    weights,
    bias,
    multipliers: each.map(({ value }) => value),
    shifts: each.map(({ shift }) => shift),
    inputZero: x.zero,
    channels: rule.channels,
  };
}

function convolutionOf(
  op: Omit<OpTemplate<'depthwise_conv_2d'>, 'kind' | 'depthMultiplier' | 'bias' | 'batchNorm'>,
  kind: OpKind,
  x: Tensor,
  y: Tensor,
  parameters: Int8Parameters,
) {
  const { kernel, stride, dilation } = op;
  const before = int8.paddingBefore(op, dilation, x.shape, y.shape);
  const range = int8.limits(op.activation, y);
  const sums = sumsOf(kind, x, y, parameters);
  return {
    input: image(x),
    output: image(y),
    kernel,
    stride,
    dilation,
    before,
    outputZero: y.zero,
    ...range,
    sums,
  };
}

/** Any function of single values: its table is what the interpreter's kernel makes of all of them. */
const lookup: Lowering<Op> = (op, [x], [y]) => {
  const data = Int8Array.from({ length: 256 }, (_, i) => i - 128);
  const table = new Int8Array(256);
  int8.kernelsOf(op).int8(op, [{ ...x, shape: [256], data }], [{ ...y, shape: [256], data: table }])();
  return [[{ kernel: 'lookup', numbers: { count: elementsOf(x.shape) }, arrays: { table }, inputs: [0] }]];
};

const pool = (kernel: 'max_pool' | 'average_pool') =>
  single<OpTemplate<'max_pool_2d' | 'average_pool_2d'>>((op, [x], y) => {
    const [height, width, channels] = image(x);
    const [outHeight, outWidth] = image(y);
    const [top, left] = int8.paddingBefore(op, one, x.shape, y.shape);
    const numbers = {
      in_height: height,
      in_width: width,
      channels,
      out_height: outHeight,
      out_width: outWidth,
      kernel_height: op.kernel[0],
      kernel_width: op.kernel[1],
      stride_height: op.stride[0],
      stride_width: op.stride[1],
      pad_top: top,
      pad_left: left,
      ...int8.limits(op.activation, y),
    };
    return [{ kernel, numbers, arrays: {}, inputs: [0] }];
  });

const reduction = (
  kernel: 'mean' | 'reduce_max',
  extentsOf: (x: Tensor) => readonly [outer: number, reduced: number, inner: number],
) =>
  single<unknown>((_, [x], y) => {
    const [outer, reduced, inner] = extentsOf(x);
    const factor = int8.meanFactor(x, y, reduced);
    const sums = {
      start: -x.zero * reduced,
      multiplier: factor.value,
      shift: factor.shift,
      out_zero: y.zero,
    };
    return [{ kernel, numbers: { outer, reduced, inner, ...sums }, arrays: {}, inputs: [0] }];
  });

const overPixels = (x: Tensor) => {
  const [height, width, channels] = image(x);
  return [1, height * width, channels] as const;
};
const overChannels = ({ shape }: Tensor) => {
  const channels = shape.at(-1) ?? 1;
  return [elementsOf(shape) / channels, channels, 1] as const;
};

/** A tensor of the network, or a constant. */
interface Operand {
  readonly tensor: Tensor;
  readonly from: number | Int8Array;
}

function pairwiseCall(
  kernel: 'add' | 'mul',
  [a, b]: readonly [Operand, Operand],
  y: Tensor,
  range: { readonly low: number; readonly high: number },
  kind: int8.Sum = int8.plain,
): Call {
  const factors = int8.sumFactors(a.tensor, b.tensor, y, kind);
  const output = kernel === 'add' ? factors.output : int8.productFactor(a.tensor, b.tensor, y);
  const [sa, sb] = [int8.strides(a.tensor.shape), int8.strides(b.tensor.shape)];
  const channels = y.shape.at(-1) ?? 1;
  const places = elementsOf(y.shape) / channels;
  // Without broadcasting all places are one.
  const isFlat = [a, b].every(({ tensor }) => elementsOf(tensor.shape) === places * channels);
  return {
    kernel,
    numbers: {
      places: isFlat ? 1 : places,
      channels: isFlat ? places * channels : channels,
      a_place: sa.place,
      a_channel: isFlat ? 1 : sa.channel,
      b_place: sb.place,
      b_channel: isFlat ? 1 : sb.channel,
      a_zero: a.tensor.zero,
      b_zero: b.tensor.zero,
      out_zero: y.zero,
      multiplier: output.value,
      shift: output.shift,
      // No sum of two scaled inputs, and no product, reaches 2^29; a square may.
      right: kind.squared ? 0 : rightOf(output.shift, 0),
      low: range.low,
      high: range.high,
      bits: kind.bits,
      a_multiplier: factors.a.value,
      a_right: -factors.a.shift,
      b_multiplier: factors.b.value,
      b_right: -factors.b.shift,
      sign: kind.sign,
      is_squared: kind.squared ? 1 : 0,
    },
    arrays: {},
    inputs: [a.from, b.from],
  };
}

const pairwise = (kernel: 'add' | 'mul', kind?: int8.Sum) =>
  single<OpTemplate<'add' | 'sub' | 'mul'>>(({ activation }, [a, b = a, ...more], y) => {
    if (more.length > 0) throw new Error('An operator of more than two inputs has to be written as several.');
    const operands = [
      { tensor: a, from: 0 },
      { tensor: b, from: 1 },
    ] as const;
    return [pairwiseCall(kernel, operands, y, int8.limits(activation, y), kind)];
  });

const byScalar = (kernel: 'add' | 'mul') =>
  single<OpTemplate<'add_scalar' | 'mul_scalar'>>(({ value, activation }, [x], y) => {
    const operand = int8.scalarOperand(value);
    const operands = [
      { tensor: x, from: 0 },
      { tensor: operand, from: operand.data },
    ] as const;
    return [pairwiseCall(kernel, operands, y, int8.limits(activation, y))];
  });

/** With a constant for each channel, before the input or behind it. */
const byChannel = (kernel: 'add' | 'mul', kind?: int8.Sum) =>
  weighted<unknown>((_, x, y, parameters) => {
    const constants = int8.asTensor(parameters);
    const own = { tensor: constants, from: constants.data };
    return [pairwiseCall(kernel, [own, { tensor: x, from: 0 }], y, int8.limits('none', y), kind)];
  });

/** Bits of exp(-i * scale), so that `classes` of them, and half as much again, fit into 32 with 8 more for a share. */
const exponentialBits = (classes: number): number => Math.min(20, 31 - Math.ceil(Math.log2(classes + 1)));

const softmax = single<unknown>((_, [x]) => {
  const classes = x.shape.at(-1) ?? 1;
  const unit = 2 ** exponentialBits(classes);
  const exponentials = Uint32Array.from({ length: 256 }, (_, i) => Math.round(unit * Math.exp(-i * x.scale)));
  const numbers = { rows: elementsOf(x.shape) / classes, classes };
  return [{ kernel: 'softmax', numbers, arrays: { exponentials }, inputs: [0] }];
});

const copied = single<unknown>((_, [x]) => [copyCall(elementsOf(x.shape))]);

/** An operator that is exported and has no entry makes the examples of the rows fail. */
type Lowerings = { readonly [K in OpKind]?: Lowering<OpTemplate<K> & Op> };

const lowerings: Lowerings = {
  conv_2d: weighted((op, x, y, parameters) => [
    convolutionCall('conv2d', { ...convolutionOf(op, op.kind, x, y, parameters), groups: op.groups }),
  ]),
  depthwise_conv_2d: weighted((op, x, y, parameters) => [
    convolutionCall('depthwise_conv2d', { ...convolutionOf(op, op.kind, x, y, parameters), groups: 1 }),
  ]),
  transpose_conv: weighted(({ kind, kernel, stride, padding }, x, y, parameters) =>
    transposedConvolutionCalls({
      input: image(x),
      output: image(y),
      kernel,
      stride,
      before: int8.paddingBefore({ kernel, stride, padding }, one, y.shape, x.shape),
      outputZero: y.zero,
      low: -128,
      high: 127,
      sums: sumsOf(kind, x, y, parameters),
    }),
  ),
  fully_connected: weighted(({ kind, activation }, x, y, parameters) => {
    const { low, high } = int8.limits(activation, y);
    return [fullyConnectedCall(sumsOf(kind, x, y, parameters), y.zero, low, high)];
  }),

  max_pool_2d: pool('max_pool'),
  average_pool_2d: pool('average_pool'),
  mean: reduction('mean', overPixels),
  reduce_max: reduction('reduce_max', overPixels),
  channel_mean: reduction('mean', overChannels),

  add: pairwise('add'),
  sub: pairwise('add', int8.difference),
  mul: pairwise('mul'),
  add_scalar: byScalar('add'),
  mul_scalar: byScalar('mul'),
  squared_difference: single((_, [a, b = a], y) => {
    const operands = [
      { tensor: a, from: 0 },
      { tensor: b, from: 1 },
    ] as const;
    return [pairwiseCall('add', operands, y, int8.limits('none', y), int8.squaredDifference)];
  }),
  channel_mul: byChannel('mul'),
  channel_sub: byChannel('add', int8.difference),

  relu: lookup,
  relu6: lookup,
  hard_swish: lookup,
  logistic: lookup,
  tanh: lookup,
  elu: lookup,
  gelu: lookup,
  leaky_relu: lookup,
  rsqrt: lookup,
  quantize: lookup,
  prelu: weighted((_, x, y, { weights, weightQuantization: { scale, zeroPoint } }) => {
    const { positive, negative } = int8.slopeFactors(x, y, scale[0] ?? 0);
    const numbers = {
      places: elementsOf(x.shape) / weights.length,
      channels: weights.length,
      in_zero: x.zero,
      slope_zero: zeroPoint[0] ?? 0,
      out_zero: y.zero,
      multiplier: positive.value,
      shift: positive.shift,
      slope_multiplier: negative.value,
      slope_shift: negative.shift,
    };
    return [{ kernel: 'prelu', numbers, arrays: { slopes: weights }, inputs: [0] }];
  }),
  softmax,

  reshape: copied,
  dropout: copied,
  transpose: single(({ axes }, [x], y) => {
    const steps = int8.stridesOf(x.shape);
    const inSteps = axes.map((axis) => steps[axis] ?? 0);
    return [moveCall({ extents: y.shape, inSteps, outSteps: int8.stridesOf(y.shape) })];
  }),
  slice: single(({ begin }, [x], y) => [sliceCall(x.shape, begin, y.shape)]),
  split: ({ axis }, [x], outputs) => {
    const along = alongOf(axis, x.shape.length);
    return outputs.map(({ shape }, part) => [
      sliceCall(
        x.shape,
        shape.map((extent, i) => (i === along ? part * extent : 0)),
        shape,
      ),
    ]);
  },
  concatenation: single(({ axis }, inputs, y) => {
    const along = alongOf(axis, y.shape.length);
    let at = 0;
    return inputs.map(({ shape }, input) => {
      const begin = shape.map((_, i) => (i === along ? at : 0));
      at += shape[along] ?? 0;
      return insertCall(shape, y.shape, begin, input);
    });
  }),
  pad: single(({ before }, [x], y) => [
    { kernel: 'fill', numbers: { count: elementsOf(y.shape), value: y.zero }, arrays: {}, inputs: [] },
    insertCall(x.shape, y.shape, [...before, 0], 0),
  ]),

  resize_nearest_neighbor: single((_, [x], y) => {
    const [height, width, channels] = image(x);
    const [outHeight, outWidth] = image(y);
    const places = (count: number, size: number, step: number) =>
      Int32Array.from({ length: count }, (_, i) => int8.nearest(i, size, count) * step);
    const arrays = {
      rows: places(outHeight, height, width * channels),
      columns: places(outWidth, width, channels),
    };
    const numbers = { out_height: outHeight, out_width: outWidth, channels };
    return [{ kernel: 'resize_nearest', numbers, arrays, inputs: [0] }];
  }),
  resize_bilinear: single((_, [x], y) => {
    const [height, width, channels] = image(x);
    const [outHeight, outWidth] = image(y);
    const places = (count: number, size: number, step: number) =>
      Int32Array.from(
        Array.from({ length: count }, (_, i) => int8.between(i, size, count)).flatMap(
          ({ low, high, fraction }) => [low * step, high * step, fraction],
        ),
      );
    const arrays = {
      rows: places(outHeight, height, width * channels),
      columns: places(outWidth, width, channels),
    };
    const numbers = { out_height: outHeight, out_width: outWidth, channels };
    return [{ kernel: 'resize_bilinear', numbers, arrays, inputs: [0] }];
  }),
};

/** The calls that write each output. Throws an `Error` for an operator that no int8 network has. */
export function callsOf(
  op: Op,
  inputs: Tensors,
  outputs: Tensors,
  parameters: Int8Parameters | undefined,
): readonly (readonly Call[])[] {
  const all = lowerings as unknown as Readonly<Partial<Record<OpKind, Lowering<Op>>>>;
  const lower = all[op.kind];
  if (lower === undefined)
    throw new Error(
      `${op.name} (${op.kind}) has no int8 kernel. Leave it out of the network, or replace it.`,
    );
  return lower(op, inputs, outputs, parameters);
}
