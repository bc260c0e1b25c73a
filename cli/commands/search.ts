/** `nasturtium search` and `nasturtium resume`: training in the background of a terminal, or for an editor. */

import { visibleLine } from '../../engine/space/index.ts';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readRun, resumeSearch, SearchError, startSearch } from '../../engine/search/index.ts';
import type { RunView, SearchEnd, SearchHost, SearchOverrides } from '../../engine/search/index.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { printJson } from '../io.ts';
import type { Io } from '../io.ts';
import { eventLines, plainLines, type Progress, progressBar } from '../progress.ts';
import { libraryOf, profilesFor, type ProfileOptions } from '../profiles.ts';
import { obstaclesIn } from './check.ts';
import { readText } from '../sources.ts';
import { frontJson } from './front-json.ts';
import { frontTable } from './front-table.ts';
import { asTyped, typed } from '../invocation.ts';

export interface ProgressOptions {
  readonly workers?: number | undefined;
  /** One JSON object a line on standard output, as it happens. */
  readonly events: boolean;
  /** The front at the end, as `front --json`. */
  readonly json: boolean;
  /** A module in place of the built-in training; for tests and experiments. */
  readonly evaluatorModule?: string | undefined;
}

export interface SearchOptions extends ProgressOptions, SearchOverrides, ProfileOptions {
  /** Folder for the new run. */
  readonly run?: string | undefined;
}

/** Where the parts of the program lie that it loads at run time; see `main.ts`. */
export type Installation = Pick<SearchHost, 'workerEntry' | 'assets'>;

export async function search(
  io: Io,
  file: string,
  options: SearchOptions,
  installation: Installation,
): Promise<number> {
  // A file that is not there is a failure of reading, not of searching.
  readText(file);
  const profiles = profilesFor(io, file, options);
  await refuseErrors(file, options);
  return follow(io, options, installation, (host) =>
    startSearch({ ...options, file, folder: options.run, profiles }, host),
  );
}

/** What `check` calls an error stops a search, and is told in the same words. Throws a {@link CliError}. */
async function refuseErrors(file: string, options: SearchOptions): Promise<void> {
  const [first, ...more] = await obstaclesIn(libraryOf(options), file);
  if (first === undefined) return;
  const place = `${file}:${first.line}:${first.column}: ${first.message} [${first.code}]`;
  const rest =
    more.length === 0
      ? ''
      : ` There ${more.length === 1 ? 'is one more error' : `are ${more.length} more errors`}: ${typed`check ${file}`} lists them.`;
  throw new CliError('search', `The file has to be mended before it is searched. ${place}${rest}`, {
    place: { file: path.resolve(file), line: first.line, column: first.column },
  });
}

export function resume(
  io: Io,
  folder: string,
  options: ProgressOptions,
  installation: Installation,
): Promise<number> {
  return follow(io, options, installation, (host) => resumeSearch(requireRun(folder), host));
}

/** The folder, if there is something in it. Throws a {@link CliError}. */
export function requireRun(folder: string): string {
  if (existsSync(folder)) return folder;
  throw new CliError(
    'io',
    `${folder} does not exist. Name the folder of a run; "${asTyped('search')}" prints it.`,
  );
}

async function follow(
  io: Io,
  options: ProgressOptions,
  installation: Installation,
  start: (host: SearchHost) => Promise<SearchEnd>,
): Promise<number> {
  const progress = progressFor(io, options);
  let end: SearchEnd;
  let view: RunView;
  try {
    end = await start({
      ...installation,
      emit: (event) => {
        // What was prepared before is prepared again; from here on there are results.
        if (event.event === 'started') io.stopGently();
        progress.on(event);
      },
      signal: io.stop,
      workers: options.workers,
      evaluatorModule: options.evaluatorModule,
    });
    view = readRun(end.folder);
  } catch (error) {
    if (error instanceof SearchError) throw searchFailure(error);
    throw error;
  } finally {
    progress.close();
  }
  if (options.json) printJson(io, frontJson(view));
  else if (!options.events) summarise(io, view, end);
  return end.reason === 'stopped' ? exitCode.interrupted : exitCode.ok;
}

function progressFor(io: Io, options: ProgressOptions): Progress {
  if (options.events) return eventLines(io);
  return io.interactive ? progressBar(io) : plainLines(io);
}

function summarise(io: Io, view: RunView, end: SearchEnd): void {
  const say = (line: string): void => io.err(`${visibleLine(line)}\n`);
  say(view.summary);
  if (end.reason === 'stopped') say(`Go on with: ${typed`resume ${end.folder}`}`);
  else if (view.best !== undefined)
    say(`Export the best with: ${typed`export ${end.folder} --trial best -o model`}`);
  io.out(`${frontTable(io, view, false).join('\n')}\n`);
}

/** What `read` gives. A failure of the search is thrown as a {@link CliError}. */
export function orFailure<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SearchError) throw searchFailure(error);
    throw error;
  }
}

/** Folders and disks are failures of reading and writing; the rest keeps a search from going on. */
function searchFailure(error: SearchError): CliError {
  const exit = error.code === 'storage' || error.code === 'folder' ? 'io' : 'search';
  return new CliError(exit, error.message, {
    cause: error,
    ...(error.place === undefined ? {} : { place: error.place }),
  });
}
