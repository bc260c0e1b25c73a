/**
 * What is alive while an operator runs: the RAM of a layer, wherever it is shown. Inputs, output, whatever else is kept
 * for later and scratch, in bytes that are not rounded up; what is written over another counts once, by the larger.
 */

import type { BufferOwners, Workspace } from './layout.ts';

/** Of each of the `operators` of the network that was laid out last, into `live`. */
export function liveBytes(
  { planner, pools }: Workspace,
  { bytes }: Pick<BufferOwners, 'bytes'>,
  operators: number,
  live: number[],
): number[] {
  let shared = 0;
  for (const pool of pools) shared += pool;
  live.length = operators;
  live.fill(shared);
  const add = (from: number, to: number, amount: number): void => {
    for (let op = Math.max(0, from); op <= to && op < operators; op += 1) live[op] = (live[op] ?? 0) + amount;
  };
  const { first, last } = planner;
  for (let index = 0; index < planner.count; index += 1) {
    const own = bytes[index] ?? 0;
    const from = first[index] ?? 0;
    const to = last[index] ?? 0;
    add(from, to, own);
    const over = planner.overOf(index);
    if (over < 0) continue;
    add(Math.max(from, first[over] ?? 0), Math.min(to, last[over] ?? 0), -Math.min(own, bytes[over] ?? 0));
  }
  return live;
}
