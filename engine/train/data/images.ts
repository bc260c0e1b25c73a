/** Folders of images: one folder per class, PNG or JPEG, resized to one size. */

import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { reasonOf } from '../../files/index.ts';
import { counted, isHidden, isPicture, pictureFolders } from '../../space/index.ts';
import type { Shape } from '../../space/network.ts';
import type { Parts, Samples } from './assemble.ts';
import { DatasetError } from './dataset.ts';
import { decodePicture } from './decode-picture.ts';
import { readBytes } from './files.ts';
import { listed } from './labels.ts';
import { refuseLarge } from './limits.ts';
import type { Picture } from './orientation.ts';
import { resize } from './resize.ts';
import { byRole, type Role } from './split-names.ts';

const OTHER_PICTURES: ReadonlySet<string> = new Set([
  '.bmp',
  '.gif',
  '.webp',
  '.tif',
  '.tiff',
  '.heic',
  '.avif',
  '.ppm',
  '.pgm',
  '.jfif',
]);
export interface Reading {
  /** Hears how far it is, and of what is passed over. */
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Pictures until others run. */
const AT_ONCE = 8;
/** How often the person hears of it. */
const PROGRESS_PICTURES = 2000;

/**
 * `folder/<class>/*.png`, or such folders in `train`, `validation` and `test` by the words of split-names.ts. `shape`
 * is `[height, width, channels]`; without it, that of the first image, in colour.
 * @throws DatasetError, or the reason of the signal
 */
export async function readImageFolder(
  folder: string,
  shape: Shape | undefined,
  reading: Reading,
): Promise<Parts> {
  const { say } = reading;
  if (shape !== undefined && (shape.length !== 3 || (shape[2] !== 1 && shape[2] !== 3))) {
    throw new DatasetError(
      `\`input ${shape.join('x')}\` does not fit images. Write height x width x 1 for grey or x 3 for colour, such as 96x96x3.`,
    );
  }
  const found = pictureFolders(folder, { folders, hasPictures: (place) => pictures(place).length > 0, join });
  if (found === undefined) throw unreadable(folder);
  if ('fault' in found) throw new DatasetError(found.fault);
  const { parts, train: trainFolder, classes } = found;
  const places = byRole(parts, folder);
  const others = parts.length === 0 ? [] : folders(folder).filter((name) => !parts.includes(name));
  if (others.length > 0)
    say(
      `${folder}: ${listed(others)} beside the folders of the splits ${others.length === 1 ? 'is' : 'are'} not used.`,
    );
  const size = shape ?? firstShape(trainFolder, classes);
  const other = async (role: Role): Promise<Samples | undefined> => {
    const place = places.get(role);
    return place === undefined ? undefined : readOther(join(folder, place), classes, size, reading);
  };
  const train = await readClasses(trainFolder, classes, size, reading);
  return { train, validation: await other('validation'), test: await other('test') };
}

function readOther(
  folder: string,
  classNames: readonly string[],
  shape: Shape,
  reading: Reading,
): Promise<Samples> {
  const unknown = folders(folder).find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    throw new DatasetError(
      `${join(folder, unknown)} is a class that the training images do not have (${listed(classNames)}). Rename or remove the folder.`,
    );
  }
  return readClasses(folder, classNames, shape, reading);
}

function folders(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !isHidden(name) && kindOf(join(folder, name)) === 'folder')
      .sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function unreadable(folder: string, cause?: unknown): DatasetError {
  return new DatasetError(
    `${folder} cannot be read as a folder of images. Check the path in the dataset declaration; it is relative to the .nas file.`,
    { cause },
  );
}

function files(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !isHidden(name) && kindOf(join(folder, name)) === 'file')
    .sort();
}

function pictures(folder: string): string[] {
  return files(folder)
    .filter(isPicture)
    .map((name) => join(folder, name));
}

/** Pictures that people would expect to be read. */
function sayWhatIsLeftOut(folder: string, classNames: readonly string[], say: (text: string) => void): void {
  const loose = pictures(folder).length;
  if (loose > 0) {
    say(
      `${folder}: ${counted(loose, 'picture')} beside the folders of the classes ${loose === 1 ? 'is' : 'are'} not used.`,
    );
  }
  for (const name of classNames) {
    const place = join(folder, name);
    if (kindOf(place) !== 'folder') continue;
    const others = files(place).filter((file) => OTHER_PICTURES.has(extname(file).toLowerCase()));
    const kinds = [...new Set(others.map((file) => extname(file).toLowerCase()))];
    if (others.length > 0) {
      say(
        `${place}: ${counted(others.length, `${kinds.join(', ')} file`)} ${others.length === 1 ? 'is' : 'are'} not used. Convert them to PNG or JPEG.`,
      );
    }
    const inner = folders(place).filter((each) => pictures(join(place, each)).length > 0);
    if (inner.length > 0) {
      say(
        `${place}: the pictures in its folders (${listed(inner)}) are not used. Put them into ${name} itself.`,
      );
    }
  }
}

/** Links are followed; undefined for one that leads nowhere or in a circle. */
function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    const status = statSync(path);
    return status.isDirectory() ? 'folder' : status.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

/** Of the first picture, in colour; every class has one. */
function firstShape(folder: string, [name = '']: readonly string[]): Shape {
  const [first = ''] = pictures(join(folder, name));
  const { height, width } = decode(first);
  return [height, width, 3];
}

function decode(path: string): Picture {
  const bytes = readBytes(path, 'image');
  try {
    return decodePicture(bytes);
  } catch (error) {
    throw new DatasetError(`${path} is not a whole image (${reasonOf(error)}). Replace or remove it.`, {
      cause: error,
    });
  }
}

async function readClasses(
  folder: string,
  classNames: readonly string[],
  shape: Shape,
  { say, signal }: Reading,
): Promise<Samples> {
  sayWhatIsLeftOut(folder, classNames, say);
  const known = new Set(folders(folder));
  const found = classNames.flatMap((name) =>
    known.has(name) ? pictures(join(folder, name)).map((path) => ({ name, path })) : [],
  );
  if (found.length === 0) {
    throw new DatasetError(
      `${folder} holds no .png, .jpg or .jpeg files. Put images into the class folders.`,
    );
  }
  const size = shape.reduce((a, b) => a * b, 1);
  refuseLarge(found.length * size, folder);
  const values = new Uint8Array(found.length * size);
  for (const [i, { path }] of found.entries()) {
    if (i % AT_ONCE === 0) await setImmediate();
    signal?.throwIfAborted();
    values.set(resize(decode(path), shape), i * size);
    if ((i + 1) % PROGRESS_PICTURES === 0) {
      say(`${folder}: ${String(i + 1)} of ${String(found.length)} pictures are read.`);
    }
  }
  return {
    shape,
    values,
    labels: found.map(({ name }) => name),
    from: `${basename(folder)}/`,
    placeOf: (i) => found[i]?.path ?? folder,
  };
}
