/** Small networks and datasets for the tests of this room. */

import { operatorKinds, rowOf, type template, templateFrom } from '../operators/catalogue.ts';
import { operators, untrainable } from '../space/index.ts';
import type { Network, Op, OpKind, Pair, Shape, Tensor } from '../space/network.ts';
import { spaceOf } from '../space/testing.ts';
import type { Dataset, Split } from './data/dataset.ts';
import { random } from './random.ts';

const source = { file: 'test.nas', line: 0, start: 0, end: 0 };

type Given<K extends OpKind> = Parameters<typeof template<K>>[1];

/** Builds a network operator by operator; `at` is the tensor that the next one reads. */
export class NetworkBuilder {
  readonly #tensors: Tensor[] = [];
  readonly #ops: Op[] = [];
  readonly #inputs: number[] = [];
  at = 0;

  constructor(...inputs: readonly Shape[]) {
    for (const shape of inputs)
      this.#inputs.push(this.#tensors.push({ id: this.#tensors.length, shape, dtype: 'int8' }) - 1);
  }

  get shape(): Shape {
    return this.#tensors[this.at]?.shape ?? [];
  }

  /** What is not given is as the row of the operator has it by default. */
  op<K extends OpKind>(kind: K, given: Given<K> = {}, inputs: readonly number[] = [this.at]): this {
    const op = templateFrom<OpKind>(kind, given);
    const taken = inputs.flatMap((id) => this.#tensors[id] ?? []);
    const [output = -1, ...moreOutputs] = rowOf(kind)
      .outputs(op, taken)
      .outputs.map((spec) => this.#tensors.push({ ...spec, id: this.#tensors.length }) - 1);
    const index = this.#ops.length;
    const name = `${kind}.${String(index)}`;
    this.#ops.push({ ...op, index, name, inputs, output, moreOutputs, source });
    this.at = output;
    return this;
  }

  conv(kernel: Pair, filters: number, given: Given<'conv_2d'> = {}): this {
    return this.op('conv_2d', { ...given, kernel, filters });
  }

  depthwise(kernel: Pair, given: Given<'depthwise_conv_2d'> = {}): this {
    return this.op('depthwise_conv_2d', { ...given, kernel });
  }

  dense(units: number, given: Given<'fully_connected'> = {}): this {
    return this.op('fully_connected', { ...given, units });
  }

  network(): Network {
    return { name: 'test', tensors: this.#tensors, inputs: this.#inputs, outputs: [this.at], ops: this.#ops };
  }
}

/** Can be trained, and run in 8 bits. */
export const isTrainable = ({ ops, tensors }: Network): boolean =>
  ops.every((op) => untrainable(op, tensors[op.output]?.dtype ?? 'int8') === undefined);

/** Of every operator, and of words that stand for several: layers behind an image and two like it, `a` and `b`. */
export const examples: ReadonlySet<string> = new Set([
  ...operatorKinds.flatMap((kind) => rowOf(kind).examples),
  ...[...operators.values()].flatMap((info) => info.examples),
]);

/** The layers of an example, in a space of their own. */
export function exampleText(example: string, input: string, end = ''): string {
  const lines = [`input ${input}`, 'conv 3x3 -> 4 as b', 'conv 3x3 -> 4 as a', ...example.split(';'), end];
  return `space s {\n  ${lines.join('\n  ')}\n}\n`;
}

/** The {@link examples} by their text: each behind two images of 8x8x4 made from `input`, and before `end`. */
export function exampleNetworks(input: string, end = ''): ReadonlyMap<string, Network> {
  return new Map(
    [...examples].map((example) => {
      const space = spaceOf(exampleText(example, input, end));
      return [example, space.lower(space.extreme('min'))];
    }),
  );
}

/** Those that can be trained. */
export const trainableExamples = (input: string, end = ''): ReadonlyMap<string, Network> =>
  new Map([...exampleNetworks(input, end)].filter(([, network]) => isTrainable(network)));

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
  builder.op('add', { activation: 'relu' }, [before, builder.at]);
  return builder
    .conv([3, 3], 8, { stride: [2, 2], activation: 'relu6', batchNorm })
    .op('mean')
    .op('dropout', { rate: 0.1 })
    .dense(3)
    .op('softmax')
    .network();
}
