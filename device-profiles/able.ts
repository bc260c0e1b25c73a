/** Which runtimes can be built for a board. */

import type { Board, Runtime } from './types.ts';

/**
 * A runtime names the cores that it runs on, and a board the runtimes beyond that. One that names none runs where its
 * latencies are of.
 */
export function able({ id, cores, mcus, latency }: Runtime, board: Board): boolean {
  if (board.runtimes?.includes(id) === true) return true;
  const fitting = cores ?? latency.profiles.map(({ core }) => core);
  return fitting.includes(board.core) && (mcus?.some((start) => board.mcu.startsWith(start)) ?? true);
}

/** All that can, the board's default first. */
export function runtimesOf({ runtimes }: { readonly runtimes: readonly Runtime[] }, board: Board): Runtime[] {
  return runtimes
    .filter((runtime) => able(runtime, board))
    .sort((a, b) => Number(b.id === board.defaultRuntime) - Number(a.id === board.defaultRuntime));
}
