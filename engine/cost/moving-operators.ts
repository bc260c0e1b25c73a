/**
 * Operators of TensorFlow Lite that `.nas` has no word for and that do nothing but move data: what they cost follows
 * from the bytes. Every other one has arithmetic, of which the bytes say nothing.
 */

import type { Op } from '../space/network.ts';

/** Names of the schema's `BuiltinOperator`. */
const moving: ReadonlySet<string> = new Set([
  'ASSIGN_VARIABLE',
  'BATCH_TO_SPACE_ND',
  'BROADCAST_TO',
  'CONCATENATION',
  'DEPTH_TO_SPACE',
  'DYNAMIC_UPDATE_SLICE',
  'EXPAND_DIMS',
  'FILL',
  'GATHER',
  'GATHER_ND',
  'MIRROR_PAD',
  'PACK',
  'PAD',
  'PADV2',
  'RANK',
  'READ_VARIABLE',
  'RESHAPE',
  'RESIZE_NEAREST_NEIGHBOR',
  'REVERSE_SEQUENCE',
  'REVERSE_V2',
  'SCATTER_ND',
  'SELECT',
  'SELECT_V2',
  'SHAPE',
  'SLICE',
  'SPACE_TO_BATCH_ND',
  'SPACE_TO_DEPTH',
  'SPLIT',
  'SPLIT_V',
  'SQUEEZE',
  'STRIDED_SLICE',
  'TILE',
  'TRANSPOSE',
  'UNPACK',
  'VAR_HANDLE',
  'ZEROS_LIKE',
]);

/** Bytes of constants that an operator which only moves data may have: shapes, paddings, indices. */
const mostConstantBytes = 256;

/** Whether the bytes that it moves say what it takes. */
export function onlyMoves(op: Pick<Op<'other'>, 'tfliteName' | 'macs' | 'weightBytes'>): boolean {
  return moving.has(op.tfliteName) && op.macs === 0 && op.weightBytes <= mostConstantBytes;
}
