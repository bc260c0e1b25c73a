/**
 * `data/contents`, `data/classes`: what a folder of pictures lacks, known from the names in it before anything is opened: no
 * folders for the classes, a class without pictures, more or fewer classes than are declared. Not looked at in a workspace
 * that is not trusted. Of other formats, whose files would have
 * to be read, it is said that the number of classes is not known.
 */

import type { DatasetDeclaration, StringLiteral } from '../../grammar/ast.ts';
import {
  counted,
  fix,
  type FolderNames,
  isHidden,
  isPicture,
  pictureFolders,
} from '../../engine/space/index.ts';
import type { Fix, Problem } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';

/** Names that are read of one folder; of one that has more, nothing is said. */
const mostNames = 4096;
/** Folders of classes that are looked into, so that an answer is quick for any data. */
const mostClasses = 32;
/** Class names that a message lists. */
const mostListed = 6;

/** @param path of a folder that is there, of a format with folders of classes */
export function folderProblems(
  snapshot: Snapshot,
  declaration: DatasetDeclaration,
  path: StringLiteral,
): Problem[] {
  const found = pictureFolders(path.value.replace(/\/+$/, ''), namesOf(snapshot), mostClasses);
  if (found === undefined) return [];
  return 'fault' in found
    ? [problemIn(snapshot, 'data/contents', path, found.fault)]
    : classProblems(snapshot, declaration, path, found.classes);
}

/** Of data whose classes only reading it tells. Where `classes` is used it is missed at its place. */
export function unknownClasses(snapshot: Snapshot, path: StringLiteral): Problem[] {
  const { settings, spaces, problems } = snapshot.analysis;
  const isMissed = problems.some(({ code }) => code === 'classes/missing');
  if (settings.dataset?.classes !== undefined || isMissed || spaces.length === 0) return [];
  const message = `How many classes ${path.value} has is read when a search starts, which ends there if networks have more or fewer outputs. Write their number, such as \`classes 2\`, into the dataset, and outputs are compared with it while you type.`;
  return [problemIn(snapshot, 'data/classes', path, message, { severity: 'information' })];
}

function namesOf(snapshot: Snapshot): FolderNames {
  const named = (path: string): readonly string[] => snapshot.dataNames(`${path}/`, mostNames);
  return {
    folders: (path) => {
      const names = named(path);
      if (names.length >= mostNames) return undefined;
      const folders = names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
      return folders.filter((name) => !isHidden(name));
    },
    hasPictures: (path) => {
      const names = named(path);
      if (names.some((name) => !isHidden(name) && isPicture(name))) return true;
      return names.length < mostNames ? false : undefined;
    },
    join: (path, name) => `${path}/${name}`,
  };
}

function classProblems(
  snapshot: Snapshot,
  declaration: DatasetDeclaration,
  path: StringLiteral,
  classes: readonly string[],
): Problem[] {
  const setting = declaration.properties.find(({ name }) => name.name === 'classes');
  const has = `${path.value} has ${counted(classes.length, 'class', 'classes')}: ${listed(classes)}`;
  const text = `classes ${classes.length}`;
  if (setting !== undefined) {
    const [value] = setting.values;
    const said = snapshot.analysis.settings.dataset?.classes;
    if (value === undefined || said === undefined || said === classes.length) return [];
    const message = `\`classes ${said}\` is declared, but ${has}. Write \`${text}\`, or correct the folders.`;
    const fixes = fix(`Change to \`${text}\``, { start: setting.start, end: value.end }, text);
    return [problemIn(snapshot, 'data/classes', setting, message, { fixes })];
  }
  const message = `${has}. With \`${text}\` in the dataset, the outputs of networks are compared with them while you type.`;
  const fixes = addition(snapshot, declaration, text);
  return [problemIn(snapshot, 'data/classes', path, message, { severity: 'information', fixes })];
}

/** Into the braces, or with braces behind the path. */
function addition(snapshot: Snapshot, declaration: DatasetDeclaration, text: string): readonly Fix[] {
  const last = declaration.properties.at(-1);
  const written = snapshot.text.slice(declaration.start, declaration.end);
  const at = last?.end ?? declaration.end;
  if (last === undefined && !written.endsWith(')')) return [];
  const added = last === undefined ? ` { ${text} }` : `; ${text}`;
  return fix(`Add \`${text}\``, { start: at, end: at }, added);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).join(', ');
  return names.length > mostListed ? `${shown} and ${names.length - mostListed} more` : shown;
}
