/**
 * What the kernels are measured by: layers with made-up data, the checksums of their outputs, and the instructions that
 * CMSIS-NN executes for them. Measured for this project with CMSIS-NN at commit 99f736a6 (July 2026), its wrapper functions,
 * arm-none-eabi-gcc 12.2 -O3, in QEMU 7.2 with -icount shift=0.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobCase } from '../job.ts';
import { convolutionCall, fullyConnectedCall } from '../lower/sums.ts';

export interface Bar {
  /** `conv KxK[sS]_HxWxCin_Cout`, `dwKxK[sS]_HxWxC`, `fc_IN_OUT`. */
  readonly name: string;
  readonly checksum: string;
  readonly instructions: {
    readonly m3: number;
    readonly m4: number;
    readonly m33: number;
    readonly m55: number;
  };
}

const bar = (name: string, m3: number, m4: number, m33: number, m55: number, checksum: string): Bar => ({
  name,
  checksum,
  instructions: { m3, m4, m33, m55 },
});

export const bars: readonly Bar[] = [
  bar('conv1x1_8x8x16_16', 79920, 65040, 64750, 18000, '5efd64be'),
  bar('conv1x1_7x7x64_64', 635480, 420800, 419950, 80468, 'c6ada146'),
  bar('conv1x1_14x14x8_24', 268080, 252120, 250950, 81031, '598fdfb5'),
  bar('conv1x1_14x14x18_18', 289920, 247880, 247000, 71031, '55f73715'),
  bar('conv3x3_14x14x16_16', 1506800, 1050000, 1051150, 175156, 'a084b38f'),
  bar('conv3x3s2_28x28x1_8', 198800, 197480, 195350, 80250, '280cdf78'),
  bar('conv3x3s2_96x32x3_8', 1139600, 1013440, 1004800, 331250, '1dfd3125'),
  bar('conv5x5_14x14x8_8', 1272360, 905280, 900450, 183437, 'c4940ec7'),
  bar('dw3x3_14x14x16', 283040, 248600, 248200, 97875, 'ec4521c5'),
  bar('dw3x3s2_14x14x32', 138280, 119560, 119450, 38593, 'e7d3eb13'),
  bar('dw5x5_14x14x16', 1379400, 873640, 860450, 197812, '2428d495'),
  bar('dw3x3_7x7x64', 259480, 226360, 226300, 65656, '45347c8d'),
  bar('fc_64_10', 2840, 1800, 1850, 718, '1f0ce352'),
  bar('fc_128_128', 60160, 37160, 37300, 9437, '1c85ba9f'),
];

/** A layer with weights, by its shape. */
interface Layer {
  readonly kind: 'conv' | 'dw' | 'fc';
  readonly input: readonly [height: number, width: number, channels: number];
  readonly output: readonly [height: number, width: number, channels: number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly before: readonly [number, number];
}

const MULTIPLIER = 2 ** 30;
const SHIFT = -8;

/** A layer with the bias, the scales and the zero points of all bars; a depthwise one has no multiplier unless its output says so. */
function layerCase(layer: Layer, values: Int8Array, weights: Int8Array, repeats: number): JobCase {
  const { kind, output } = layer;
  const outputs = output[2];
  const sums = {
    weights,
    bias: Int32Array.from({ length: outputs }, (_, i) => 17 * i),
    multipliers: Array<number>(kind === 'fc' ? 1 : outputs).fill(MULTIPLIER),
    shifts: Array<number>(kind === 'fc' ? 1 : outputs).fill(SHIFT),
    inputZero: -128,
    channels: kind === 'dw' ? ('last' as const) : ('first' as const),
  };
  const call =
    kind === 'fc'
      ? fullyConnectedCall(sums, 0)
      : convolutionCall(kind === 'dw' ? 'depthwise_conv2d' : 'conv2d', {
          ...layer,
          dilation: [1, 1],
          groups: 1,
          outputZero: -128,
          low: -128,
          high: 127,
          sums,
        });
  return { repeats, inputs: [values], outputBytes: product(output), calls: [call] };
}

const product = (extents: readonly number[]): number => extents.reduce((a, b) => a * b, 1);

const weightsOf = ({ kind, input, output, kernel }: Layer): number =>
  product(kernel) * output[2] * (kind === 'dw' ? 1 : input[2]);

/** `same` padding, the smaller half before. */
function layerOf(name: string): Layer {
  const fc = /^fc_(\d+)_(\d+)$/.exec(name);
  if (fc !== null) {
    const [inputs = 1, outputs = 1] = fc.slice(1).map(Number);
    const one = [1, 1] as const;
    return {
      kind: 'fc',
      input: [1, 1, inputs],
      output: [1, 1, outputs],
      kernel: one,
      stride: one,
      before: [0, 0],
    };
  }
  const conv = /^(conv|dw)(\d+)x\d+(?:s(\d+))?_(\d+)x(\d+)x(\d+)(?:_(\d+))?$/.exec(name);
  const [k = 1, stride = 1, height = 1, width = 1, channels = 1, outputs = channels] = (conv ?? [])
    .slice(2)
    .map((text?: string) => (text === undefined ? undefined : Number(text)));
  const out = [Math.ceil(height / stride), Math.ceil(width / stride)] as const;
  const before = (size: number, places: number): number =>
    Math.floor(Math.max(0, (places - 1) * stride + k - size) / 2);
  return {
    kind: conv?.[1] === 'dw' ? 'dw' : 'conv',
    input: [height, width, channels],
    output: [...out, outputs],
    kernel: [k, k],
    stride: [stride, stride],
    before: [before(height, out[0]), before(width, out[1])],
  };
}

/** The top byte of `s = s * 1664525 + 1013904223` (32 bits) after each step, from `s = 1`. */
function* generator(): Generator<number, never> {
  for (let s = 1; ;) {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    yield s >>> 24;
  }
}

function take(source: Generator<number, never>, count: number): Int8Array {
  return Int8Array.from({ length: count }, () => source.next().value);
}

/** Bytes of the generator that belong to the input, and those that follow to the weights; a layer reads each from its start. */
const BUFFER = 40_000;
const buffer = take(generator(), 2 * BUFFER);

export function barCase({ name }: Bar, repeats: number): JobCase {
  const layer = layerOf(name);
  const weights = buffer.slice(BUFFER, BUFFER + weightsOf(layer));
  return layerCase(layer, buffer.slice(0, product(layer.input)), weights, repeats);
}

export interface NetworkLayer {
  readonly job: JobCase;
  /** What CMSIS-NN v7.0.0 executes for it on a Cortex-M0+, built with -O3. */
  readonly instructions: number;
}

/**
 * The convolutions and dense layers of published networks: a part of the instruction counts that this project made for its
 * cost model (engine/cost/fit). Rows: operator, then the extents of `Layer` and the instructions.
 */
export function networkLayers(): readonly NetworkLayer[] {
  const source = generator();
  const [, ...rows] = readFileSync(join(import.meta.dirname, 'm0plus.csv'), 'utf8')
    .trim()
    .split('\n');
  return rows.map((row) => {
    const [kind = 'conv', ...numbers] = row.split(',');
    const [
      ih = 1,
      iw = 1,
      ic = 1,
      oh = 1,
      ow = 1,
      oc = 1,
      kh = 1,
      kw = 1,
      sh = 1,
      sw = 1,
      top = 0,
      left = 0,
      count = 0,
    ] = numbers.map(Number);
    const layer: Layer = {
      kind: kind as Layer['kind'],
      input: [ih, iw, ic],
      output: [oh, ow, oc],
      kernel: [kh, kw],
      stride: [sh, sw],
      before: [top, left],
    };
    const job = layerCase(layer, take(source, ih * iw * ic), take(source, weightsOf(layer)), 1);
    return { job, instructions: count };
  });
}
