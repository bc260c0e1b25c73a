/** `nasturtium boards`: what can stand in a target. */

import { dataRam, formatBytes, formatHertz, shippedProfiles } from '../../engine/cost/index.ts';
import { visibleLine } from '../../engine/space/index.ts';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runtimesOf } from '../../device-profiles/able.ts';
import type { Board, Runtime } from '../../device-profiles/index.ts';
import type { KnownProfiles } from '../../server/analysis/profiles.ts';
import { exitCode } from '../exit-codes.ts';
import { type Io, printJson } from '../io.ts';
import { libraryOf, profilesIn, shownPath, type ProfileOptions } from '../profiles.ts';
import { tableLines } from '../table.ts';
import { templateOf } from './board-template.ts';

export interface BoardsOptions extends ProfileOptions {
  readonly json: boolean;
  /** Id or alias of a board or runtime to print as JSON, to start one's own from. */
  readonly template?: string | undefined;
}

export function boards(io: Io, options: BoardsOptions): number {
  if (options.template !== undefined) {
    // Without a word of files with errors: one may be what this goes into, which the shell has made already.
    const here = pathToFileURL(path.resolve('.')).href;
    io.out(templateOf(libraryOf(options).in(here), options.template));
    return exitCode.ok;
  }
  const profiles = profilesIn(io, '.', options);
  if (options.json) printJson(io, documentOf(profiles));
  else tell(io, profiles);
  return exitCode.ok;
}

/** As `cli/schema/boards.schema.json` says. */
function documentOf(profiles: KnownProfiles): object {
  return {
    schema: 1,
    boards: profiles.boards.map((board) => ({
      id: board.id,
      name: board.name,
      aliases: board.aliases,
      mcu: board.mcu,
      core: board.core,
      clock_hz: board.clock.defaultHz,
      sram_bytes: dataRam(board).onChip,
      external_ram_bytes: dataRam(board).external,
      flash_bytes: board.flash.bytes,
      runtimes: runtimesOf(profiles, board).map((runtime) => runtime.id),
      virtual: board.virtual?.counts ?? null,
      can_be_profiled: board.probe !== undefined,
      flashing: board.flashing,
      ...originOf(profiles, board),
    })),
    runtimes: profiles.runtimes.map((runtime) => ({
      id: runtime.id,
      name: runtime.name,
      aliases: runtime.aliases,
      ...originOf(profiles, runtime),
    })),
  };
}

/** A file is an absolute path; what ships is in no file of its own. */
function originOf({ origins }: KnownProfiles, entry: Board | Runtime): object {
  const uri = origins.get(entry);
  return uri === undefined
    ? { origin: 'shipped', file: null }
    : { origin: 'workspace', file: fileURLToPath(uri) };
}

function tell(io: Io, profiles: KnownProfiles): void {
  const rows = profiles.boards.map((board) => [
    board.id,
    board.name,
    board.core,
    formatHertz(board.clock.defaultHz),
    formatBytes(dataRam(board).onChip),
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
  const added = (kind: string, entries: readonly (Board | Runtime)[], shipped: readonly { id: string }[]) => {
    for (const entry of entries) {
      const uri = profiles.origins.get(entry);
      if (uri === undefined) continue;
      const instead = shipped.some(({ id }) => id === entry.id) ? ', in place of the one that ships' : '';
      io.out(`The ${kind} ${entry.id} is from ${visibleLine(shownPath(uri))}${instead}.\n`);
    }
  };
  added('board', profiles.boards, shippedProfiles.boards);
  added('runtime', profiles.runtimes, shippedProfiles.runtimes);
}
