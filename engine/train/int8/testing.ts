/** One small quantised network per 8-bit operator, for comparison with other interpreters. */

import { elementsOf } from '../../space/network.ts';
import type { QuantizedNetwork } from '../../space/trained.ts';
import { random } from '../random.ts';
import { trainableExamples, NetworkBuilder } from '../testing.ts';
import { quantizedAtRandom } from './at-random.ts';

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
