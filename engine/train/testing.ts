/** Small networks and datasets for the tests of this room. */

import type { FusedActivation, Network, Op, Pair, Shape, Tensor } from '../space/network.ts';
import type { Dataset, Split } from './data/dataset.ts';
import { random } from './random.ts';

const source = { file: 'test.nas', line: 0, start: 0, end: 0 };

interface WindowOptions {
  readonly stride?: Pair;
  readonly padding?: 'same' | 'valid';
  readonly dilation?: Pair;
  readonly activation?: FusedActivation;
  readonly batchNorm?: boolean;
  readonly groups?: number;
}

/** `Omit` that keeps the members of a union apart. */
type Bare<T> = T extends Op ? Omit<T, 'index' | 'name' | 'inputs' | 'output' | 'source'> : never;

function outputSize(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: 'same' | 'valid',
): number {
  return padding === 'same'
    ? Math.ceil(size / stride)
    : Math.floor((size - (kernel - 1) * dilation - 1) / stride) + 1;
}

/** Builds a network operator by operator; `at` is the tensor that the next one reads. */
export class NetworkBuilder {
  readonly #tensors: Tensor[] = [];
  readonly #ops: Op[] = [];
  at = 0;

  constructor(input: Shape) {
    this.#tensor(input);
  }

  #tensor(shape: Shape): number {
    this.#tensors.push({ id: this.#tensors.length, shape, dtype: 'int8' });
    return this.#tensors.length - 1;
  }

  get shape(): Shape {
    return this.#tensors[this.at]?.shape ?? [];
  }

  op(bare: Bare<Op>, shape: Shape = this.shape, inputs: readonly number[] = [this.at]): this {
    const output = this.#tensor(shape);
    const index = this.#ops.length;
    this.#ops.push({ ...bare, index, name: `${bare.kind}.${String(index)}`, inputs, output, source });
    this.at = output;
    return this;
  }

  #window(
    kernel: Pair,
    options: WindowOptions,
  ): { fields: Required<WindowOptions> & { kernel: Pair }; spatial: Pair } {
    const fields = {
      kernel,
      stride: options.stride ?? ([1, 1] as const),
      padding: options.padding ?? ('same' as const),
      dilation: options.dilation ?? ([1, 1] as const),
      activation: options.activation ?? ('none' as const),
      batchNorm: options.batchNorm ?? false,
      groups: options.groups ?? 1,
    };
    const size = (axis: 0 | 1) =>
      outputSize(
        this.shape[axis] ?? 1,
        kernel[axis],
        fields.stride[axis],
        fields.dilation[axis],
        fields.padding,
      );
    return { fields, spatial: [size(0), size(1)] };
  }

  conv(kernel: Pair, filters: number, options: WindowOptions = {}): this {
    const { fields, spatial } = this.#window(kernel, options);
    return this.op({ kind: 'conv_2d', ...fields, filters, bias: true }, [...spatial, filters]);
  }

  depthwise(kernel: Pair, options: WindowOptions & { multiplier?: number } = {}): this {
    const { fields, spatial } = this.#window(kernel, options);
    const { kernel: size, stride, padding, dilation, activation, batchNorm } = fields;
    const depthMultiplier = options.multiplier ?? 1;
    const shared = { kernel: size, stride, padding, dilation, activation, batchNorm };
    return this.op({ kind: 'depthwise_conv_2d', ...shared, depthMultiplier, bias: true }, [
      ...spatial,
      (this.shape[2] ?? 1) * depthMultiplier,
    ]);
  }

  pool(kind: 'max_pool_2d' | 'average_pool_2d', kernel: Pair, options: WindowOptions = {}): this {
    const { fields, spatial } = this.#window(kernel, options);
    const { stride, padding, activation } = fields;
    return this.op({ kind, kernel, stride, padding, activation }, [...spatial, this.shape[2] ?? 1]);
  }

  mean(): this {
    return this.op({ kind: 'mean' }, [this.shape[2] ?? 1]);
  }

  dense(units: number, activation: FusedActivation = 'none'): this {
    return this.op({ kind: 'fully_connected', units, activation, bias: true, batchNorm: false }, [units]);
  }

  activation(
    kind: 'relu' | 'relu6' | 'hard_swish' | 'logistic' | 'tanh' | 'softmax' | 'leaky_relu' | 'dropout',
    parameter?: number,
  ): this {
    return this.op({ kind, parameter });
  }

  network(): Network {
    return { name: 'test', tensors: this.#tensors, inputs: [0], outputs: [this.at], ops: this.#ops };
  }
}

/** Images of a bright bar: class 0 upright, class 1 level, class 2 none. Learnt in a few steps. */
export function barsDataset(perClass: number, [height = 8, width = 8]: Shape = [8, 8]): Dataset {
  const split = (purpose: string, count: number): Split => {
    const source = random(5, purpose);
    const size = height * width;
    const values = new Uint8Array(3 * count * size);
    const labels = new Int32Array(3 * count);
    for (let i = 0; i < 3 * count; i++) {
      labels[i] = i % 3;
      const place = source.int(i % 3 === 0 ? width : height);
      for (let p = 0; p < size; p++) {
        const on = i % 3 === 2 ? false : i % 3 === 0 ? p % width === place : Math.floor(p / width) === place;
        values[i * size + p] = source.int(80) + (on ? 150 : 0);
      }
    }
    return { size: 3 * count, values, labels };
  };
  return {
    name: 'bars',
    shape: [height, width, 1],
    classes: 3,
    classNames: ['upright', 'level', 'none'],
    normalization: { scale: 1 / 255, offset: 0 },
    train: split('train', perClass),
    validation: split('validation', 20),
    test: split('test', 20),
    mirror: true,
    calibrate: 32,
    source: 'made for tests',
    license: 'Apache-2.0',
    fingerprint: 'bars',
  };
}

/** A classifier of {@link barsDataset} with batch normalisation, a residual and dropout. */
export function barsNetwork(batchNorm = true): Network {
  const builder = new NetworkBuilder([8, 8, 1]).conv([3, 3], 6, { activation: 'relu', batchNorm });
  const before = builder.at;
  builder.depthwise([3, 3], { batchNorm }).conv([1, 1], 6, { batchNorm });
  builder.op({ kind: 'add', activation: 'relu' }, builder.shape, [before, builder.at]);
  return builder
    .conv([3, 3], 8, { stride: [2, 2], activation: 'relu6', batchNorm })
    .mean()
    .activation('dropout', 0.1)
    .dense(3)
    .activation('softmax')
    .network();
}
