/**
 * `data/contents`, `data/classes`: what a folder of pictures lacks, known from the names in it before anything is opened: no
 * folders for the classes, a class without pictures, more or fewer classes than are declared. The rules are those of
 * `engine/train/data/images.ts`. Not looked at in a workspace that is not trusted. Of other formats, whose files would have
 * to be read, it is said that the number of classes is not known.
 */

import type { DatasetDeclaration, StringLiteral } from '../../grammar/ast.ts';
import { counted, fix, roleOf } from '../../engine/space/index.ts';
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
  const pictures = new PictureFolder(snapshot, path.value.replace(/\/+$/, ''));
  const fault = pictures.fault();
  if (fault !== undefined) return [problemIn(snapshot, 'data/contents', path, fault)];
  const { classes } = pictures;
  return classes === undefined ? [] : classProblems(snapshot, declaration, path, classes);
}

/** Of data whose classes only reading it tells. Where `classes` is used it is missed at its place. */
export function unknownClasses(snapshot: Snapshot, path: StringLiteral): Problem[] {
  const { settings, spaces, problems } = snapshot.analysis;
  const isMissed = problems.some(({ code }) => code === 'classes/missing');
  if (settings.dataset?.classes !== undefined || isMissed || spaces.length === 0) return [];
  const message = `How many classes ${path.value} has is read when a search starts, which ends there if networks have more or fewer outputs. Write their number, such as \`classes 2\`, into the dataset, and outputs are compared with it while you type.`;
  return [problemIn(snapshot, 'data/classes', path, message, { severity: 'information' })];
}

class PictureFolder {
  readonly #snapshot: Snapshot;
  readonly #path: string;
  /** Of the training images; `undefined` where it is not known. */
  classes: readonly string[] | undefined;

  constructor(snapshot: Snapshot, path: string) {
    this.#snapshot = snapshot;
    this.#path = path;
  }

  /** A full sentence with what to do. */
  fault(): string | undefined {
    const inside = this.#folders(this.#path);
    if (inside === undefined || inside.length > mostClasses) return undefined;
    const splits = inside.filter((name) => (this.#folders(`${this.#path}/${name}`)?.length ?? 0) > 0);
    const roles = splits.filter((name) => roleOf(name) !== undefined);
    const train = roles.find((name) => roleOf(name) === 'train');
    if (roles.length > 0 && train === undefined) {
      return `${this.#path} has ${roles.join(' and ')}, but no folder train beside it. Put the training images into ${this.#path}/train, one folder per class.`;
    }
    const place = train === undefined ? this.#path : `${this.#path}/${train}`;
    const classes = train === undefined ? inside : this.#folders(place);
    if (classes === undefined || classes.length > mostClasses) return undefined;
    if (classes.length < 2) {
      return `${place} has ${classes.length === 0 ? 'no folders' : `one folder, ${classes.join()}`}, and \`images\` reads one per class, at least two. Sort the images into folders named after their classes.`;
    }
    const empty = classes.find((name) => this.#hasPictures(`${place}/${name}`) === false);
    if (empty !== undefined) {
      return `${place}/${empty} holds no .png, .jpg or .jpeg files. Put the images of the class there, or remove the folder.`;
    }
    this.classes = classes;
    return undefined;
  }

  /** Names of the folders in a folder; `undefined` where there are too many names to look at. */
  #folders(path: string): readonly string[] | undefined {
    return this.#names(path)
      ?.filter((name) => name.endsWith('/'))
      .map((name) => name.slice(0, -1));
  }

  #hasPictures(path: string): boolean | undefined {
    const names = this.#snapshot.dataNames(`${path}/`, mostNames);
    if (names.some((name) => !isHidden(name) && /\.(?:png|jpe?g)$/i.test(name))) return true;
    return names.length < mostNames ? false : undefined;
  }

  #names(path: string): readonly string[] | undefined {
    const names = this.#snapshot.dataNames(`${path}/`, mostNames);
    return names.length < mostNames ? names.filter((name) => !isHidden(name)) : undefined;
  }
}

/** Also what macOS puts beside the files of a zip. */
function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX/';
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
