/** Which operators training, the 8-bit interpreter and the export know: one rule for what is written and what is run. */

import type { DType, Op } from '../network.ts';

type Template<T> = T extends Op ? Omit<T, 'index' | 'name' | 'inputs' | 'output' | 'source'> : never;

/** What cannot be trained, and what to write instead. */
export interface Untrainable {
  readonly what: string;
  readonly cure: string;
}

/** `undefined` where the operator can be trained. @param dtype of what it puts out */
export function untrainable(op: Template<Op>, dtype: DType): Untrainable | undefined {
  switch (op.kind) {
    case 'other':
      return {
        what: `The operator ${op.tfliteName}`,
        cure: 'Replace it by layers that have a word of their own.',
      };
    case 'concatenation':
      if (op.axis === undefined) break;
      return { what: `Joining along extent ${op.axis}`, cure: 'Join along the channels.' };
    case 'pad':
      if (op.channels === undefined) break;
      return { what: 'Padding of channels', cure: 'Pad height and width alone, or use `conv 1x1`.' };
    case 'dequantize':
      return { what: '`dequantize`', cure: 'Remove it: the exported network is int8 from end to end.' };
    default:
      break;
  }
  if (dtype === 'int8') return undefined;
  return { what: `A tensor of ${dtype}`, cure: 'Leave the number format at int8.' };
}
