/** Shapes of every operator that the kernels have, drawn from a seed: what is counted for the forms of the cost model. */

import type { AttributeValues } from '../../../engine/operators/catalogue.ts';
import type { OpKind, Pair, Shape } from '../../../engine/space/network.ts';
import { random, type Random } from '../../../engine/train/random.ts';

export interface Drawn {
  readonly kind: OpKind;
  readonly given: AttributeValues;
  readonly inputs: readonly Shape[];
}

/** Most multiply-accumulates of a layer: so that all run within two minutes. */
const MOST_MACS = 1_000_000;
/** Bytes of the inputs, and of the weights, so that a layer has room in every emulated machine. */
const MOST_BYTES = 60_000;

const oneOf = <T>(source: Random, list: readonly T[]): T => list[source.int(list.length)] as T;

/** Log-uniform in `[1, most]`: small numbers, whose remainders tell most, come as often as great ones. */
const upTo = (source: Random, most: number): number =>
  Math.min(most, Math.floor(Math.exp(source.unit() * Math.log(most + 1))));

/** Channels: half are multiples of 4 or 16, as in most networks; the others leave something over. */
function channels(source: Random, most: number): number {
  const step = oneOf(source, [1, 1, 4, 16]);
  return step * upTo(source, Math.max(1, Math.floor(most / step)));
}

/** Some are a row, as sounds are. */
const image = (source: Random, side: number, most: number): readonly [number, number, number] => [
  source.int(8) === 0 ? 1 : Math.max(2, upTo(source, side)),
  Math.max(2, upTo(source, side)),
  channels(source, most),
];

/** No extent is 1: where one is, others become one axis, and what moves is a plain copy. */
const block = (source: Random): readonly [number, number, number] => {
  const [height, width, count] = image(source, 24, 64);
  return [Math.max(2, height), width, Math.max(2, count)];
};

/** Windows of networks, the frequent ones several times; and those along one direction. */
function kernel(source: Random): Pair {
  const length = 2 + source.int(6);
  return oneOf<Pair>(source, [
    ...[1, 3, 3, 3, 5, 5, 7, 2, 4, 6].map((side): Pair => [side, side]),
    [1, length],
    [length, 1],
    [2 + source.int(4), length],
  ]);
}

const product = (extents: readonly number[]): number => extents.reduce((a, b) => a * b, 1);

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: 'same' | 'valid';
}

/** Over an image that it fits into, unless it is padded. */
function window(source: Random, [height, width]: Shape): Window {
  const side = kernel(source);
  const step = oneOf(source, [1, 1, 1, 2, 2, 3]);
  const stride: Pair = source.int(8) === 0 ? [1, step] : [step, step];
  const fits = side[0] <= (height ?? 1) && side[1] <= (width ?? 1);
  return { kernel: side, stride, padding: fits && source.int(4) === 0 ? 'valid' : 'same' };
}

const dilated = (source: Random): Pair => [1 + source.int(3), 2 + source.int(2)];

/** `undefined` where it is larger than is counted. */
type Draw = (source: Random) => Omit<Drawn, 'kind'> | undefined;

const placesOf = ([height = 1, width = 1]: Shape, { stride, kernel: [kh, kw], padding }: Window): number => {
  const side = (size: number, step: number, window: number): number =>
    padding === 'same' ? Math.ceil(size / step) : Math.floor((size - window) / step) + 1;
  return side(height, stride[0], kh) * side(width, stride[1], kw);
};

function convolution(
  source: Random,
  own: (window: Window, shape: Shape) => AttributeValues,
): ReturnType<Draw> {
  const shape = image(source, 40, 160);
  const filters = channels(source, 128);
  const over = window(source, shape);
  const values = product(over.kernel) * shape[2] * filters;
  if (values > MOST_BYTES || values * placesOf(shape, over) > MOST_MACS) return undefined;
  return { given: { ...over, filters, ...own(over, shape) }, inputs: [shape] };
}

const padded = { padding: 'same' } as const;
const pointwise = { kernel: [1, 1], ...padded } as const;

function grouped(source: Random): ReturnType<Draw> {
  const groups = oneOf(source, [2, 3, 4, 8]);
  return convolution(source, (_, shape) => ({
    groups: (shape[2] ?? 1) % groups === 0 ? groups : 1,
    filters: groups * channels(source, 24),
    ...(source.int(4) === 0 ? { dilation: dilated(source), ...padded, stride: [1, 1] } : {}),
  }));
}

function depthwise(source: Random, depthMultiplier: number, own: AttributeValues = {}): ReturnType<Draw> {
  const shape = image(source, 40, 128);
  const over = window(source, shape);
  if (product(over.kernel) * shape[2] * depthMultiplier * placesOf(shape, over) > MOST_MACS / 2)
    return undefined;
  return { given: { ...over, depthMultiplier, ...own }, inputs: [shape] };
}

function pool(source: Random): ReturnType<Draw> {
  const shape = image(source, 24, 96);
  const over = window(source, shape);
  const side: Pair = [Math.min(over.kernel[0], shape[0]), Math.min(over.kernel[1], shape[1])];
  return product(side) * shape[2] * placesOf(shape, over) > MOST_MACS / 4
    ? undefined
    : { given: { ...over, kernel: side }, inputs: [shape] };
}

const alone: Draw = (source) => ({ given: {}, inputs: [block(source)] });

/** Two of one shape, or the second with one value for each channel, or for each pixel. */
function pair(source: Random): ReturnType<Draw> {
  const shape = image(source, 20, 64);
  const [height, width, count] = shape;
  return {
    given: {},
    inputs: [shape, oneOf<Shape>(source, [shape, shape, [1, 1, count], [height, width, 1]])],
  };
}

const byChannel: Draw = (source) => {
  const shape = image(source, 20, 64);
  return { given: { channels: shape[2] }, inputs: [shape] };
};

const resized: Draw = (source) => {
  const shape = image(source, 12, 48);
  const times = 1 + source.int(3);
  return {
    given: {
      size: source.int(2) === 0 ? [times * shape[0], times * shape[1]] : [upTo(source, 24), upTo(source, 24)],
    },
    inputs: [shape],
  };
};

/** How many of each, and how one is drawn. Functions of single values are all one kernel: `logistic` stands for them. */
const draws: Readonly<Partial<Record<OpKind, readonly (readonly [count: number, draw: Draw])[]>>> = {
  conv_2d: [
    [260, (source) => convolution(source, () => ({}))],
    [80, (source) => convolution(source, ({ stride }) => ({ ...pointwise, stride }))],
    [50, (source) => convolution(source, () => ({ dilation: dilated(source), ...padded, stride: [1, 1] }))],
    [60, grouped],
  ],
  depthwise_conv_2d: [
    [200, (source) => depthwise(source, 1)],
    [80, (source) => depthwise(source, 1, { kernel: [3, 3], ...padded })],
    [30, (source) => depthwise(source, 1, { dilation: dilated(source), ...padded, stride: [1, 1] })],
    [40, (source) => depthwise(source, 2 + source.int(5))],
  ],
  transpose_conv: [
    [
      60,
      (source) => {
        const [shape, filters] = [image(source, 12, 48), channels(source, 48)];
        const sides = [2, 3, 3, 4, 5];
        const side: Pair = [oneOf(source, sides), oneOf(source, sides)];
        const stride = oneOf<Pair>(source, [
          [1, 1],
          [2, 2],
          [2, 2],
          [1, 2],
        ]);
        if (product(shape) * product(side) * filters > MOST_MACS) return undefined;
        return { given: { kernel: side, stride, filters, ...padded }, inputs: [shape] };
      },
    ],
  ],
  fully_connected: [
    [
      80,
      (source) => {
        const [inputs, units] = [channels(source, 1500), channels(source, 600)];
        return inputs * units > MOST_BYTES ? undefined : { given: { units }, inputs: [[inputs]] };
      },
    ],
  ],
  max_pool_2d: [[60, pool]],
  average_pool_2d: [[60, pool]],
  mean: [[40, alone]],
  reduce_max: [[40, alone]],
  channel_mean: [[40, alone]],
  add: [[50, pair]],
  sub: [[30, pair]],
  mul: [[50, pair]],
  squared_difference: [[30, pair]],
  add_scalar: [[30, (source) => ({ given: { value: 3 }, inputs: [block(source)] })]],
  mul_scalar: [[30, (source) => ({ given: { value: 0.5 }, inputs: [block(source)] })]],
  channel_mul: [[30, byChannel]],
  channel_sub: [[30, byChannel]],
  logistic: [[30, alone]],
  prelu: [[40, alone]],
  softmax: [
    [
      40,
      (source) => ({ given: {}, inputs: [oneOf<Shape>(source, [[2 + upTo(source, 200)], block(source)])] }),
    ],
  ],
  reshape: [
    [
      30,
      (source) => {
        const shape = block(source);
        return { given: { shape: [1, 1, product(shape)] }, inputs: [shape] };
      },
    ],
  ],
  transpose: [
    [
      60,
      (source) => ({
        given: {
          axes: oneOf(source, [
            [2, 0, 1],
            [1, 0, 2],
            [1, 0, 2],
            [1, 2, 0],
            [0, 2, 1],
            [2, 1, 0],
          ]),
        },
        inputs: [block(source)],
      }),
    ],
  ],
  // Of channels, as `slice` and `split` are mostly for: rows alone are one copy, and cheaper.
  slice: [
    [
      40,
      (source) => {
        const [height, width, count] = block(source);
        const size = [1 + source.int(height), 1 + source.int(width), 1 + source.int(count - 1)];
        return {
          given: { begin: [0, 0, source.int(count - (size[2] ?? 1))], size },
          inputs: [[height, width, count]],
        };
      },
    ],
  ],
  split: [
    [
      30,
      (source) => {
        const parts = 2 + source.int(3);
        const [height, width, count] = block(source);
        return { given: { parts, axis: 2 }, inputs: [[height, width, parts * Math.ceil(count / parts)]] };
      },
    ],
  ],
  concatenation: [
    [
      40,
      (source) => {
        const [height, width] = image(source, 16, 1);
        const count = 2 + source.int(3);
        return {
          given: {},
          inputs: Array.from({ length: count }, (): Shape => [height, width, channels(source, 48)]),
        };
      },
    ],
  ],
  pad: [
    [
      40,
      (source) => {
        const [before, after] = [0, 0].map((): Pair => [source.int(3), source.int(3)]);
        return { given: { before, after }, inputs: [block(source)] };
      },
    ],
  ],
  resize_nearest_neighbor: [[40, resized]],
  resize_bilinear: [[40, resized]],
};

/** The same whenever it is asked. */
export function* drawn(): Generator<Drawn> {
  for (const [name, each] of Object.entries(draws)) {
    const kind = name as OpKind;
    for (const [way, [count, draw]] of each.entries()) {
      const source = random(kind, way);
      for (let found = 0; found < count;) {
        const one = draw(source);
        if (one === undefined) continue;
        found++;
        yield { kind, ...one };
      }
    }
  }
}
