/** Which operators training, the 8-bit interpreter and the export know: one rule for what is written and what is run. */

import { type OpTemplate, rowOf } from '../../operators/catalogue.ts';
import type { Untrainable } from '../../operators/operator.ts';
import type { DType } from '../../operators/tensors.ts';

/** `undefined` where the operator can be trained. @param dtype of what it puts out */
export function untrainable(op: OpTemplate, dtype: DType): Untrainable | undefined {
  return rowOf(op.kind).untrainable(op) ?? untrainableType(dtype);
}

/** The same of a tensor. */
export function untrainableType(dtype: DType): Untrainable | undefined {
  if (dtype === 'int8') return undefined;
  return { what: `A tensor of ${dtype}`, cure: 'Leave the number format at int8.' };
}
