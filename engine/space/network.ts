/**
 * A decided network: what an architecture becomes when every choice is fixed. The one form that pricing,
 * training, quantisation and export share. Tensors carry no batch dimension; the batch at inference is 1.
 */

import type { Span } from '../../grammar/ast.ts';
import type { OpKind, OpTemplate } from '../operators/catalogue.ts';
import type { DType, Shape } from '../operators/tensors.ts';

export { bytesPerElement, elementsOf, MOST_ELEMENTS } from '../operators/tensors.ts';
export type { OpKind, OpTemplate } from '../operators/catalogue.ts';
export type { DType, Pair, Shape } from '../operators/tensors.ts';
export type { FusedActivation } from '../operators/tflite.ts';

/** Where an operator comes from in the text. */
export interface SourceRef extends Span {
  /** The file's URI or path, as given to the analysis. */
  readonly file: string;
  /** Zero-based line of `start`. */
  readonly line: number;
}

/** An activation tensor (never weights; those belong to their operator). */
export interface Tensor {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface OpPlace {
  /** Position in {@link Network.ops}; operators run in this order. */
  readonly index: number;
  /** Stable, readable and unique in the network, e.g. `MB.2/conv.1`. */
  readonly name: string;
  /** Tensor ids. */
  readonly inputs: readonly number[];
  readonly output: number;
  /** What it puts out beside {@link output}, as a split does. */
  readonly moreOutputs: readonly number[];
  readonly source: SourceRef;
  /**
   * Number format of what it works on, by its name in the schema of a `.tflite`, where its first input does not say it:
   * that is none of {@link DType} (`float16`, `bool`), or a constant, or another input counts.
   */
  readonly format?: string;
  /** Scales of its weights in the file that it was read from, where each output channel has one and need not. */
  readonly scales?: number;
  /** Extents of its output in the file that it was read from, where they are not those of the shape and a batch of one. */
  readonly dimensions?: number;
}

type Placed<T> = T extends OpTemplate ? OpPlace & T : never;

/** An operator in its place. What each kind has, its row in `engine/operators` says. */
export type Op<K extends OpKind = OpKind> = Placed<OpTemplate<K>>;

/** All tensors that it puts out. */
export const outputsOf = ({
  output,
  moreOutputs,
}: Pick<OpPlace, 'output' | 'moreOutputs'>): readonly number[] =>
  moreOutputs.length === 0 ? [output] : [output, ...moreOutputs];

/** What a network remembers from one inference to the next. */
export interface Kept {
  readonly name: string;
  /** The tensor that holds it, or `undefined` for a variable that operators read and write by its name. */
  readonly tensor: number | undefined;
  readonly bytes: number;
}

export interface Network {
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly ops: readonly Op[];
  /** Nothing when absent. */
  readonly kept?: readonly Kept[];
  /**
   * Tensors of the file that it was read from: all, and those that are worked out, apart those without an element.
   * Without, they are its inputs and what its operators bring.
   */
  readonly listed?: { readonly tensors: number; readonly activations: number; readonly empty: number };
}
