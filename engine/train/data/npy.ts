/** NumPy's array files: .npy (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) and .npz, a zip of them. */

import { crc32 } from 'node:zlib';
import { type Unzipped, unzipSync } from 'fflate';
import { DatasetError } from './dataset.ts';
import { readBytes } from './files.ts';
import { zipChecksums } from './zip-checksums.ts';

export interface NumpyArray {
  readonly shape: readonly number[];
  /** Bytes stay bytes; every other number format becomes float32. */
  readonly values: Uint8Array | Float32Array;
}

/** Arrays of an .npz by name, without `.npy`; one that nobody asks for may hold anything, such as the names of classes. */
export interface NpzFile {
  readonly names: readonly string[];
  /** undefined when it is not there. @throws DatasetError */
  read(name: string): NumpyArray | undefined;
}

export function readNpz(path: string): NpzFile {
  const bytes = readBytes(path);
  let entries: Unzipped;
  try {
    entries = unzipSync(bytes, { filter: (file) => file.name.endsWith('.npy') });
  } catch (error) {
    throw new DatasetError(`${path} is not a whole .npz file. Save it again with numpy.savez.`, {
      cause: error,
    });
  }
  const checksums = zipChecksums(bytes);
  const suffix = '.npy';
  return {
    names: Object.keys(entries).map((name) => name.slice(0, -suffix.length)),
    read(name) {
      const content = entries[name + suffix];
      if (content === undefined) return undefined;
      const place = `${path} (${name}${suffix})`;
      if (crc32(content) !== (checksums.get(name + suffix) ?? crc32(content))) {
        throw new DatasetError(
          `${place} is damaged: its checksum is not the one that was saved with it. Save or fetch the file again.`,
        );
      }
      return parseNpy(content, place);
    },
  };
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

type Reader = (view: DataView, offset: number) => number;

/** Number formats by NumPy's name: bytes per element, and how to read one. */
const FORMATS: Readonly<Record<string, readonly [number, Reader]>> = {
  u1: [1, (v, at) => v.getUint8(at)],
  b1: [1, (v, at) => v.getUint8(at)],
  i1: [1, (v, at) => v.getInt8(at)],
  u2: [2, (v, at) => v.getUint16(at, true)],
  i2: [2, (v, at) => v.getInt16(at, true)],
  u4: [4, (v, at) => v.getUint32(at, true)],
  i4: [4, (v, at) => v.getInt32(at, true)],
  u8: [8, (v, at) => Number(v.getBigUint64(at, true))],
  i8: [8, (v, at) => Number(v.getBigInt64(at, true))],
  f4: [4, (v, at) => v.getFloat32(at, true)],
  f8: [8, (v, at) => v.getFloat64(at, true)],
};

export function parseNpy(bytes: Uint8Array, where: string): NumpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((value, i) => bytes[i] !== value)) {
    throw new DatasetError(`${where} is not a .npy array. Save it again with numpy.save or numpy.savez.`);
  }
  const wide = (bytes[6] ?? 1) >= 2;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const type = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const format = FORMATS[type?.[2] ?? ''];
  if (type === null || shapeText === undefined || format === undefined || type[1] === '>') {
    throw new DatasetError(
      `${where} has a number format that is not read (${header.trim().slice(0, 60)}). Convert it to uint8 or float32, little endian.`,
    );
  }
  const shape = shapeText
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const size = shape.reduce((a, b) => a * b, 1);
  const [width, read] = format;
  const content = start + length;
  if (bytes.length - content < size * width) {
    throw new DatasetError(
      `${where} announces ${shape.join('x')} values but holds only ${String(bytes.length - content)} bytes. It is cut off; save it again.`,
    );
  }
  const fortran = /'fortran_order':\s*True/.test(header);
  if (type[2] === 'u1' && !fortran) return { shape, values: bytes.slice(content, content + size) };
  const place = fortran ? columnMajor(shape) : (i: number) => i;
  // Truth values become 0 and 1, not two of the 256 shades of a pixel.
  const values = type[2] === 'u1' ? new Uint8Array(size) : new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = read(view, content + place(i) * width);
  return { shape, values };
}

/** From the place of a value in row-major order to that in column-major (Fortran) order. */
function columnMajor(shape: readonly number[]): (i: number) => number {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  return (i) => {
    let rest = i;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const extent = shape[axis] ?? 1;
      at += (rest % extent) * (strides[axis] ?? 0);
      rest = Math.floor(rest / extent);
    }
    return at;
  };
}
