/** Reading a program with all it imports, and reading it again from the copy that a run keeps. */

import { posix, resolve, win32 } from 'node:path';

import { parse } from '../../grammar/index.ts';
import { FileError, readTextSync } from '../files/index.ts';
import { analyse } from '../space/index.ts';
import type { Analysis, SourceProvider } from '../space/types.ts';
import { SearchError } from './errors.ts';

export interface Program {
  readonly analysis: Analysis;
  /** Every file that was read, by absolute path. */
  readonly files: Readonly<Record<string, string>>;
}

/** @throws SearchError `settings` when the file itself cannot be read; a missing import is a problem of the analysis */
export function loadProgram(file: string): Program {
  const main = resolve(file);
  let text: string;
  try {
    text = readTextSync(main, 'space');
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new SearchError('settings', `${file} cannot be read: it ${error.fault}. Name a .nas file.`, {
      cause: error,
    });
  }
  return programWith(main, text);
}

/** The program whose main file holds `text`, whatever is on the disk, with what it imports from there. */
export function programWith(file: string, text: string): Program {
  return understand(resolve(file), text, (path) => {
    try {
      return readTextSync(path, 'space');
    } catch {
      return undefined;
    }
  });
}

/** The program as it was when the run began. */
export function programOfRun(snapshot: {
  readonly main: string;
  readonly files: Readonly<Record<string, string>>;
}): Program {
  return understand(snapshot.main, snapshot.files[snapshot.main] ?? '', (path) => snapshot.files[path]);
}

/** With a drive, or of a share. */
const isWindowsPath = (path: string): boolean => /^([a-z]:[\\/]|[\\/]{2}[^\\/])/i.test(path);

function understand(main: string, text: string, readText: (path: string) => string | undefined): Program {
  const files: Record<string, string> = {};
  // A run may have been begun on another system: its paths are those of where it began.
  const paths = isWindowsPath(main) ? win32 : posix;
  const parsed = new Map<string, ReturnType<SourceProvider['read']>>();
  const sources: SourceProvider = {
    resolve: (from, specifier) => paths.resolve(paths.dirname(from), specifier),
    read(path) {
      if (!parsed.has(path)) {
        const found = path === main ? text : readText(path);
        if (found !== undefined) files[path] = found;
        parsed.set(path, found === undefined ? undefined : { text: found, parse: parse(found) });
      }
      return parsed.get(path);
    },
  };
  return { analysis: analyse(main, sources), files };
}
