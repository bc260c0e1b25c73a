/**
 * What was written for a layer, as values of the kinds that operators take, and what does not fit them.
 *
 * Window arithmetic is that of TFLite (`ComputeOutSize`): same `ceil(n / s)`, valid
 * `floor((n - ((k - 1) * d + 1)) / s) + 1`.
 */

import { MOST_ELEMENTS } from '../network.ts';
import type { DType, Pair, Shape } from '../network.ts';
import { finding } from '../problems/catalogue.ts';
import type { Finding } from '../problems/problem.ts';
import { asPair } from './possible-values.ts';
import { shapeText } from './tensor-types.ts';
import type { TensorType, TensorTypes } from './tensor-types.ts';
import { describeValue, isDims, valueText } from './values.ts';
import type { Value } from './values.ts';

export interface LayerRequest {
  readonly operator: string;
  /** What was written, by name: the operand and output under `operand` and `output`. */
  readonly attributes: ReadonlyMap<string, Value>;
  readonly followers: readonly { readonly name: string; readonly value: Value }[];
  readonly inputs: readonly TensorType[];
  readonly types: TensorTypes;
  /** A condition under which a `skip` would fit, for its quick fix. */
  readonly remedy: string | undefined;
}

/** Thrown while a layer is built; `applyLayer` returns what was found. */
export class Misfit extends Error {
  readonly found: Finding | undefined;
  constructor(found: Finding | undefined) {
    super(found?.message);
    this.found = found;
  }
}

/** Greatest kernel, stride, dilation, padding or size of a picture along one axis. */
const MOST_IN_A_WINDOW = 65_535;

export class LayerReader {
  protected readonly request: LayerRequest;
  protected warning: Finding | undefined;

  constructor(request: LayerRequest) {
    this.request = request;
  }

  protected attribute(name: string): Value {
    return this.request.attributes.get(name);
  }

  /** Written but not known (reported elsewhere): nothing can be said of this layer. */
  protected written(name: string): boolean {
    if (!this.request.attributes.has(name)) return false;
    if (this.attribute(name) === undefined) throw new Misfit(undefined);
    return true;
  }

  protected only(): TensorType {
    const [input] = this.request.inputs;
    if (input === undefined) throw new Misfit(undefined);
    return input;
  }

  protected image(input: TensorType): readonly [number, number, number] {
    const [height, width, channels] = input.shape;
    if (input.shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
      const text = `a vector of ${shapeText(input.shape)}`;
      throw new Misfit(finding('shape/rank', { operator: this.request.operator, input: text }));
    }
    return [height, width, channels];
  }

  protected pair(name: string, what: string, least: number, otherwise?: number | Pair): Pair {
    if (!this.written(name)) {
      if (otherwise === undefined) throw new Misfit(undefined);
      return typeof otherwise === 'number' ? [otherwise, otherwise] : otherwise;
    }
    const value = this.attribute(name);
    const pair = asPair(value);
    if (pair === undefined) this.wrongType(what, 'a number such as `3` or dimensions such as `3x1`', value);
    const rounded = [Math.round(pair[0]), Math.round(pair[1])] as const;
    const fits = (extent: number): boolean => extent >= least && extent <= MOST_IN_A_WINDOW;
    if (!fits(rounded[0]) || !fits(rounded[1])) {
      this.outOfRange(what, `from ${least} to ${MOST_IN_A_WINDOW}`, value);
    }
    return rounded;
  }

  protected count(name: string, what: string, otherwise?: number): number {
    if (!this.written(name)) {
      if (otherwise === undefined) throw new Misfit(undefined);
      return otherwise;
    }
    const value = this.attribute(name);
    if (typeof value !== 'number') this.wrongType(`number of ${what}`, 'a number', value);
    const rounded = Math.round(value);
    if (!(rounded >= 1 && rounded < MOST_ELEMENTS))
      this.outOfRange(`number of ${what}`, `at least 1 and below ${MOST_ELEMENTS}`, value);
    return rounded;
  }

  protected number(name: string, otherwise: number): number {
    if (!this.written(name)) return otherwise;
    const value = this.attribute(name);
    if (typeof value !== 'number') this.wrongType(name, 'a number', value);
    return value;
  }

  protected shape(name: string, otherwise: Shape): Shape {
    if (!this.written(name)) return otherwise;
    const value = this.attribute(name);
    const shape = isDims(value) ? value : typeof value === 'number' ? [value] : undefined;
    if (shape === undefined) this.wrongType('shape', 'dimensions such as `7x7x16`', value);
    const rounded = shape.map(Math.round);
    if (rounded.some((extent) => !(extent >= 1))) this.outOfRange('shape', 'at least 1 everywhere', value);
    return rounded;
  }

  protected switch(name: string, otherwise: boolean): boolean {
    if (!this.written(name)) return otherwise;
    const value = this.attribute(name);
    return value === 'on' || value === true;
  }

  protected dtype(name: string, otherwise: DType): DType {
    const value = this.written(name) ? this.attribute(name) : otherwise;
    for (const dtype of ['int8', 'uint8', 'int16', 'int32', 'float32'] as const) {
      if (value === dtype) return dtype;
    }
    return this.wrongType('number format', 'int8, uint8, int16, int32 or float32', value);
  }

  protected padding(): 'same' | 'valid' {
    const value = this.written('padding') ? this.attribute('padding') : 'same';
    if (value === 'same' || value === 'valid') return value;
    return this.wrongType('padding', 'same or valid', value);
  }

  protected window(
    image: readonly [number, number],
    kernel: Pair,
    stride: Pair,
    dilation: Pair,
    padding: 'same' | 'valid',
  ): readonly [number, number] {
    const { operator } = this.request;
    const out = [0, 1].map((axis) => {
      const extent = image[axis] ?? 0;
      const step = stride[axis] ?? 1;
      if (padding === 'same') return Math.ceil(extent / step);
      const reach = ((kernel[axis] ?? 1) - 1) * (dilation[axis] ?? 1) + 1;
      return Math.floor((extent - reach) / step) + 1;
    });
    const [rows = 0, columns = 0] = out;
    if (rows < 1 || columns < 1) {
      throw new Misfit(
        finding('shape/vanishes', { operator, input: image.join('x'), kernel: kernel.join('x') }),
      );
    }
    if (stride[0] > image[0] || stride[1] > image[1]) {
      this.warning = finding('shape/stride-past-image', {
        operator,
        input: image.join('x'),
        stride: stride.join('x'),
      });
    }
    return [rows, columns];
  }

  protected mismatch(operator: string, left: TensorType, right: TensorType, reason: string): never {
    throw new Misfit(
      finding('shape/mismatch', {
        operator,
        left: shapeText(left.shape),
        right: shapeText(right.shape),
        reason,
        condition: this.request.remedy,
      }),
    );
  }

  protected wrongType(what: string, expected: string, value: Value): never {
    throw new Misfit(finding('value/type', { what, expected, found: describeValue(value) }));
  }

  protected outOfRange(what: string, expected: string, value: Value): never {
    throw new Misfit(finding('value/range', { what, expected, found: valueText(value) }));
  }
}
