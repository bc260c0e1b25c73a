/**
 * What one layer does to the tensors that arrive: its operators in order and the type put out, or why it
 * cannot be. The first operator takes the layer's inputs, each other the output of the one before it.
 */

import { joinedShape } from '../broadcast.ts';
import { MOST_ELEMENTS } from '../network.ts';
import type { DType, FusedActivation, Op, Shape } from '../network.ts';
import { finding } from '../problems/catalogue.ts';
import type { Finding } from '../problems/problem.ts';
import { LayerReader, Misfit } from './layer-reader.ts';
import type { LayerRequest } from './layer-reader.ts';
import { shapeText } from './tensor-types.ts';
import type { TensorType } from './tensor-types.ts';
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

export interface Layer {
  readonly ops: readonly LayerOp[];
  readonly output: TensorType;
  readonly warning: Finding | undefined;
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

const LEAKY_SLOPE = 0.01;
const DROPOUT_RATE = 0.5;

function isActivation(name: string): name is keyof typeof activationKinds {
  return name in activationKinds;
}

class LayerBuilder extends LayerReader {
  private readonly ops: LayerOp[] = [];

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
      case 'input':
        return this.request.types.of(this.shape('operand', []), this.dtype('type', 'int8'));
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
        return this.emit({ kind: 'dropout', parameter: this.rate(this.number('operand', DROPOUT_RATE)) }, [
          this.only(),
        ]);
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
        throw new Misfit(finding('shape/groups', { channels: odd, groups }));
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
        finding('shape/reshape', {
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
    const shape = joinedShape(left.shape, right.shape);
    const isExact = this.written('exact');
    if (shape === undefined || (isExact && shapeText(left.shape) !== shapeText(right.shape))) {
      const also = isExact ? '' : ', or one of them one value per channel';
      this.mismatch(kind, left, right, `they must have the same shape${also}`);
    }
    const { activation, next } = this.fused();
    return this.trailing(this.emit({ kind, activation }, [left, right], shape), next);
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

  /** Of values that training leaves out. */
  private rate(value: number): number {
    if (!(value >= 0 && value < 1)) this.outOfRange('rate of dropout', 'from 0 to below 1', value);
    return value;
  }

  private trailing(output: TensorType, next: number): TensorType {
    let current = output;
    for (const { name, value } of this.request.followers.slice(next)) {
      const suffix = `/${name}`;
      if (isActivation(name)) {
        current = this.activation(name, current, value, suffix);
      } else if (name === 'dropout') {
        const parameter = this.rate(typeof value === 'number' ? value : DROPOUT_RATE);
        current = this.emit({ kind: 'dropout', parameter }, [current], current.shape, current.dtype, suffix);
      } else {
        throw new Misfit(
          finding('follower/order', { name, reason: 'it is folded into the weights before it' }),
        );
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
}
