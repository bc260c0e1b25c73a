/** A `.nas` text that is written into another folder than the one its paths are relative to. */

import path from 'node:path';
import { parse } from '../../grammar/index.ts';

/**
 * The text with the path of its data as it is from `to`. One that is absolute, or of a file on another system, stays.
 *
 * @param from absolute folder that the paths are relative to
 */
export function withMovedData(text: string, from: string, to: string): string {
  if (!path.isAbsolute(from)) return text;
  const declaration = parse(text).file.declarations.find(({ kind }) => kind === 'dataset');
  if (declaration?.kind !== 'dataset') return text;
  const place = declaration.arguments.find(({ name }) => name === undefined)?.value;
  if (place?.kind !== 'string' || place.value === '' || path.isAbsolute(place.value)) return text;
  if (path.win32.isAbsolute(place.value)) return text;
  const relative = path.relative(path.resolve(to), path.resolve(from, place.value));
  // On Windows there is no way from one drive to another. A slash is read on every system.
  const moved = relative.split(path.sep).join('/');
  const shown = path.isAbsolute(relative) || moved.startsWith('..') ? moved : `./${moved}`;
  // What a string cannot hold cannot have been in the path before; the folders above may have it.
  if (/["\\\n\r]/.test(shown)) return text;
  return `${text.slice(0, place.start)}"${shown}"${text.slice(place.end)}`;
}
