/** What operators remember from one inference to the next, as their rows say. */

import { rowOf } from '../operators/catalogue.ts';
import { bytesPerElement, elementsOf } from '../operators/tensors.ts';
import type { TensorSpec } from '../operators/tensors.ts';
import type { Kept, Op } from './network.ts';

/** The states of an operator, in the tensors that are the last of its inputs. @param specs of all its inputs */
export function statesOf(op: Op, specs: readonly TensorSpec[]): readonly Kept[] {
  const states = rowOf(op.kind).states(op, specs);
  return states.map(({ shape, dtype }, at) => ({
    name: states.length === 1 ? `${op.name} state` : `${op.name} state ${at + 1}`,
    tensor: op.inputs[op.inputs.length - states.length + at],
    bytes: elementsOf(shape) * bytesPerElement[dtype],
  }));
}
