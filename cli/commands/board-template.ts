/** A board or runtime to start one's own from: a known one, without what was measured on it. */

import { isCalled, type Profiles } from '../../engine/cost/index.ts';
import { visibleJson } from '../../engine/space/index.ts';
import type { Board, Runtime } from '../../device-profiles/index.ts';
import { CliError } from '../exit-codes.ts';
import { asTyped } from '../invocation.ts';

/**
 * The text of a JSON file, laid out. Names that must be its own begin with `my`; measured power, latencies and memory
 * of builds are left out, since they are those of the original.
 */
export function templateOf({ boards, runtimes }: Profiles, name: string): string {
  const board = boards.find((each) => isCalled(each, name));
  const runtime = runtimes.find((each) => isCalled(each, name));
  if (board !== undefined) return laidOut(boardTemplate(board));
  if (runtime !== undefined) return laidOut(runtimeTemplate(runtime));
  throw new CliError(
    'usage',
    `There is no board or runtime "${name}" to start from. "${asTyped('boards')}" lists them.`,
  );
}

const laidOut = (entry: object): string => `${visibleJson(entry, 2)}\n`;

/** What is `undefined` is not in the text. */
function boardTemplate(board: Board): object {
  return {
    ...board,
    $schema: undefined,
    id: `my-${board.id}`,
    name: `My ${board.name}`,
    aliases: [],
    power: [],
  };
}

function runtimeTemplate(runtime: Runtime): object {
  return {
    ...runtime,
    $schema: undefined,
    id: `my-${runtime.id.replace(/[^a-z0-9]+/g, '-')}`,
    name: `My ${runtime.name}`,
    aliases: [],
    memory: { ...runtime.memory, builds: undefined },
    latency: { paths: runtime.latency.paths, profiles: [] },
  };
}
