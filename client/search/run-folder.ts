/** Where a new run goes by the setting `nasturtium.search.folder`. Pure. */

import { basename, dirname, isAbsolute, join } from 'node:path';

/**
 * @param place the setting: a folder's name beside the file, or an absolute path
 * @returns undefined for the place that the command line takes by itself, `runs` beside the file
 */
export function runFolderFor(file: string, place: string, now: Date): string | undefined {
  const name = place.trim();
  if (name === '' || name === 'runs') return undefined;
  const folder = isAbsolute(name) ? name : join(dirname(file), name);
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return join(folder, `${basename(file, '.nas')}-${time}`);
}
