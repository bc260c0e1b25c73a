/**
 * `data/missing`, `data/wrong-kind`: there is nothing where the dataset is said to be, or a file where a folder is read, or
 * the other way round. Not looked at in a workspace that is not trusted.
 */

import type { StringLiteral } from '../../grammar/ast.ts';
import { dataFormat, fix, nearest } from '../../engine/space/index.ts';
import type { Fix, Problem } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';
import { folderProblems, unknownClasses } from './data-contents.ts';

export function missingData(snapshot: Snapshot): Problem[] {
  const declaration = snapshot.parse.file.declarations.find(({ kind }) => kind === 'dataset');
  if (declaration?.kind !== 'dataset' || declaration.name === undefined) return [];
  const { name } = declaration.name;
  const path = declaration.arguments.find((argument) => argument.name === undefined)?.value;
  const format = dataFormat(name);
  if (format === undefined || !format.isRead || path?.kind !== 'string' || path.value === '') return [];
  const kind = snapshot.dataKind(path.value);
  if (kind === 'folder' && format.looked === 'folders of classes')
    return folderProblems(snapshot, declaration, path);
  if (kind === undefined || kind === format.holds)
    return format.looked === undefined ? unknownClasses(snapshot, path) : [];
  const reads = `\`${name}\` reads a ${format.holds}`;
  const message =
    kind === 'missing'
      ? `There is nothing at ${path.value}, and ${reads}. Check the path, which is relative to this file.`
      : `${path.value} is ${kind === 'special' ? 'no regular file' : `a ${kind}`}, and ${reads}. Name ${format.holds === 'file' ? 'the file' : 'the folder around it'}.`;
  return kind === 'missing'
    ? [problemIn(snapshot, 'data/missing', path, message, { fixes: nearby(snapshot, path, format.holds) })]
    : [problemIn(snapshot, 'data/wrong-kind', path, message)];
}

/** What is there and is called almost so. */
function nearby(snapshot: Snapshot, path: StringLiteral, holds: 'folder' | 'file'): readonly Fix[] {
  const cut = path.value.replace(/\/$/, '').lastIndexOf('/') + 1;
  const folder = path.value.slice(0, cut);
  const name = path.value.slice(cut).replace(/\/$/, '');
  const names = snapshot
    .dataNames(folder === '' ? './' : folder)
    .filter((each) => each.endsWith('/') === (holds === 'folder'))
    .map((each) => each.replace(/\/$/, ''));
  const found = nearest(name, names);
  if (found === undefined) return [];
  const text = `"${folder}${found}"`;
  return fix(`Change to ${text}`, path, text);
}
