/** Runs a network in tfjs, operator by operator. What an operator's weights are, training or folded, is the caller's. */

import type * as tf from '@tensorflow/tfjs-core';
import { counted, untrainable } from '../space/index.ts';
import { elementsOf, outputsOf, type Network, type Op, type Shape, type Tensor } from '../space/network.ts';
import { isWeighted, kernelsOf, UntrainableNetwork, type WeightedOp } from './operators/catalogue.ts';
import type { Pass, Several } from './operators/kernels.ts';

export interface Runner extends Pass {
  /** Everything of the operator: weights, bias, normalisation, activation. */
  weighted(op: WeightedOp, x: tf.Tensor): tf.Tensor;
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
    const found = untrainable(op, tensorOf(network, op.output).dtype);
    if (found !== undefined)
      throw new UntrainableNetwork(`${found.what} can be priced but not trained (${op.name}). ${found.cure}`);
  }
  const inputShape = shapeOf(network, input);
  if (elementsOf(inputShape) !== elementsOf(image)) {
    throw new UntrainableNetwork(
      `The network takes ${inputShape.join('x')} but the images of the dataset are ${image.join('x')}. Make \`input\` and the dataset agree.`,
    );
  }
  const outputs = elementsOf(shapeOf(network, output));
  if (outputs !== classes) {
    throw new UntrainableNetwork(
      `The network puts out ${counted(outputs, 'value')} but the dataset has ${counted(classes, 'class', 'classes')}. End it with \`dense -> classes\`.`,
    );
  }
  return { input, output };
}

function tensorOf(network: Network, id: number): Tensor {
  const found = network.tensors.find((t) => t.id === id);
  if (found === undefined) throw new UntrainableNetwork(`The network has no tensor ${String(id)}.`);
  return found;
}

export const shapeOf = (network: Network, tensor: number): Shape => tensorOf(network, tensor).shape;

/** Throws where an operator has none of what it needs. */
export function atLeastOne<T>(op: Op, values: readonly T[]): Several<T> {
  const [first, ...more] = values;
  if (first === undefined) throw new UntrainableNetwork(`${op.name} has no input or no output.`);
  return [first, ...more];
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
    const several = atLeastOne(op, inputs);
    const made = isWeighted(op)
      ? [runner.weighted(op, several[0])]
      : kernelsOf(op).forward(op, several, { ...runner, toLoss: runner.toLoss && op.output === last });
    outputsOf(op).forEach((id, place) => {
      const value = made[place];
      if (value === undefined) throw new Error(`${op.name} computes too few outputs.`);
      values.set(id, value);
      see?.(id, value);
    });
  }
  const result = last === undefined ? undefined : values.get(last);
  if (result === undefined) throw new UntrainableNetwork('The network computes no output.');
  return result;
}
