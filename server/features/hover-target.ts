/** A board: what it has, which runtimes it can run, and how well its costs are known. */

import type { TargetDeclaration } from '../../grammar/ast.ts';
import type { Board } from '../../device-profiles/types.ts';
import { findBoard, runtimesOf } from '../analysis/targets.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { formatHertz } from './hover-layer.ts';
import { formatSize } from './quantities.ts';

export function targetHover(_snapshot: Snapshot, declaration: TargetDeclaration): string {
  const written = declaration.board?.value ?? '';
  const board = findBoard(written);
  return board === undefined
    ? `There is no profile of a board "${written}". Completion lists the boards that have one.`
    : boardDocumentation(board);
}

/** Markdown. */
export function boardDocumentation(board: Board): string {
  const memory = board.sram.map((bank) => `${bank.name} ${formatSize(bank.bytes)}`).join(', ');
  const total = board.sram.reduce((sum, bank) => sum + bank.bytes, 0);
  const runtimes = runtimesOf(board).map((runtime) => {
    const profile = runtime.latency.profiles.find((each) => each.core === board.core);
    const known =
      profile === undefined
        ? 'no latency data'
        : profile.boards.includes(board.id)
          ? `latency fitted to ${profile.network.rows} networks measured on this board`
          : `latency from other boards with a ${board.core}`;
    return `- ${runtime.name}${runtime.id === board.defaultRuntime ? ' (default)' : ''}: ${known}`;
  });
  return [
    `**${board.name}** (\`${board.id}\`)`,
    `${board.mcu}, ${board.core}${board.features.length > 0 ? ` with ${board.features.join(', ')}` : ''}, ${formatHertz(board.clock.defaultHz)} (at most ${formatHertz(board.clock.maxHz)})`,
    `RAM ${formatSize(total)} (${memory}) · flash ${formatSize(board.flash.bytes)}`,
    runtimes.join('\n'),
  ].join('\n\n');
}
