/** One small quantised network per 8-bit operator, for comparison with other interpreters. */

import { rowOf, valuesOf } from '../../operators/catalogue.ts';
import { elementsOf, outputsOf, type Network, type Op, type OpKind } from '../../space/network.ts';
import type { Int8Parameters, QuantizationParameters, QuantizedNetwork } from '../../space/trained.ts';
import { isWeighted, storedWeights } from '../operators/catalogue.ts';
import { prepareForInt8 } from '../prepare.ts';
import { type Random, random } from '../random.ts';
import { initialState, fold } from '../state.ts';
import { trainableExamples, NetworkBuilder } from '../testing.ts';

/** Inputs per case. */
export const SAMPLES = 4;

export interface Int8Case {
  readonly name: string;
  readonly quantized: QuantizedNetwork;
  /** {@link SAMPLES} inputs, one after the other. */
  readonly inputs: Int8Array;
}

const image = () => new NetworkBuilder([9, 11, 3]);
const features = () => image().conv([3, 3], 8);

function joined(): NetworkBuilder {
  const b = features();
  const first = b.at;
  b.conv([3, 3], 8);
  return b.op('add', { activation: 'relu6' }, [first, b.at]);
}

function squeezeAndExcite(): NetworkBuilder {
  const b = features();
  const wide = b.at;
  b.op('mean')
    .dense(8)
    .op('logistic')
    .op('reshape', { shape: [1, 1, 8] });
  return b.op('mul', {}, [wide, b.at]);
}

function concatenatedImage(): NetworkBuilder {
  const b = image().conv([1, 1], 4, { activation: 'relu' });
  return b.op('concatenation', {}, [0, b.at]);
}

/** What the examples of the operators leave out. */
const BUILDERS: Readonly<Record<string, () => NetworkBuilder>> = {
  'conv same': () => image().conv([3, 3], 7),
  'conv stride 2 relu': () => image().conv([3, 3], 8, { stride: [2, 2], activation: 'relu' }),
  'conv 1x1 relu6': () => image().conv([1, 1], 5, { activation: 'relu6' }),
  'conv valid 4x2': () => image().conv([4, 2], 6, { stride: [2, 1], padding: 'valid' }),
  'conv dilated': () => image().conv([3, 3], 6, { dilation: [2, 2], activation: 'relu' }),
  'conv grouped': () => new NetworkBuilder([9, 9, 4]).conv([3, 3], 6, { groups: 2 }),
  depthwise: () => image().depthwise([3, 3]),
  'depthwise stride 2 relu6': () => features().depthwise([5, 5], { stride: [2, 2], activation: 'relu6' }),
  'depthwise multiplier': () => image().depthwise([3, 3], { depthMultiplier: 2, activation: 'relu' }),
  'conv tanh': () => image().conv([3, 3], 4, { activation: 'tanh' }).conv([1, 1], 4),
  'max pool': () => features().op('max_pool_2d', { kernel: [3, 2], stride: [2, 2] }),
  'average pool': () => features().op('average_pool_2d', { kernel: [3, 3], stride: [2, 2] }),
  'add relu6': joined,
  'mul broadcast': squeezeAndExcite,
  'concatenation of the image': concatenatedImage,
  'resize bilinear': () => features().op('resize_bilinear', { size: [14, 22] }),
  dense: () => image().dense(10),
  'softmax of scores': () => image().dense(10).op('softmax'),
};

/**
 * Scales and weights from a seed, so that a case is the same wherever it is computed. The range of what has weights is
 * `spread` times that of their sums.
 */
export function quantizedAtRandom(network: Network, source: Random, spread = 1): QuantizedNetwork {
  const prepared = prepareForInt8(fold(network, initialState(network, 11)));
  const activations = new Map<number, QuantizationParameters>();
  const put = (id: number, scale: number, zero: number) =>
    activations.set(id, { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zero) });
  for (const id of prepared.network.inputs) put(id, 1 / 255, -128);
  const parameters = new Map<number, Int8Parameters>();
  for (const op of prepared.network.ops) {
    if (rowOf(op.kind).int8.least === 0)
      for (const id of op.inputs) put(id, activations.get(id)?.scale[0] ?? 1, -128);
    const input = activations.get(op.inputs[0] ?? -1);
    const inputScale = input?.scale[0] ?? 1;
    const numbers = prepared.parameters.get(op.index);
    if (isWeighted(op) && numbers !== undefined) {
      const channels = storedWeights(op).perChannel ? numbers.bias.length : 1;
      const scale = Float32Array.from({ length: channels }, () => 0.002 + 0.004 * source.unit());
      const window = numbers.weights.length / numbers.bias.length;
      // So that the sums of a window fill the output's range.
      const gain = Math.sqrt(window) * 40 * spread;
      parameters.set(op.index, {
        weights: Int8Array.from(numbers.weights, () => source.int(255) - 127),
        weightShape: numbers.weightShape,
        weightQuantization: { scale, zeroPoint: new Int32Array(channels) },
        bias: Int32Array.from(numbers.bias, () => source.int(8000) - 4000),
      });
      put(op.output, inputScale * 0.004 * gain, source.int(60) - 30);
    } else {
      const [scale, zero] = outputOf(op, inputScale, input?.zeroPoint[0] ?? 0, source);
      put(op.output, scale, zero);
    }
  }
  shareScales(prepared.network, activations);
  return { network: prepared.network, activations, parameters };
}

type Chosen = (scale: number, source: Random) => readonly [number, number];
const clamped: Chosen = (scale) => [scale * 0.6, -128];
const summed: Chosen = (scale, source) => [scale * (1 + source.unit()), source.int(40) - 20];
const narrowed: Chosen = (scale, source) => [scale * (0.5 + 0.3 * source.unit()), source.int(40) - 20];

/** Where the values that come out have a range that does not only lie within that of those that go in. */
const chosen: Readonly<Partial<Record<OpKind, Chosen>>> = {
  relu: clamped,
  relu6: clamped,
  add: summed,
  sub: summed,
  mul: (scale, source) => [scale * scale * 40, source.int(40) - 20],
};

function outputOf(op: Op, scale: number, zero: number, source: Random): readonly [number, number] {
  const { kind } = op;
  const rule = rowOf(kind).int8.scale;
  if (typeof rule === 'object') return [rule.scale, rule.zero];
  if (rule === 'shared') return [scale, zero];
  const [own, place] = (chosen[kind] ?? narrowed)(scale, source);
  // A number that every value meets takes its part of the range.
  const { value } = valuesOf(op);
  return [typeof value === 'number' ? own + Math.abs(value) / 128 : own, place];
}

/** All inputs of what joins tensors of one scale, and its output, with the quantisation of its last input. */
function shareScales(network: Network, activations: Map<number, QuantizationParameters>): void {
  for (const op of network.ops) {
    const last = activations.get(op.inputs.at(-1) ?? -1);
    if (rowOf(op.kind).int8.scale !== 'shared' || last === undefined) continue;
    for (const id of [...op.inputs, ...outputsOf(op)]) activations.set(id, last);
  }
}

/** Those of {@link BUILDERS}, and the examples of every operator. */
export function int8Cases(): Int8Case[] {
  const built = Object.entries(BUILDERS).map(([name, make]) => [name, make().network(), 0] as const);
  // Of images that are each darker than the one before: the greatest values of bright ones all end at 127.
  const examples = [...trainableExamples('8x8x4')].map(([name, network]) => [name, network, 2] as const);
  return [...built, ...examples].map(([name, network, darker]) => {
    const source = random(name, 'case');
    const size = elementsOf(network.tensors[0]?.shape ?? []);
    const quantized = quantizedAtRandom(network, source);
    const value = (_: unknown, i: number) => (source.int(256) >> (darker * Math.floor(i / size))) - 128;
    return { name, quantized, inputs: Int8Array.from({ length: SAMPLES * size }, value) };
  });
}
