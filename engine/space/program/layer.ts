/**
 * What one layer does to the tensors that arrive: its operators in order and the type put out, or why it
 * cannot be. The first operator takes the layer's inputs, each other the output of the one before it.
 *
 * Window arithmetic is that of TFLite (`ComputeOutSize`): same `ceil(n / s)`, valid
 * `floor((n - ((k - 1) * d + 1)) / s) + 1`.
 */

import { MOST_ELEMENTS } from '../network.ts';
import type { DType, FusedActivation, Op, Pair, Shape } from '../network.ts';
import {
  followerOrder,
  shapeGroups,
  shapeMismatch,
  shapeRank,
  shapeReshape,
  shapeStridePastImage,
  shapeVanishes,
  valueRange,
  valueType,
} from '../problems/catalogue.ts';
import { finding } from '../problems/problem.ts';
import type { Finding } from '../problems/problem.ts';
import { asPair } from './compile.ts';
import { shapeText } from './tensor-types.ts';
import type { TensorType, TensorTypes } from './tensor-types.ts';
import { describeValue, isDims, valueText } from './values.ts';
import type { Value } from './values.ts';

type Bare<T> = T extends Op ? Omit<T, 'index' | 'name' | 'inputs' | 'output' | 'source'> : never;
/** An operator without its place in a network. */
export type OpTemplate = Bare<Op>;

export interface LayerOp {
  readonly template: OpTemplate;
  readonly inputs: readonly TensorType[];
  readonly output: TensorType;
  /** Appended to the layer's name for all but its first operator. */
  readonly suffix: string;
}

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

export interface Layer {
  readonly ops: readonly LayerOp[];
  readonly output: TensorType;
  readonly warning: Finding | undefined;
}

/** Thrown inside this file only; {@link applyLayer} returns it. */
class Misfit extends Error {
  readonly found: Finding | undefined;
  constructor(found: Finding | undefined) {
    super(found?.message);
    this.found = found;
  }
}

/** `failure` is undefined when a value is not known because of a problem reported elsewhere. */
export type LayerResult = Layer | { readonly failure: Finding | undefined };

export function applyLayer(request: LayerRequest): LayerResult {
  try {
    return new LayerBuilder(request).build();
  } catch (error) {
    if (error instanceof Misfit) return { failure: error.found };
    throw error;
  }
}

const activationKinds = {
  relu: 'relu',
  relu6: 'relu6',
  hswish: 'hard_swish',
  sigmoid: 'logistic',
  tanh: 'tanh',
  softmax: 'softmax',
  leaky: 'leaky_relu',
} as const;

/** Greatest kernel, stride, dilation, padding or size of a picture along one axis. */
const MOST_IN_A_WINDOW = 65_535;

const LEAKY_SLOPE = 0.01;
const DROPOUT_RATE = 0.5;

function isActivation(name: string): name is keyof typeof activationKinds {
  return name in activationKinds;
}

class LayerBuilder {
  private readonly request: LayerRequest;
  private readonly ops: LayerOp[] = [];
  private warning: Finding | undefined;

  constructor(request: LayerRequest) {
    this.request = request;
  }

  build(): Layer {
    const output = this.main();
    return { ops: this.ops, output, warning: this.warning };
  }

  private main(): TensorType {
    const { operator } = this.request;
    if (isActivation(operator)) {
      return this.trailing(this.activation(operator, this.only(), this.attribute('operand'), ''), 0);
    }
    switch (operator) {
      case 'conv':
      case 'reduce':
      case 'dwconv':
        return this.convolution(operator);
      case 'dense':
        return this.dense();
      case 'maxpool':
      case 'avgpool':
        return this.pool(operator);
      case 'gap':
      case 'gmp': {
        const [, , channels] = this.image(this.only());
        const template = { kind: operator === 'gap' ? 'mean' : 'reduce_max' } as const;
        return this.trailing(this.emit(template, [this.only()], [channels]), 0);
      }
      case 'flatten':
        return this.trailing(this.emit({ kind: 'reshape' }, [this.only()], [this.only().elements]), 0);
      case 'reshape':
        return this.trailing(this.reshape(), 0);
      case 'pad':
        return this.trailing(this.pad(), 0);
      case 'resize':
      case 'upsample':
        return this.trailing(this.resize(), 0);
      case 'add':
      case 'sub':
      case 'mul':
        return this.elementwise(operator);
      case 'concat':
        return this.trailing(this.concat(), 0);
      case 'dropout':
        return this.emit({ kind: 'dropout', parameter: this.number('operand', DROPOUT_RATE) }, [this.only()]);
      case 'quantize':
      case 'requantize':
      case 'dequantize': {
        const kind = operator === 'dequantize' ? 'dequantize' : 'quantize';
        const dtype = kind === 'quantize' ? this.dtype('operand', 'int8') : 'float32';
        return this.emit({ kind }, [this.only()], this.only().shape, dtype);
      }
      case 'other':
        return this.other();
      default:
        throw new Misfit(undefined);
    }
  }

  // ------------------------------------------------------------ operators

  private convolution(operator: 'conv' | 'reduce' | 'dwconv'): TensorType {
    const input = this.only();
    const [height, width, channels] = this.image(input);
    const reduces = operator === 'reduce';
    const kernel = reduces ? ([3, 3] as const) : this.pair('operand', 'kernel', 1);
    const stride = this.pair('stride', 'stride', 1, reduces ? 2 : 1);
    const dilation = this.pair('dilation', 'dilation', 1, 1);
    const padding = this.padding();
    const [rows, columns] = this.window([height, width], kernel, stride, dilation, padding);
    const common = { kernel, stride, padding, dilation, bias: this.switch('bias', true) };
    const { batchNorm, activation, next } = this.fused();
    if (operator !== 'dwconv') {
      const filters = this.count('output', 'channels');
      const groups = this.count('groups', 'groups', 1);
      if (channels % groups !== 0 || filters % groups !== 0) {
        const odd = channels % groups !== 0 ? channels : filters;
        throw new Misfit(finding(shapeGroups, { channels: odd, groups }));
      }
      const template = { kind: 'conv_2d', ...common, filters, groups, activation, batchNorm } as const;
      return this.trailing(this.emit(template, [input], [rows, columns, filters]), next);
    }
    const depthMultiplier = this.count('multiplier', 'multiplier', 1);
    const template = {
      kind: 'depthwise_conv_2d',
      ...common,
      depthMultiplier,
      activation,
      batchNorm,
    } as const;
    return this.trailing(this.emit(template, [input], [rows, columns, channels * depthMultiplier]), next);
  }

  private dense(): TensorType {
    const units = this.count('output', 'units');
    const { batchNorm, activation, next } = this.fused();
    const template = {
      kind: 'fully_connected',
      units,
      bias: this.switch('bias', true),
      activation,
      batchNorm,
    } as const;
    return this.trailing(this.emit(template, [this.only()], [units]), next);
  }

  private pool(operator: 'maxpool' | 'avgpool'): TensorType {
    const input = this.only();
    const [height, width, channels] = this.image(input);
    const kernel = this.pair('operand', 'kernel', 1);
    const stride = this.pair('stride', 'stride', 1, 1);
    const padding = this.padding();
    const [rows, columns] = this.window([height, width], kernel, stride, [1, 1], padding);
    const { activation, next } = this.fused();
    const kind = operator === 'maxpool' ? 'max_pool_2d' : 'average_pool_2d';
    const template = { kind, kernel, stride, padding, activation } as const;
    return this.trailing(this.emit(template, [input], [rows, columns, channels]), next);
  }

  private reshape(): TensorType {
    const input = this.only();
    const shape = this.shape('output', input.shape);
    const wanted = shape.reduce((product, extent) => product * extent, 1);
    if (wanted !== input.elements) {
      throw new Misfit(
        finding(shapeReshape, {
          input: shapeText(input.shape),
          output: shapeText(shape),
          elements: input.elements,
          wanted,
        }),
      );
    }
    return this.emit({ kind: 'reshape' }, [input], shape);
  }

  private pad(): TensorType {
    const input = this.only();
    const [height, width, channels] = this.image(input);
    const all = this.pair('operand', 'padding', 0, 0);
    const before = this.pair('before', 'padding before', 0, all);
    const after = this.pair('after', 'padding after', 0, all);
    const added = Math.round(this.number('channels', 0));
    if (added < 0) this.outOfRange('number of added channels', 'at least 0', added);
    const shape = [height + before[0] + after[0], width + before[1] + after[1], channels + added];
    const template = { kind: 'pad', before, after, ...(added === 0 ? {} : { channels: added }) } as const;
    return this.emit(template, [input], shape);
  }

  private resize(): TensorType {
    const input = this.only();
    const [height, width, channels] = this.image(input);
    const size = this.pair('operand', 'size', 1);
    const to = this.request.operator === 'resize' ? size : ([height * size[0], width * size[1]] as const);
    const bilinear = this.attribute('mode') === 'bilinear';
    const kind = bilinear ? 'resize_bilinear' : 'resize_nearest_neighbor';
    return this.emit({ kind }, [input], [to[0], to[1], channels]);
  }

  private elementwise(kind: 'add' | 'sub' | 'mul'): TensorType {
    const [left, right] = this.request.inputs;
    if (left === undefined || right === undefined) throw new Misfit(undefined);
    const broadcast =
      kind === 'mul' &&
      right.shape.at(-1) === left.shape.at(-1) &&
      right.shape.slice(0, -1).every((extent) => extent === 1);
    if (shapeText(left.shape) !== shapeText(right.shape) && !broadcast) {
      this.mismatch(kind, left, right, 'they must have the same shape');
    }
    const { activation, next } = this.fused();
    return this.trailing(this.emit({ kind, activation }, [left, right], left.shape), next);
  }

  private concat(): TensorType {
    const { inputs } = this.request;
    const [first, ...rest] = inputs;
    if (first === undefined) throw new Misfit(undefined);
    const last = first.shape.length - 1;
    const axis = Math.round(this.number('axis', last));
    if (axis < 0 || axis > last) this.outOfRange('axis', `from 0 to ${last}`, axis);
    const without = ({ shape }: TensorType): string =>
      shape.map((extent, at) => (at === axis ? '*' : extent)).join('x');
    let joined = first.shape[axis] ?? 0;
    for (const other of rest) {
      if (without(other) !== without(first)) {
        const what =
          axis === last ? 'all but the channels must be equal' : `all but extent ${axis} must be equal`;
        this.mismatch('concat', first, other, what);
      }
      joined += other.shape[axis] ?? 0;
    }
    const shape = first.shape.map((extent, at) => (at === axis ? joined : extent));
    return this.emit(
      axis === last ? { kind: 'concatenation' } : { kind: 'concatenation', axis },
      inputs,
      shape,
    );
  }

  private other(): TensorType {
    const [first] = this.request.inputs;
    if (first === undefined) throw new Misfit(undefined);
    const name = this.attribute('name');
    const template = {
      kind: 'other',
      tfliteName: typeof name === 'string' ? name : 'CUSTOM',
      weightBytes: this.number('weights', 0),
      macs: this.number('macs', 0),
    } as const;
    const dtype = this.dtype('type', first.dtype);
    return this.emit(template, this.request.inputs, this.shape('output', first.shape), dtype);
  }

  // ------------------------------------------------------------ what follows

  /** Folds `bn` and a free activation into the operator; `next` is the first follower that is left. */
  private fused(): { batchNorm: boolean; activation: FusedActivation; next: number } {
    const { followers } = this.request;
    let next = 0;
    const batchNorm = followers[next]?.name === 'bn';
    if (batchNorm) next++;
    const name = followers[next]?.name;
    if (name === 'relu' || name === 'relu6') return { batchNorm, activation: name, next: next + 1 };
    return { batchNorm, activation: 'none', next };
  }

  private trailing(output: TensorType, next: number): TensorType {
    let current = output;
    for (const { name, value } of this.request.followers.slice(next)) {
      const suffix = `/${name}`;
      if (isActivation(name)) {
        current = this.activation(name, current, value, suffix);
      } else if (name === 'dropout') {
        const parameter = typeof value === 'number' ? value : DROPOUT_RATE;
        current = this.emit({ kind: 'dropout', parameter }, [current], current.shape, current.dtype, suffix);
      } else {
        throw new Misfit(finding(followerOrder, { name, reason: 'it is folded into the weights before it' }));
      }
    }
    return current;
  }

  private activation(
    name: keyof typeof activationKinds,
    input: TensorType,
    value: Value,
    suffix: string,
  ): TensorType {
    const slope = typeof value === 'number' ? value : LEAKY_SLOPE;
    const parameter = name === 'leaky' ? slope : undefined;
    const template = { kind: activationKinds[name], parameter } as const;
    return this.emit(template, [input], input.shape, input.dtype, suffix);
  }

  private emit(
    template: OpTemplate,
    inputs: readonly TensorType[],
    shape: Shape = inputs[0]?.shape ?? [],
    dtype: DType = inputs[0]?.dtype ?? 'int8',
    suffix = '',
  ): TensorType {
    const output = this.request.types.of(shape, dtype);
    if (!(output.elements < MOST_ELEMENTS))
      this.outOfRange(`number of elements of ${shapeText(shape)}`, `below ${MOST_ELEMENTS}`, output.elements);
    this.ops.push({ template, inputs, output, suffix });
    return output;
  }

  // ------------------------------------------------------------ reading what was written

  private attribute(name: string): Value {
    return this.request.attributes.get(name);
  }

  /** Written but not known (reported elsewhere): nothing can be said of this layer. */
  private written(name: string): boolean {
    if (!this.request.attributes.has(name)) return false;
    if (this.attribute(name) === undefined) throw new Misfit(undefined);
    return true;
  }

  private only(): TensorType {
    const [input] = this.request.inputs;
    if (input === undefined) throw new Misfit(undefined);
    return input;
  }

  private image(input: TensorType): readonly [number, number, number] {
    const [height, width, channels] = input.shape;
    if (input.shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
      const text = `a vector of ${shapeText(input.shape)}`;
      throw new Misfit(finding(shapeRank, { operator: this.request.operator, input: text }));
    }
    return [height, width, channels];
  }

  private pair(name: string, what: string, least: number, otherwise?: number | Pair): Pair {
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

  private count(name: string, what: string, otherwise?: number): number {
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

  private number(name: string, otherwise: number): number {
    if (!this.written(name)) return otherwise;
    const value = this.attribute(name);
    if (typeof value !== 'number') this.wrongType(name, 'a number', value);
    return value;
  }

  private shape(name: string, otherwise: Shape): Shape {
    if (!this.written(name)) return otherwise;
    const value = this.attribute(name);
    const shape = isDims(value) ? value : typeof value === 'number' ? [value] : undefined;
    if (shape === undefined) this.wrongType('shape', 'dimensions such as `7x7x16`', value);
    const rounded = shape.map(Math.round);
    if (rounded.some((extent) => !(extent >= 1))) this.outOfRange('shape', 'at least 1 everywhere', value);
    return rounded;
  }

  private switch(name: string, otherwise: boolean): boolean {
    if (!this.written(name)) return otherwise;
    const value = this.attribute(name);
    return value === 'on' || value === true;
  }

  private dtype(name: string, otherwise: DType): DType {
    const value = this.written(name) ? this.attribute(name) : otherwise;
    for (const dtype of ['int8', 'uint8', 'int16', 'int32', 'float32'] as const) {
      if (value === dtype) return dtype;
    }
    return this.wrongType('number format', 'int8, uint8, int16, int32 or float32', value);
  }

  private padding(): 'same' | 'valid' {
    const value = this.written('padding') ? this.attribute('padding') : 'same';
    if (value === 'same' || value === 'valid') return value;
    return this.wrongType('padding', 'same or valid', value);
  }

  private window(
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
        finding(shapeVanishes, { operator, input: image.join('x'), kernel: kernel.join('x') }),
      );
    }
    if (stride[0] > image[0] || stride[1] > image[1]) {
      this.warning = finding(shapeStridePastImage, {
        operator,
        input: image.join('x'),
        stride: stride.join('x'),
      });
    }
    return [rows, columns];
  }

  private mismatch(operator: string, left: TensorType, right: TensorType, reason: string): never {
    throw new Misfit(
      finding(shapeMismatch, {
        operator,
        left: shapeText(left.shape),
        right: shapeText(right.shape),
        reason,
        condition: this.request.remedy,
      }),
    );
  }

  private wrongType(what: string, expected: string, value: Value): never {
    throw new Misfit(finding(valueType, { what, expected, found: describeValue(value) }));
  }

  private outOfRange(what: string, expected: string, value: Value): never {
    throw new Misfit(finding(valueRange, { what, expected, found: valueText(value) }));
  }
}
