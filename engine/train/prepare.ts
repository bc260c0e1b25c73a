/**
 * Makes a trained network one that 8-bit kernels can run: a fused tanh becomes an operator of its own, and a
 * concatenation reads tensors whose quantisation is fixed (the image, a softmax, a sigmoid) through a `quantize`.
 */

import type { Network, Op, Tensor } from '../space/network.ts';
import type { FloatParameters, TrainedNetwork } from '../space/trained.ts';

export function prepareForInt8({ network, parameters }: TrainedNetwork): TrainedNetwork {
  const tensors: Tensor[] = [...network.tensors];
  const ops: Op[] = [];
  const numbers = new Map<number, FloatParameters>();
  let next = Math.max(0, ...tensors.map((t) => t.id)) + 1;
  const copyOf = (id: number): number => {
    const original = tensors.find((t) => t.id === id);
    if (original === undefined) throw new Error(`The network has no tensor ${String(id)}.`);
    tensors.push({ ...original, id: next });
    return next++;
  };
  const push = (op: Op): void => {
    ops.push({ ...op, index: ops.length });
  };
  const fixed = fixedTensors(network);
  for (const op of network.ops) {
    let current = op;
    if (op.kind === 'concatenation') {
      const inputs = op.inputs.map((input, i) => {
        if (!fixed.has(input)) return input;
        const output = copyOf(input);
        push({
          kind: 'quantize',
          index: 0,
          name: `${op.name}/quantize.${String(i)}`,
          inputs: [input],
          output,
          source: op.source,
        });
        return output;
      });
      current = { ...op, inputs };
    }
    const own = parameters.get(op.index);
    if (own !== undefined) numbers.set(ops.length, own);
    if ('activation' in current && current.activation === 'tanh') {
      const between = copyOf(current.output);
      push({ ...current, activation: 'none', output: between });
      push({
        kind: 'tanh',
        index: 0,
        name: `${op.name}/tanh`,
        inputs: [between],
        output: op.output,
        source: op.source,
        parameter: undefined,
      });
    } else {
      push(current);
    }
  }
  return { network: { ...network, tensors, ops }, parameters: numbers };
}

/** Tensors that cannot take the scale of their neighbours in a concatenation. */
function fixedTensors(network: Network): ReadonlySet<number> {
  const fixed = new Set(network.inputs);
  for (const op of network.ops) {
    const activation = 'activation' in op ? op.activation : 'none';
    if (op.kind === 'softmax' || op.kind === 'logistic' || op.kind === 'tanh' || activation === 'tanh')
      fixed.add(op.output);
    const passes =
      op.kind === 'max_pool_2d' ||
      op.kind === 'average_pool_2d' ||
      op.kind === 'reduce_max' ||
      op.kind === 'reshape' ||
      op.kind === 'pad' ||
      op.kind === 'resize_bilinear' ||
      op.kind === 'resize_nearest_neighbor';
    if (passes && op.inputs.some((id) => fixed.has(id))) fixed.add(op.output);
  }
  return fixed;
}
