/** The calls of an operator in its place in a quantised network. */

import { outputsOf, type Op } from '../../../engine/space/network.ts';
import type { QuantizedNetwork } from '../../../engine/space/trained.ts';
import type { Call } from './call.ts';
import { callsOf, type Tensor } from './operators.ts';

/** What writes each of its outputs. Throws an `Error` for an operator that no int8 network has. */
export function callsIn(
  { network, activations, parameters }: QuantizedNetwork,
  op: Op,
): readonly (readonly Call[])[] {
  const tensor = (id: number): Tensor => {
    const q = activations.get(id);
    const shape = network.tensors[id]?.shape ?? [];
    return { shape, scale: q?.scale[0] ?? 1, zero: q?.zeroPoint[0] ?? 0 };
  };
  const [first, ...inputs] = op.inputs.map(tensor);
  const [output, ...outputs] = outputsOf(op).map(tensor);
  if (first === undefined || output === undefined) throw new Error(`${op.name} reads or writes nothing.`);
  return callsOf(op, [first, ...inputs], [output, ...outputs], parameters.get(op.index));
}
