/**
 * Runs a quantised network as TFLite's reference kernels do, bit for bit (softmax within one step). What the search
 * reports as accuracy is what this computes.
 */

import type {
  Conv2D,
  DepthwiseConv2D,
  FullyConnected,
  FusedActivation,
  Op,
  Pair,
  Shape,
} from '../../space/network.ts';
import type { Int8Parameters, QuantizedNetwork } from '../../space/trained.ts';
import { isWeighted } from '../forward.ts';
import { activationTable } from './activations.ts';
import { quantizeMultiplier, roundAway } from './fixed-point.ts';
import * as kernels from './kernels.ts';
import type { Limits, Quantized } from './kernels.ts';
import { MemoryLayout, type Int8Memory } from './memory.ts';

export interface Int8Interpreter {
  /** One input, `[...input shape]`, to one output. The result is a view that the next run overwrites. */
  run(input: Int8Array): Int8Array;
  /** The values of an activation tensor after a run; for comparison and for debugging. */
  tensor(id: number): Int8Array;
}

const elements = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

/** Where padding `same` puts the rows that are missing: the smaller half first. */
export function paddingBefore(
  size: number,
  out: number,
  kernel: number,
  stride: number,
  dilation: number,
): number {
  return Math.floor(Math.max(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - size) / 2);
}

/** The output range that a fused activation leaves. */
function limits(activation: FusedActivation, { scale, zero }: Quantized): Limits {
  const at = (real: number) => zero + roundAway(Math.fround(real / scale));
  switch (activation) {
    case 'none':
      return { low: -128, high: 127 };
    case 'relu':
      return { low: Math.max(-128, at(0)), high: 127 };
    case 'relu6':
      return { low: Math.max(-128, at(0)), high: Math.min(127, at(6)) };
    case 'tanh':
      throw new Error('An 8-bit operator cannot fuse tanh; quantize() makes it an operator of its own.');
  }
}

interface Placed {
  readonly weights: number;
  readonly bias: number;
  readonly multiplier: number;
  readonly shift: number;
  readonly scratch: number;
  /** Window values of one output channel, rounded up for the compiled kernel. */
  readonly stride: number;
}

/** The geometry of a weighted operator as a convolution; a fully connected one sees one pixel. */
function asConvolution(op: Conv2D | FullyConnected, input: Shape, output: Shape) {
  if (op.kind === 'fully_connected') {
    const one: Pair = [1, 1];
    return {
      input: [1, 1, elements(input)],
      output: [1, 1, op.units],
      kernel: one,
      stride: one,
      dilation: one,
      groups: 1,
      padding: 'valid' as const,
    };
  }
  return { ...op, input, output };
}

function place(layout: MemoryLayout, op: Op, parameters: Int8Parameters): Placed {
  const outputs = parameters.bias.length;
  const depthwise = op.kind === 'depthwise_conv_2d';
  const window = parameters.weights.length / outputs;
  const stride = depthwise ? window : Math.ceil(window / 8) * 8;
  return {
    weights: layout.reserve(2 * stride * outputs),
    bias: layout.reserve(4 * outputs),
    multiplier: layout.reserve(4 * outputs),
    shift: layout.reserve(4 * outputs),
    scratch: layout.reserve(depthwise ? 4 * outputs : 2 * stride),
    stride,
  };
}

function fill(
  memory: Int8Memory,
  op: Op,
  at: Placed,
  { weights, bias, weightQuantization }: Int8Parameters,
  inputScale: number,
  outputScale: number,
): void {
  const outputs = bias.length;
  const window = weights.length / outputs;
  const wide = new Int16Array(memory.buffer, at.weights, at.stride * outputs);
  if (op.kind === 'depthwise_conv_2d') wide.set(weights);
  else
    for (let o = 0; o < outputs; o++) wide.set(weights.subarray(o * window, (o + 1) * window), o * at.stride);
  new Int32Array(memory.buffer, at.bias, outputs).set(bias);
  const values = new Int32Array(memory.buffer, at.multiplier, outputs);
  const shifts = new Int32Array(memory.buffer, at.shift, outputs);
  const { scale } = weightQuantization;
  for (let o = 0; o < outputs; o++) {
    const weightScale = scale[scale.length === 1 ? 0 : o] ?? 0;
    // TFLite multiplies in single precision for fully connected, in double for convolutions.
    const real =
      op.kind === 'fully_connected' ? Math.fround(inputScale * weightScale) : inputScale * weightScale;
    const factor = quantizeMultiplier(real / outputScale);
    values[o] = factor.value;
    shifts[o] = factor.shift;
  }
}

export function createInt8Interpreter(quantized: QuantizedNetwork): Int8Interpreter {
  const { network } = quantized;
  const layout = new MemoryLayout();
  const addresses = new Map(network.tensors.map((t) => [t.id, layout.reserve(elements(t.shape))]));
  const placed = new Map(
    network.ops.filter(isWeighted).map((op) => {
      const parameters = quantized.parameters.get(op.index);
      if (parameters === undefined) throw new Error(`${op.name} has no quantised weights.`);
      return [op.index, { at: place(layout, op, parameters), parameters }];
    }),
  );
  const memory = layout.open();
  const tensors = new Map(
    network.tensors.map((t): [number, Quantized & { address: number }] => {
      const q = quantized.activations.get(t.id);
      const address = addresses.get(t.id) ?? 0;
      const data = new Int8Array(memory.buffer, address, elements(t.shape));
      return [t.id, { data, address, shape: t.shape, scale: q?.scale[0] ?? 1, zero: q?.zeroPoint[0] ?? 0 }];
    }),
  );
  const tensor = (id: number | undefined) => {
    const found = tensors.get(id ?? -1);
    if (found === undefined) throw new Error(`The network has no tensor ${String(id)}.`);
    return found;
  };
  const steps = network.ops.map((op): (() => void) => {
    const x = tensor(op.inputs[0]);
    const y = tensor(op.output);
    const weights = placed.get(op.index);
    if (isWeighted(op)) {
      if (weights === undefined) throw new Error(`${op.name} has no quantised weights.`);
      fill(memory, op, weights.at, weights.parameters, x.scale, y.scale);
      return op.kind === 'depthwise_conv_2d'
        ? depthwiseStep(memory, op, weights.at, x, y)
        : convolutionStep(memory, op, weights.at, x, y);
    }
    return unweightedStep(op, op.inputs.map(tensor), y);
  });
  const input = tensor(network.inputs[0]);
  const output = tensor(network.outputs[0]);
  return {
    run(values) {
      input.data.set(values);
      for (const step of steps) step();
      return output.data;
    },
    tensor: (id) => tensor(id).data,
  };
}

type Addressed = Quantized & { readonly address: number };

function convolutionStep(
  memory: Int8Memory,
  op: Conv2D | FullyConnected,
  at: Placed,
  x: Addressed,
  y: Addressed,
): () => void {
  const { input, output, kernel, stride, dilation, groups, padding } = asConvolution(op, x.shape, y.shape);
  const [height = 1, width = 1, channels = 1] = input;
  const [outHeight = 1, outWidth = 1, outputs = 1] = output;
  const same = padding === 'same' ? 1 : 0;
  const top = same * paddingBefore(height, outHeight, kernel[0], stride[0], dilation[0]);
  const left = same * paddingBefore(width, outWidth, kernel[1], stride[1], dilation[1]);
  const { low, high } = limits(op.activation, y);
  const own = channels / groups;
  const made = outputs / groups;
  const calls = Array.from({ length: groups }, (_, g) => [
    x.address,
    at.weights + 2 * at.stride * made * g,
    at.bias + 4 * made * g,
    at.multiplier + 4 * made * g,
    at.shift + 4 * made * g,
    y.address,
    at.scratch,
    height,
    width,
    own,
    outHeight,
    outWidth,
    made,
    at.stride,
    ...kernel,
    ...stride,
    ...dilation,
    top,
    left,
    channels,
    own * g,
    outputs,
    made * g,
    x.zero,
    y.zero,
    low,
    high,
  ]);
  return () => {
    for (const call of calls) memory.convolution(...call);
  };
}

function depthwiseStep(
  memory: Int8Memory,
  op: DepthwiseConv2D,
  at: Placed,
  x: Addressed,
  y: Addressed,
): () => void {
  const { kernel, stride, dilation } = op;
  const [height = 1, width = 1, channels = 1] = x.shape;
  const [outHeight = 1, outWidth = 1] = y.shape;
  const same = op.padding === 'same' ? 1 : 0;
  const { low, high } = limits(op.activation, y);
  const call = [
    x.address,
    at.weights,
    at.bias,
    at.multiplier,
    at.shift,
    y.address,
    at.scratch,
    height,
    width,
    channels,
    outHeight,
    outWidth,
    op.depthMultiplier,
    ...kernel,
    ...stride,
    ...dilation,
    same * paddingBefore(height, outHeight, kernel[0], stride[0], dilation[0]),
    same * paddingBefore(width, outWidth, kernel[1], stride[1], dilation[1]),
    x.zero,
    y.zero,
    low,
    high,
  ];
  return () => memory.depthwise(...call);
}

function unweightedStep(op: Op, inputs: readonly Addressed[], y: Addressed): () => void {
  const [x, second] = inputs;
  if (x === undefined) throw new Error(`${op.name} has no input.`);
  const table = activationTable(op, x, y);
  if (table !== undefined) {
    return () => {
      for (let i = 0; i < y.data.length; i++) y.data[i] = table[(x.data[i] ?? 0) + 128] ?? 0;
    };
  }
  switch (op.kind) {
    case 'max_pool_2d':
    case 'average_pool_2d': {
      const before = (axis: 0 | 1) =>
        op.padding === 'same'
          ? paddingBefore(x.shape[axis] ?? 1, y.shape[axis] ?? 1, op.kernel[axis], op.stride[axis], 1)
          : 0;
      const window = { kernel: op.kernel, stride: op.stride, before: [before(0), before(1)] as const };
      const range = limits(op.activation, y);
      const pool = op.kind === 'max_pool_2d' ? kernels.maxPool : kernels.averagePool;
      return () => pool(x, y, window, range);
    }
    case 'add':
    case 'sub':
      return kernels.addition(x, second ?? x, y, op.kind === 'add' ? 1 : -1, limits(op.activation, y));
    case 'mul':
      return kernels.product(x, second ?? x, y, limits(op.activation, y));
    case 'concatenation':
      return () => kernels.concatenate(inputs, y);
    case 'mean':
      return kernels.meanOverPixels(x, y);
    case 'reduce_max':
      return () => kernels.maxOverPixels(x, y);
    case 'reshape':
    case 'dropout':
      return () => y.data.set(x.data);
    case 'pad':
      return () => kernels.pad(x, y, op.before);
    case 'resize_nearest_neighbor':
      return () => kernels.resizeNearest(x, y);
    case 'resize_bilinear':
      return () => kernels.resizeBilinear(x, y);
    case 'softmax':
      return () => kernels.softmax(x, y);
    default:
      throw new Error(
        `${op.name} (${op.kind}) cannot run in 8 bits. Leave it out of the network, or replace it.`,
      );
  }
}
