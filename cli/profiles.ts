/** The boards and runtimes that a command knows: those that ship and those of the workspace, as in the editor. */

import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { visibleLine } from '../engine/space/index.ts';
import type { ProfileProblem } from '../device-profiles/load.ts';
import { Lines } from '../server/analysis/lines.ts';
import { ProfileLibrary, type KnownProfiles } from '../server/analysis/profiles.ts';
import { disk } from '../server/lsp/disk.ts';
import { CliError, ioError } from './exit-codes.ts';
import type { Io } from './io.ts';

export interface ProfileOptions {
  /** Folders with `boards/` and `runtimes/`, beside those that are found above a file. */
  readonly profiles?: readonly string[] | undefined;
}

/** URIs of the folders that `--profiles` names. Throws a {@link CliError} for one that is not there. */
function namedFolders({ profiles = [] }: ProfileOptions): string[] {
  return profiles.map((folder) => {
    let isFolder: boolean;
    try {
      isFolder = statSync(folder).isDirectory();
    } catch (error) {
      throw ioError(folder, error);
    }
    if (!isFolder)
      throw new CliError('io', `${folder} is a file. Name the folder that holds boards and runtimes.`);
    return pathToFileURL(path.resolve(folder)).href;
  });
}

/** Nothing of it is read before a file asks. */
export function libraryOf(options: ProfileOptions): ProfileLibrary {
  const library = new ProfileLibrary(disk);
  library.setNamed(namedFolders(options));
  return library;
}

/**
 * What a file can use. Files that cannot be used are named on standard error, since a target that is missing would
 * else be a riddle.
 */
export function profilesFor(io: Io, file: string, options: ProfileOptions): KnownProfiles {
  const library = libraryOf(options);
  const known = library.of(pathToFileURL(path.resolve(file)).href);
  tell(io, library);
  return known;
}

/** What files in a folder can use. */
export function profilesIn(io: Io, folder: string, options: ProfileOptions): KnownProfiles {
  const library = libraryOf(options);
  const known = library.in(pathToFileURL(path.resolve(folder)).href);
  tell(io, library);
  return known;
}

function tell(io: Io, library: ProfileLibrary): void {
  for (const [uri, problems] of library.problems()) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (errors.length === 0) continue;
    const lines = new Lines(disk.read(uri) ?? '', 'utf-16');
    for (const problem of errors)
      io.err(`${visibleLine(`${placeOf(uri, lines, problem)}: error: ${problem.message}`)}\n`);
  }
}

function placeOf(uri: string, lines: Lines, { start }: ProfileProblem): string {
  const { line, character } = lines.positionAt(start);
  return `${shownPath(uri)}:${line + 1}:${character + 1}`;
}

/** The path of a URI as a person would type it from here. */
export function shownPath(uri: string): string {
  const file = fileURLToPath(uri);
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}
