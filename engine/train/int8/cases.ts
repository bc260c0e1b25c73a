/** One small quantised network per 8-bit operator, for comparison with other interpreters. */

import type { Network, Op } from '../../space/network.ts';
import type { Int8Parameters, QuantizationParameters, QuantizedNetwork } from '../../space/trained.ts';
import { isWeighted } from '../forward.ts';
import { prepareForInt8 } from '../prepare.ts';
import { type Random, random } from '../random.ts';
import { initialState, fold } from '../state.ts';
import { NetworkBuilder } from '../testing.ts';

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

function joined(kind: 'add' | 'sub' | 'mul', activation: 'none' | 'relu' | 'relu6'): NetworkBuilder {
  const b = features();
  const first = b.at;
  b.conv([3, 3], 8);
  return b.op({ kind, activation }, b.shape, [first, b.at]);
}

function squeezeAndExcite(): NetworkBuilder {
  const b = features();
  const wide = b.at;
  b.mean().dense(8).activation('logistic').op({ kind: 'reshape' }, [1, 1, 8]);
  return b.op({ kind: 'mul', activation: 'none' }, [9, 11, 8], [wide, b.at]);
}

function concatenated(fromImage: boolean): NetworkBuilder {
  const b = fromImage ? image() : features();
  const first = b.at;
  const channels = fromImage ? 3 : 8;
  b.conv([1, 1], 4, { activation: 'relu' });
  return b.op({ kind: 'concatenation' }, [9, 11, channels + 4], [first, b.at]);
}

const BUILDERS: Readonly<Record<string, () => NetworkBuilder>> = {
  'conv same': () => image().conv([3, 3], 7),
  'conv stride 2 relu': () => image().conv([3, 3], 8, { stride: [2, 2], activation: 'relu' }),
  'conv 1x1 relu6': () => image().conv([1, 1], 5, { activation: 'relu6' }),
  'conv valid 4x2': () => image().conv([4, 2], 6, { stride: [2, 1], padding: 'valid' }),
  'conv dilated': () => image().conv([3, 3], 6, { dilation: [2, 2], activation: 'relu' }),
  'conv grouped': () => new NetworkBuilder([9, 9, 4]).conv([3, 3], 6, { groups: 2 }),
  depthwise: () => image().depthwise([3, 3]),
  'depthwise stride 2 relu6': () => features().depthwise([5, 5], { stride: [2, 2], activation: 'relu6' }),
  'depthwise multiplier': () => image().depthwise([3, 3], { multiplier: 2, activation: 'relu' }),
  'conv tanh': () => image().conv([3, 3], 4, { activation: 'tanh' }).conv([1, 1], 4),
  'max pool': () => features().pool('max_pool_2d', [3, 2], { stride: [2, 2] }),
  'average pool': () => features().pool('average_pool_2d', [3, 3], { stride: [2, 2] }),
  mean: () => features().mean(),
  'reduce max': () => features().op({ kind: 'reduce_max' }, [8]),
  add: () => joined('add', 'none'),
  'add relu6': () => joined('add', 'relu6'),
  sub: () => joined('sub', 'relu'),
  mul: () => joined('mul', 'relu'),
  'mul broadcast': squeezeAndExcite,
  concatenation: () => concatenated(false),
  'concatenation of the image': () => concatenated(true),
  relu: () => features().activation('relu'),
  relu6: () => features().activation('relu6'),
  leaky: () => features().activation('leaky_relu', 0.1),
  'hard swish': () => features().activation('hard_swish'),
  logistic: () => features().activation('logistic'),
  tanh: () => features().activation('tanh'),
  pad: () => features().op({ kind: 'pad', before: [1, 2], after: [0, 1] }, [10, 14, 8]),
  'resize nearest': () => features().op({ kind: 'resize_nearest_neighbor' }, [18, 22, 8]),
  'resize bilinear': () => features().op({ kind: 'resize_bilinear' }, [14, 22, 8]),
  dense: () => image().dense(10),
  softmax: () => image().dense(10).activation('softmax'),
};

/** Scales and weights from a seed, so that a case is the same wherever it is computed. */
function quantizedAtRandom(network: Network, source: Random): QuantizedNetwork {
  const prepared = prepareForInt8(fold(network, initialState(network, 11)));
  const activations = new Map<number, QuantizationParameters>();
  const put = (id: number, scale: number, zero: number) =>
    activations.set(id, { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zero) });
  for (const id of prepared.network.inputs) put(id, 1 / 255, -128);
  const parameters = new Map<number, Int8Parameters>();
  for (const op of prepared.network.ops) {
    const input = activations.get(op.inputs[0] ?? -1);
    const inputScale = input?.scale[0] ?? 1;
    const numbers = prepared.parameters.get(op.index);
    if (isWeighted(op) && numbers !== undefined) {
      const channels = op.kind === 'fully_connected' ? 1 : numbers.bias.length;
      const scale = Float32Array.from({ length: channels }, () => 0.002 + 0.004 * source.unit());
      const window = numbers.weights.length / numbers.bias.length;
      // So that the sums of a window fill the output's range.
      const gain = Math.sqrt(window) * 40;
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
  shareConcatenations(prepared.network, activations);
  return { network: prepared.network, activations, parameters };
}

function outputOf(op: Op, scale: number, zero: number, source: Random): readonly [number, number] {
  switch (op.kind) {
    case 'softmax':
    case 'logistic':
      return [1 / 256, -128];
    case 'tanh':
      return [1 / 128, 0];
    case 'relu':
    case 'relu6':
      return [scale * 0.6, -128];
    case 'add':
    case 'sub':
      return [scale * (1 + source.unit()), source.int(40) - 20];
    case 'mul':
      return [scale * scale * 40, source.int(40) - 20];
    case 'mean':
    case 'hard_swish':
    case 'leaky_relu':
      return [scale * (0.5 + 0.3 * source.unit()), source.int(40) - 20];
    default:
      return [scale, zero];
  }
}

/** All inputs of a concatenation, and its output, with the quantisation of its last input. */
function shareConcatenations(network: Network, activations: Map<number, QuantizationParameters>): void {
  for (const op of network.ops) {
    const last = activations.get(op.inputs.at(-1) ?? -1);
    if (op.kind !== 'concatenation' || last === undefined) continue;
    for (const id of [...op.inputs, op.output]) activations.set(id, last);
  }
}

export function int8Cases(): Int8Case[] {
  return Object.entries(BUILDERS).map(([name, make]) => {
    const source = random(name, 'case');
    const network = make().network();
    const size = (network.tensors[0]?.shape ?? []).reduce((a, b) => a * b, 1);
    const quantized = quantizedAtRandom(network, source);
    return {
      name,
      quantized,
      inputs: Int8Array.from({ length: SAMPLES * size }, () => source.int(256) - 128),
    };
  });
}
