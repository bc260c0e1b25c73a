/** The plan of an arena for code that is about to be written: the one that prices it, with scratch that is known exactly. */

import type { Network } from '../space/network.ts';
import { bytesOf, tensorOf } from './assemble.ts';
import { compiledTarget } from './compile.ts';
import { planHead, Workspace } from './layout.ts';
import { figuresIn } from './price.ts';
import type { Target } from './target.ts';

export interface ArenaPlan {
  readonly bytes: number;
  /** Offset by tensor id; what a folded operator puts out has none of its own. */
  readonly tensors: ReadonlyMap<number, number>;
  /** Offset by position of the operator; only of those that ask for scratch. */
  readonly scratch: ReadonlyMap<number, number>;
}

/** @param scratchBytes of each operator, in place of what the rules of the runtime say */
export function planArena(network: Network, target: Target, scratchBytes: readonly number[]): ArenaPlan {
  const compiled = compiledTarget(target);
  const figures = network.ops.map((op, at) => {
    const bytes = scratchBytes[at] ?? 0;
    return { ...figuresIn(compiled, network, op), scratch: bytes > 0 ? [bytes] : [], pooledBytes: [] };
  });
  const work = new Workspace(compiled);
  const owners = { tensor: [] as number[], op: [] as number[], bytes: [] as number[] };
  const inputBytes = (id: number): number => bytesOf(tensorOf(network, id));
  const bytes = planHead(compiled, network, figures, inputBytes, -1, work, owners);
  const { offset } = work.planner;
  const tensors = new Map<number, number>();
  const scratch = new Map<number, number>();
  owners.tensor.forEach((tensor, at) => {
    if (tensor < 0) scratch.set(owners.op[at] ?? -1, offset[at] ?? 0);
    else tensors.set(tensor, offset[at] ?? 0);
  });
  return { bytes, tensors, scratch };
}
