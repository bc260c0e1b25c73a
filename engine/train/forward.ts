/** Runs a network in tfjs, operator by operator. What an operator's weights are, training or folded, is the caller's. */

import { counted } from '../space/index.ts';
import * as tf from '@tensorflow/tfjs-core';
import { untrainable } from '../space/index.ts';
import type {
  Activation,
  Conv2D,
  DepthwiseConv2D,
  FullyConnected,
  Network,
  Op,
  Pool2D,
  Shape,
} from '../space/network.ts';
import { activate, hardSwish } from './layers.ts';

export type WeightedOp = Conv2D | DepthwiseConv2D | FullyConnected;

export interface Runner {
  /** Everything of the operator: weights, bias, normalisation, activation. */
  weighted(op: WeightedOp, x: tf.Tensor): tf.Tensor;
  /** Training drops values, inference does nothing. */
  dropout(x: tf.Tensor, rate: number): tf.Tensor;
  /** Softmax at the very end is left to the loss. */
  readonly logits: boolean;
}

export function isWeighted(op: Op): op is WeightedOp {
  return op.kind === 'conv_2d' || op.kind === 'depthwise_conv_2d' || op.kind === 'fully_connected';
}

/** Says of a network that it cannot be trained, and why, before time is spent on it. */
export class UntrainableNetwork extends Error {
  override readonly name = 'UntrainableNetwork';
}

/** The first (only) input and output of a classifier, checked against the dataset. */
export function classifierEnds(
  network: Network,
  image: Shape,
  classes: number,
): { readonly input: number; readonly output: number } {
  const [input, ...moreInputs] = network.inputs;
  const [output, ...moreOutputs] = network.outputs;
  if (input === undefined || output === undefined || moreInputs.length + moreOutputs.length > 0) {
    throw new UntrainableNetwork(
      `The network "${network.name}" has ${counted(network.inputs.length, 'input')} and ${counted(network.outputs.length, 'output')}; training needs one of each.`,
    );
  }
  for (const op of network.ops) {
    const dtype = network.tensors.find(({ id }) => id === op.output)?.dtype ?? 'int8';
    const found = untrainable(op, dtype);
    if (found !== undefined)
      throw new UntrainableNetwork(`${found.what} can be priced but not trained (${op.name}). ${found.cure}`);
  }
  const size = (shape: Shape | undefined) => (shape ?? []).reduce((a, b) => a * b, 1);
  const inputShape = shapeOf(network, input);
  if (size(inputShape) !== size(image)) {
    throw new UntrainableNetwork(
      `The network takes ${inputShape.join('x')} but the images of the dataset are ${image.join('x')}. Make \`input\` and the dataset agree.`,
    );
  }
  const outputs = size(shapeOf(network, output));
  if (outputs !== classes) {
    throw new UntrainableNetwork(
      `The network puts out ${counted(outputs, 'value')} but the dataset has ${counted(classes, 'class', 'classes')}. End it with \`dense -> classes\`.`,
    );
  }
  return { input, output };
}

export function shapeOf(network: Network, tensor: number): Shape {
  const found = network.tensors.find((t) => t.id === tensor);
  if (found === undefined) throw new UntrainableNetwork(`The network has no tensor ${String(tensor)}.`);
  return found.shape;
}

/** `[n, ...input shape]` -> `[n, ...output shape]`; `see` is shown every tensor. Call inside `tf.tidy`. */
export function forward(
  network: Network,
  x: tf.Tensor,
  runner: Runner,
  see?: (tensor: number, value: tf.Tensor) => void,
): tf.Tensor {
  const values = new Map<number, tf.Tensor>();
  const [first] = network.inputs;
  if (first !== undefined) {
    values.set(first, x);
    see?.(first, x);
  }
  const last = network.outputs[0];
  for (const op of network.ops) {
    const inputs = op.inputs.map((id) => {
      const value = values.get(id);
      if (value === undefined)
        throw new UntrainableNetwork(`${op.name} reads a tensor that nothing computes.`);
      return value;
    });
    const skip = op.kind === 'softmax' && op.output === last && runner.logits;
    const value = skip ? only(inputs, op) : run(network, op, inputs, runner);
    values.set(op.output, value);
    see?.(op.output, value);
  }
  const result = last === undefined ? undefined : values.get(last);
  if (result === undefined) throw new UntrainableNetwork('The network computes no output.');
  return result;
}

function only(inputs: readonly tf.Tensor[], op: Op): tf.Tensor {
  const [x] = inputs;
  if (x === undefined) throw new UntrainableNetwork(`${op.name} has no input.`);
  return x;
}

function run(network: Network, op: Op, inputs: readonly tf.Tensor[], runner: Runner): tf.Tensor {
  const x = only(inputs, op);
  const shape = shapeOf(network, op.output);
  const n = x.shape[0];
  switch (op.kind) {
    case 'conv_2d':
    case 'depthwise_conv_2d':
    case 'fully_connected':
      return runner.weighted(op, x);
    case 'average_pool_2d':
    case 'max_pool_2d':
      return activate(pool(op, x as tf.Tensor4D), op.activation);
    case 'add':
    case 'mul':
    case 'sub': {
      const [a, b] = [x, inputs[1] ?? x].map((each) => aligned(each, shape.length));
      if (a === undefined || b === undefined) return x;
      const result = op.kind === 'add' ? tf.add(a, b) : op.kind === 'mul' ? tf.mul(a, b) : tf.sub(a, b);
      return activate(result, op.activation);
    }
    case 'concatenation':
      return tf.concat([...inputs], -1);
    case 'mean':
      return tf.reshape(meanOverPixels(x as tf.Tensor4D), [n, ...shape]);
    case 'reduce_max':
      return tf.reshape(tf.max(x, [1, 2]), [n, ...shape]);
    case 'reshape':
      return tf.reshape(x, [n, ...shape]);
    case 'pad':
      return tf.pad(x, [
        [0, 0],
        [op.before[0], op.after[0]],
        [op.before[1], op.after[1]],
        [0, 0],
      ]);
    case 'resize_nearest_neighbor':
      return tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [shape[0] ?? 1, shape[1] ?? 1]);
    case 'resize_bilinear':
      return tf.image.resizeBilinear(x as tf.Tensor4D, [shape[0] ?? 1, shape[1] ?? 1]);
    case 'quantize':
    case 'dequantize':
      return x;
    case 'other':
      throw new UntrainableNetwork(`${op.name} (${op.tfliteName}) cannot be trained.`);
    default:
      return activation(op, x, runner);
  }
}

/** `[n, c]` as `[n, 1, 1, c]` beside an image: one value per channel, of each sample its own. */
function aligned(x: tf.Tensor, extents: number): tf.Tensor {
  const [n = 1, ...own] = x.shape;
  if (own.length >= extents) return x;
  return tf.reshape(x, [n, ...Array<number>(extents - own.length).fill(1), ...own]);
}

function activation(op: Activation, x: tf.Tensor, runner: Runner): tf.Tensor {
  switch (op.kind) {
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'hard_swish':
      return hardSwish(x);
    case 'logistic':
      return tf.sigmoid(x);
    case 'tanh':
      return tf.tanh(x);
    case 'softmax':
      return tf.softmax(x);
    case 'leaky_relu':
      return tf.leakyRelu(x, op.parameter ?? 0.2);
    case 'dropout':
      return runner.dropout(x, op.parameter ?? 0);
  }
}

function pool(op: Pool2D, x: tf.Tensor4D): tf.Tensor {
  const [kh, kw] = op.kernel;
  const [sh, sw] = op.stride;
  return op.kind === 'max_pool_2d'
    ? tf.maxPool(x, [kh, kw], [sh, sw], op.padding)
    : tf.avgPool(x, [kh, kw], [sh, sw], op.padding);
}

/** `[n, h, w, c]` -> `[n, c]`. As a pooling: tfjs's sum over inner axes transposes the tensor first. */
function meanOverPixels(x: tf.Tensor4D): tf.Tensor {
  const [n, h, w, c] = x.shape;
  const op = tf.customGrad((value, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: tf.reshape(tf.avgPool(value as tf.Tensor4D, [h, w], 1, 'valid'), [n, c]),
      gradFunc: (dy: tf.Tensor) => tf.mul(tf.reshape(tf.div(dy, h * w), [n, 1, 1, c]), tf.ones([1, h, w, 1])),
    };
  });
  return op(x);
}
