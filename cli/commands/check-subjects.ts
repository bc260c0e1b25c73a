/** What the paths of `nasturtium check` name: `.nas` files, and boards and runtimes in JSON. */

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { profilesFolder } from '../../server/analysis/profiles.ts';
import { disk } from '../../server/lsp/disk.ts';
import { CliError, ioError } from '../exit-codes.ts';
import { stdinPath } from '../io.ts';
import { shownPath } from '../profiles.ts';
import { readText } from '../sources.ts';

export interface CheckSubjects {
  /** `.nas` files, and `-` for standard input. */
  readonly files: readonly string[];
  /** Folders whose boards and runtimes are checked though no file may use them: those that a file in there can use. */
  readonly using: readonly string[];
  /** Folders that hold `boards` or `runtimes` of a file that was named. */
  readonly profiles: readonly string[];
}

/** Throws a {@link CliError} for a path that is not there, or that holds nothing to check. */
export function subjectsOf(paths: readonly string[]): CheckSubjects {
  const files = new Set<string>();
  const using: string[] = [];
  const profiles: string[] = [];
  for (const each of paths) {
    if (each === stdinPath) files.add(each);
    else if (isFolder(each)) {
      const withProfiles = folderWithProfiles(path.resolve(each));
      if (withProfiles !== undefined) using.push(withProfiles);
      const found = nasFilesIn(each);
      if (found.length === 0 && withProfiles === undefined) throw nothingIn(each);
      for (const file of found) files.add(file);
    } else if (each.endsWith('.json')) profiles.push(profilesOf(each));
    else files.add(each);
  }
  return { files: [...files], using, profiles };
}

/** Files as named; folders searched for `.nas` files. Throws a {@link CliError} for a path that is not there. */
export function nasFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((each) => {
    if (each === stdinPath || !isFolder(each)) return [each];
    const found = nasFilesIn(each);
    if (found.length === 0) throw nothingIn(each);
    return found;
  });
  return [...new Set(files)];
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch (error) {
    throw ioError(place, error);
  }
}

const nasFilesIn = (folder: string): string[] =>
  disk.find(pathToFileURL(path.resolve(folder)).href).map((uri) => shownPath(uri));

const nothingIn = (folder: string): CliError =>
  new CliError('io', `${folder} holds no .nas files. Name a file or another folder.`);

/** The folder that has boards and runtimes of its own: this one, or the one above where this is what holds them. */
function folderWithProfiles(folder: string): string | undefined {
  if (path.basename(folder) === profilesFolder) return path.dirname(folder);
  return existsSync(path.join(folder, profilesFolder)) ? folder : undefined;
}

function profilesOf(file: string): string {
  // What cannot be read must not count as what has no problems.
  readText(file, 'profile');
  const folder = path.dirname(path.resolve(file));
  if (['boards', 'runtimes'].includes(path.basename(folder))) return path.dirname(folder);
  throw new CliError(
    'usage',
    `${file} is no board or runtime, since those lie in a folder "boards" or "runtimes". Name such a file, or a .nas file.`,
  );
}
