/** A target: a board, the runtime whose kernels it runs, and its clock. */

import type { Board, Runtime } from '../../device-profiles/types.ts';

export interface Target {
  readonly board: Board;
  readonly runtime: Runtime;
  readonly clockHz: number;
}
