/** Folders of images: one folder per class, PNG or JPEG, resized to one size. */

import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { Shape } from '../../space/network.ts';
import type { Samples } from './assemble.ts';
import { DatasetError } from './dataset.ts';
import { readBytes } from './files.ts';
import { orientationOf, type Picture, upright } from './orientation.ts';

/** Files that would unpack to more are refused, so that a crafted one cannot fill the memory. */
const JPEG_MEMORY_MB = 512;
const PNG_PIXELS = 64e6;

const EXTENSIONS: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg']);
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47];
const JPEG_SIGNATURE = [0xff, 0xd8];

/** By what the file is and not by its name, since pictures from the web often bear the wrong one. */
function decodeBytes(bytes: Uint8Array): Picture {
  const begins = (signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte);
  if (begins(PNG_SIGNATURE)) return decodePng(bytes);
  if (begins(JPEG_SIGNATURE)) return decodeJpeg(bytes);
  throw new Error('it is neither PNG nor JPEG');
}

function decodePng(bytes: Uint8Array): Picture {
  const file = Buffer.from(bytes);
  // The header is the first chunk: width and height at bytes 16 and 20 (https://www.w3.org/TR/png-3/#11IHDR).
  const pixels = file.length < 24 ? 0 : file.readUInt32BE(16) * file.readUInt32BE(20);
  if (pixels > PNG_PIXELS) throw new Error(`it announces ${String(pixels)} pixels`);
  return PNG.sync.read(file);
}

function decodeJpeg(bytes: Uint8Array): Picture {
  // Declared without the EXIF data that it carries.
  const picture: Picture & { readonly exifBuffer?: Uint8Array } = jpeg.decode(bytes, {
    useTArray: true,
    maxMemoryUsageInMB: JPEG_MEMORY_MB,
  });
  return upright(picture, orientationOf(picture.exifBuffer));
}

export interface ImageFolder {
  readonly all: Samples;
  readonly test: Samples | undefined;
  readonly classNames: readonly string[];
}

/**
 * `folder/<class>/*.png`, or `folder/train/<class>/*` with `folder/test/<class>/*`. `shape` is
 * `[height, width, channels]`; without it, that of the first image, in colour.
 */
export function readImageFolder(folder: string, shape: Shape | undefined): ImageFolder {
  if (shape !== undefined && (shape.length !== 3 || (shape[2] !== 1 && shape[2] !== 3))) {
    throw new DatasetError(
      `\`input ${shape.join('x')}\` does not fit images. Write height x width x 1 for grey or x 3 for colour, such as 96x96x3.`,
    );
  }
  const top = folders(folder);
  // A class may be called train, too: then it holds pictures and no folders.
  const split = top.includes('train') && folders(join(folder, 'train')).length > 0;
  const trainFolder = split ? join(folder, 'train') : folder;
  const classNames = folders(trainFolder);
  if (classNames.length < 2) {
    throw new DatasetError(
      `${trainFolder} has ${String(classNames.length)} folders; there must be one per class, at least two. Sort the images into folders named after their classes.`,
    );
  }
  const size = shape ?? firstShape(trainFolder, classNames);
  const all = readClasses(trainFolder, classNames, size);
  classNames.forEach((name, label) => {
    if (all.labels.includes(label)) return;
    throw new DatasetError(
      `${join(trainFolder, name)} holds no .png, .jpg or .jpeg files. Put the images of the class there, or remove the folder.`,
    );
  });
  const test = split && top.includes('test') ? readTest(join(folder, 'test'), classNames, size) : undefined;
  return { all, test, classNames };
}

function readTest(folder: string, classNames: readonly string[], shape: Shape): Samples {
  const unknown = folders(folder).find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    throw new DatasetError(
      `${join(folder, unknown)} is a class that the training images do not have (${classNames.join(', ')}). Rename or remove the folder.`,
    );
  }
  return readClasses(folder, classNames, shape);
}

function folders(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !isHidden(name) && kindOf(join(folder, name)) === 'folder')
      .sort();
  } catch (error) {
    throw new DatasetError(
      `${folder} cannot be read as a folder of images. Check the path in the dataset declaration; it is relative to the .nas file.`,
      { cause: error },
    );
  }
}

function pictures(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !isHidden(name) && EXTENSIONS.has(extname(name).toLowerCase()))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => kindOf(path) === 'file');
}

/** Also what macOS puts beside the files of a zip. */
function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX';
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

function firstShape(folder: string, classNames: readonly string[]): Shape {
  for (const name of classNames) {
    const [first] = pictures(join(folder, name));
    if (first !== undefined) {
      const { height, width } = decode(first);
      return [height, width, 3];
    }
  }
  throw new DatasetError(`${folder} holds no .png, .jpg or .jpeg files. Put images into the class folders.`);
}

function decode(path: string): Picture {
  const bytes = readBytes(path, 'image');
  try {
    return decodeBytes(bytes);
  } catch (error) {
    throw new DatasetError(
      `${path} is not a whole image (${error instanceof Error ? error.message : String(error)}). Replace or remove it.`,
      { cause: error },
    );
  }
}

function readClasses(folder: string, classNames: readonly string[], shape: Shape): Samples {
  const values: Uint8Array[] = [];
  const labels: number[] = [];
  const known = new Set(folders(folder));
  classNames.forEach((name, label) => {
    if (!known.has(name)) return;
    for (const path of pictures(join(folder, name))) {
      values.push(resize(decode(path), shape));
      labels.push(label);
    }
  });
  if (labels.length === 0) {
    throw new DatasetError(
      `${folder} holds no .png, .jpg or .jpeg files. Put images into the class folders.`,
    );
  }
  return { shape, values: Buffer.concat(values), labels: Int32Array.from(labels) };
}

/** Luma of BT.601, the weights that PNG and JPEG tools use for grey. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** By the mean over the area that each new pixel covers; grey for one channel. */
export function resize(picture: Picture, [height = 1, width = 1, channels = 3]: Shape): Uint8Array {
  const out = new Uint8Array(height * width * channels);
  const { data } = picture;
  for (let h = 0; h < height; h++) {
    const [top, bottom] = span(h, height, picture.height);
    for (let w = 0; w < width; w++) {
      const [left, right] = span(w, width, picture.width);
      const sum = [0, 0, 0];
      let area = 0;
      for (let y = Math.floor(top); y < bottom; y++) {
        const tall = Math.min(bottom, y + 1) - Math.max(top, y);
        for (let x = Math.floor(left); x < right; x++) {
          const weight = tall * (Math.min(right, x + 1) - Math.max(left, x));
          const at = (y * picture.width + x) * 4;
          for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + weight * (data[at + c] ?? 0);
          area += weight;
        }
      }
      const to = (h * width + w) * channels;
      const [red = 0, green = 0, blue = 0] = sum;
      if (channels === 1) out[to] = Math.round((LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue) / area);
      else for (let c = 0; c < channels; c++) out[to + c] = Math.round((sum[c] ?? 0) / area);
    }
  }
  return out;
}

/** The stretch of the old axis under pixel `i` of the new one; at least one old pixel wide, inside the image. */
function span(i: number, size: number, oldSize: number): readonly [number, number] {
  const scale = oldSize / size;
  if (scale >= 1) return [i * scale, Math.min(oldSize, (i + 1) * scale)];
  const at = Math.min(oldSize - 1, Math.floor((i + 0.5) * scale));
  return [at, at + 1];
}
