/** A network as it is at inference: without what acts in training alone, such as dropout. */

import { rowOf } from '../operators/catalogue.ts';
import type { Network, Op } from './network.ts';

/** Who reads the output of what is left out reads its input. Operators keep their {@link Op.index}. */
export function atInference(network: Network): Network {
  const standIn = new Map<number, number>();
  const resolve = (id: number): number => standIn.get(id) ?? id;
  const ops: Op[] = [];
  for (const op of network.ops) {
    const inputs = op.inputs.map(resolve);
    if (rowOf(op.kind).trainingOnly) standIn.set(op.output, inputs[0] ?? op.output);
    else ops.push({ ...op, inputs });
  }
  return {
    ...network,
    ops,
    tensors: network.tensors.filter((tensor) => !standIn.has(tensor.id)),
    outputs: network.outputs.map(resolve),
  };
}
