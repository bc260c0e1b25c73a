/** What a device has to know of the data that its network was trained on: `engine/train` tells, `engine/model` exports it. */

import type { Shape } from './network.ts';

export interface DataFacts {
  /** In the order of the network's outputs. */
  readonly classNames: readonly string[];
  /** `[height, width, channels]`, or `[features]`, of the samples as the data has them. */
  readonly shape: Shape;
  /** Whether the samples are bytes, such as pixels, or other numbers. */
  readonly values: 'bytes' | 'numbers';
  /** `real = (value - offset) * scale`: what the network sees of a value. */
  readonly normalization: { readonly scale: number; readonly offset: number };
  /** Of a table, in the order of the input's values: `real = (value - mean) / deviation`, before the normalisation. */
  readonly columns?:
    readonly { readonly name: string; readonly mean: number; readonly deviation: number }[] | undefined;
  /** Samples of each split. */
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
}
