/** The IDX format of MNIST and its kin (http://yann.lecun.com/exdb/mnist/, "FILE FORMATS"), plain or gzip. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from './dataset.ts';
import { readBytes } from './files.ts';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/** An IDX array of unsigned bytes with `rank` dimensions. */
export function readIdx(path: string, rank: number): IdxArray {
  return parseIdx(readBytes(path), rank, path);
}

export function parseIdx(bytes: Uint8Array, rank: number, path: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 4 + 4 * rank;
  if (bytes.length < 4 || view.getUint16(0) !== 0) {
    throw new DatasetError(
      `${path} is not an IDX file: it does not begin with two zero bytes. Name the right file.`,
    );
  }
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw new DatasetError(
      `${path} holds IDX values of type 0x${(bytes[2] ?? 0).toString(16)}; only unsigned bytes (0x8) are read. Convert it.`,
    );
  }
  if (bytes[3] !== rank || bytes.length < header) {
    throw new DatasetError(
      `${path} has ${String(bytes[3] ?? 0)} dimensions where ${String(rank)} are expected. Images and labels may be exchanged.`,
    );
  }
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((a, b) => a * b, 1);
  if (size === 0) {
    throw new DatasetError(
      `${path} announces ${shape.join('x')} values, which is nothing. Name a file that holds samples.`,
    );
  }
  if (bytes.length - header !== size) {
    throw new DatasetError(
      `${path} announces ${shape.join('x')} = ${String(size)} bytes but holds ${String(bytes.length - header)}. It is cut off or damaged; fetch it again.`,
    );
  }
  return { shape, values: bytes.subarray(header) };
}

export interface LabelledImages {
  readonly shape: readonly [number, number, number];
  readonly values: Uint8Array;
  readonly labels: Int32Array;
}

/** Images and labels in the files `<stem>-images-idx3-ubyte[.gz]` and `<stem>-labels-idx1-ubyte[.gz]`. */
export function readIdxPair(folder: string, stem: string): LabelledImages {
  const imagePath = idxPath(folder, `${stem}-images-idx3-ubyte`);
  const labelPath = idxPath(folder, `${stem}-labels-idx1-ubyte`);
  const images = readIdx(imagePath, 3);
  const labels = readIdx(labelPath, 1);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (labels.values.length !== count) {
    throw new DatasetError(
      `${imagePath} holds ${String(count)} images but ${labelPath} ${String(labels.values.length)} labels. They are not of one set.`,
    );
  }
  return { shape: [height, width, 1], values: images.values, labels: Int32Array.from(labels.values) };
}

/** The name with or without `.gz`, or with a dot where some copies have it (`train-images.idx3-ubyte`). */
function findIdx(folder: string, name: string): string | undefined {
  const dotted = name.replace('-idx', '.idx');
  return [`${name}.gz`, name, `${dotted}.gz`, dotted]
    .map((file) => join(folder, file))
    .find((path) => existsSync(path));
}

function idxPath(folder: string, name: string): string {
  const found = findIdx(folder, name);
  if (found === undefined) {
    throw new DatasetError(
      `${folder} has no ${name} (nor ${name}.gz). Put the IDX files of the dataset there, or correct the path.`,
    );
  }
  return found;
}

/** The files of a pair that a folder lacks while it has the other one. */
export function missingHalf(folder: string, stem: string): string | undefined {
  const names = [`${stem}-images-idx3-ubyte`, `${stem}-labels-idx1-ubyte`];
  const missing = names.filter((name) => findIdx(folder, name) === undefined);
  return missing.length === 1 ? missing[0] : undefined;
}

/** Whether a folder holds the IDX files of all `stems` under the usual names. */
export function isIdxFolder(folder: string, stems: readonly string[]): boolean {
  return stems.every((stem) =>
    [`${stem}-images-idx3-ubyte`, `${stem}-labels-idx1-ubyte`].every(
      (name) => findIdx(folder, name) !== undefined,
    ),
  );
}
