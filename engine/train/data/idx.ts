/** The IDX format of MNIST and its kin (http://yann.lecun.com/exdb/mnist/, "FILE FORMATS"), plain or gzip. */

import { counted } from '../../space/index.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Parts, Samples } from './assemble.ts';
import { DatasetError } from './dataset.ts';
import { readBytes } from './files.ts';
import { listed } from './labels.ts';
import { refuseLarge, refuseMany } from './limits.ts';
import { byRole, type Role, roleOf } from './split-names.ts';
import { unpack } from './unpack.ts';

export interface IdxArray {
  readonly shape: readonly number[];
  /** The elements as the file holds them, big-endian. */
  readonly bytes: Uint8Array;
  readonly read: (element: number) => number;
}

type Reader = (view: DataView, offset: number) => number;

/** Types of values by their code: bytes per value, and how to read one. */
const TYPES: Readonly<Record<number, readonly [number, Reader]>> = {
  0x08: [1, (v, at) => v.getUint8(at)],
  0x09: [1, (v, at) => v.getInt8(at)],
  0x0b: [2, (v, at) => v.getInt16(at)],
  0x0c: [4, (v, at) => v.getInt32(at)],
  0x0d: [4, (v, at) => v.getFloat32(at)],
  0x0e: [8, (v, at) => v.getFloat64(at)],
};
const UNSIGNED_BYTE = 0x08;

/** @throws DatasetError */
export function readIdx(path: string, rank: number, types: readonly number[] = [UNSIGNED_BYTE]): IdxArray {
  const size = (start: Uint8Array): number => {
    const { header, count, width } = parseHeader(start, rank, path, types);
    return header + count * width;
  };
  return parseIdx(unpack(readBytes(path, 'array'), path, size), rank, path, types);
}

interface Header {
  readonly header: number;
  readonly shape: readonly number[];
  readonly count: number;
  readonly width: number;
  readonly read: Reader;
}

function parseHeader(bytes: Uint8Array, rank: number, path: string, types: readonly number[]): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 4 + 4 * rank;
  if (bytes.length < 4 || view.getUint16(0) !== 0) {
    throw new DatasetError(
      `${path} is not an IDX file: it does not begin with two zero bytes. Name the right file.`,
    );
  }
  const code = bytes[2] ?? 0;
  const type = types.includes(code) ? TYPES[code] : undefined;
  if (type === undefined) {
    throw new DatasetError(
      `${path} holds IDX values of type 0x${code.toString(16)}; only ${types.length === 1 ? 'unsigned bytes (0x8)' : 'numbers'} are read. Convert it.`,
    );
  }
  if (bytes[3] !== rank || bytes.length < header) {
    throw new DatasetError(
      `${path} has ${String(bytes[3] ?? 0)} dimensions where ${String(rank)} are expected. Images and labels may be exchanged.`,
    );
  }
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((a, b) => a * b, 1);
  const [width, read] = type;
  if (count === 0) {
    throw new DatasetError(
      `${path} announces ${shape.join('x')} values, which is nothing. Name a file that holds samples.`,
    );
  }
  refuseLarge(count * width, path);
  return { header, shape, count, width, read };
}

/** @throws DatasetError */
export function parseIdx(
  bytes: Uint8Array,
  rank: number,
  path: string,
  types: readonly number[] = [UNSIGNED_BYTE],
): IdxArray {
  const { header, shape, count, width, read } = parseHeader(bytes, rank, path, types);
  if (bytes.length - header !== count * width) {
    throw new DatasetError(
      `${path} announces ${shape.join('x')} = ${String(count * width)} bytes but holds ${String(bytes.length - header)}. It is cut off or damaged; fetch it again.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + header);
  return { shape, bytes: bytes.subarray(header), read: (i) => read(view, i * width) };
}

export interface LabelledImages extends Samples {
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly values: Uint8Array;
}

/** Images and labels in `<stem>-images-idx3-ubyte[.gz]` and `<stem>-labels-idx1-ubyte[.gz]`. @throws DatasetError */
export function readIdxPair(folder: string, stem: string): LabelledImages {
  const names = namesIn(folder);
  const imageName = nameOf(names, stem, 'images');
  const labelName = nameOf(names, stem, 'labels');
  if (imageName === undefined || labelName === undefined) {
    const missing = `${stem}-${imageName === undefined ? 'images-idx3' : 'labels-idx1'}-ubyte`;
    throw new DatasetError(
      `${folder} has no ${missing} (nor ${missing}.gz)${imageName === labelName ? '' : ', but the other half of the pair'}. Put the IDX files of the dataset there, or correct the path.`,
    );
  }
  const imagePath = join(folder, imageName);
  const labelPath = join(folder, labelName);
  const labels = readIdx(labelPath, 1, Object.keys(TYPES).map(Number));
  const images = readIdx(imagePath, 3);
  const [count = 0, height = 0, width = 0] = images.shape;
  refuseMany(count, imagePath);
  const [labelCount = 0] = labels.shape;
  if (labelCount !== count) {
    throw new DatasetError(
      `${imagePath} holds ${counted(count, 'image')} but ${labelPath} ${counted(labelCount, 'label')}. They are not of one set.`,
    );
  }
  return {
    shape: [height, width, 1],
    values: images.bytes,
    labels: Array.from({ length: count }, (_, i) => String(labels.read(i))),
    from: `${imageName}, ${labelName}`,
    placeOf: (i) => `${labelPath}, label ${String(i)}`,
  };
}

/** With or without `.gz`, and with a dot where some copies have it (`train-images.idx3-ubyte`). */
const NAME = /^(.+?)[-_.]?(images|labels)[-.]idx\d-[a-z]+(?:\.gz)?$/i;

function namesIn(folder: string): readonly string[] {
  try {
    // Of a packed file and its copy the packed one is first.
    return readdirSync(folder).sort((a, b) => Number(b.endsWith('.gz')) - Number(a.endsWith('.gz')));
  } catch (error) {
    throw new DatasetError(
      `${folder} cannot be read as a folder of IDX files. Check the path in the dataset declaration; it is relative to the .nas file.`,
      { cause: error },
    );
  }
}

function nameOf(names: readonly string[], stem: string, what: 'images' | 'labels'): string | undefined {
  return names.find((name) => {
    const [, itsStem, itsWhat = ''] = NAME.exec(name) ?? [];
    return itsStem === stem && itsWhat.toLowerCase() === what;
  });
}

/**
 * The parts of a folder: `train-images-idx3-ubyte` with its labels, and others by the words of split-names.ts; a name
 * of the set may stand before them, as in `emnist-letters-train-images-idx3-ubyte`.
 * @throws DatasetError
 */
export function readIdxFolder(folder: string): Parts {
  const stems = [...new Set(namesIn(folder).flatMap((name) => NAME.exec(name)?.[1] ?? []))].sort();
  const cut = (stem: string): readonly [set: string, part: string] => {
    const at = Math.max(stem.lastIndexOf('-'), stem.lastIndexOf('_'), stem.lastIndexOf('.'));
    return [stem.slice(0, Math.max(0, at)), stem.slice(at + 1)];
  };
  const parts = stems.filter((stem) => roleOf(cut(stem)[1]) !== undefined);
  const sets = new Set(parts.map((stem) => cut(stem)[0]));
  if (sets.size > 1) {
    throw new DatasetError(
      `${folder} holds the files of several datasets (${listed(parts)}). Put those of one into a folder of its own.`,
    );
  }
  const [set = ''] = sets;
  const prefix = set === '' ? '' : (parts[0] ?? '').slice(0, set.length + 1);
  const roles = byRole(
    parts.map((stem) => stem.slice(prefix.length)),
    folder,
  );
  const part = (role: Role): Samples | undefined => {
    const name = roles.get(role);
    return name === undefined ? undefined : readIdxPair(folder, `${prefix}${name}`);
  };
  return {
    train: part('train') ?? readIdxPair(folder, `${prefix}train`),
    validation: part('validation'),
    test: part('test'),
  };
}

/** Whether a folder holds the IDX files of all `stems` under the usual names. */
export function isIdxFolder(folder: string, stems: readonly string[]): boolean {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return false;
  }
  return stems.every((stem) =>
    (['images', 'labels'] as const).every((what) => nameOf(names, stem, what) !== undefined),
  );
}
