/** `nasturtium boards`: what can stand in a target. */

import { formatBytes, type Profiles } from '../../engine/cost/index.ts';
import type { Board, Runtime } from '../../device-profiles/index.ts';
import { exitCode } from '../exit-codes.ts';
import { printJson } from '../io.ts';
import type { Io } from '../io.ts';
import { profilesIn, shownPath, type ProfileOptions } from '../profiles.ts';
import { tableLines } from '../table.ts';

const sramOf = (board: Board) => board.sram.reduce((sum, bank) => sum + bank.bytes, 0);

/** Its default first. */
function runtimesOf({ runtimes }: Profiles, board: Board): Runtime[] {
  return runtimes
    .filter((runtime) => board.runtimes.includes(runtime.id))
    .sort((a, b) => Number(b.id === board.defaultRuntime) - Number(a.id === board.defaultRuntime));
}

export interface BoardsOptions extends ProfileOptions {
  readonly json: boolean;
}

export function boards(io: Io, options: BoardsOptions): number {
  const profiles = profilesIn(io, '.', options);
  const known = profiles.boards;
  if (options.json) {
    printJson(io, {
      schema: 1,
      boards: known.map((board) => ({
        id: board.id,
        name: board.name,
        aliases: board.aliases,
        mcu: board.mcu,
        core: board.core,
        clock_hz: board.clock.defaultHz,
        sram_bytes: sramOf(board),
        flash_bytes: board.flash.bytes,
        runtimes: runtimesOf(profiles, board).map((runtime) => runtime.id),
      })),
    });
    return exitCode.ok;
  }
  const rows = known.map((board) => [
    board.id,
    board.name,
    board.core,
    `${board.clock.defaultHz / 1e6} MHz`,
    formatBytes(sramOf(board)),
    formatBytes(board.flash.bytes),
    runtimesOf(profiles, board)
      .map((runtime) => runtime.id)
      .join(', '),
  ]);
  const columns = ['board', 'name', 'core', 'clock', 'RAM', 'flash', 'runtimes'];
  const [header = '', ...lines] = tableLines(
    columns.map((title) => ({ title, align: ['clock', 'RAM', 'flash'].includes(title) ? 'right' : 'left' })),
    rows,
  );
  io.out([io.style('bold', header), ...lines, ''].join('\n'));
  for (const board of known) {
    const origin = profiles.origins.get(board);
    if (origin !== undefined) io.out(`${board.id} is from ${shownPath(origin)}.\n`);
  }
  return exitCode.ok;
}
