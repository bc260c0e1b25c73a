/** A target: a board, the runtime whose kernels it runs, and its clock. */

import type { Board, Build, Runtime } from '../../device-profiles/types.ts';

export interface Target {
  readonly board: Board;
  readonly runtime: Runtime;
  readonly clockHz: number;
  /** Version and flags of a runtime whose kernels were counted; `undefined` for others. */
  readonly build?: Build | undefined;
}

/** `7.0 -O3`; `undefined` where the runtime has no builds. */
export function buildText({ build }: Target): string | undefined {
  return build && `${build.version} -${build.flags}`;
}
