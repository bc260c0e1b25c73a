/** The files of a run lie in its folder and nowhere else: no link in it is followed, and no name leads out of it. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import { SearchError } from '../errors.ts';

/** A name and nothing else, on any system: no separator, no drive, no stream, no way up. */
const plainName = /^(?!\.{1,2}$)[^\\/:\0]+$/;

/**
 * Where something of a run lies or will lie. The folder itself is what a person named and may be reached by links.
 * @throws SearchError `folder` when a part of the way is a link, or no plain name
 */
export function insideRun(folder: string, ...names: readonly string[]): string {
  let at = folder;
  for (const name of names) {
    if (!plainName.test(name)) {
      throw new SearchError('folder', `${JSON.stringify(name)} is no name of a file in the run ${folder}.`);
    }
    at = join(at, name);
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new SearchError(
        'folder',
        `${at} is a link, and the files of a run lie in its own folder. Put what it leads to in its place, or use another run.`,
      );
    }
  }
  return at;
}
