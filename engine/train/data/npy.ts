/** NumPy's array files: .npy (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) and .npz, a zip of them. */

import { reasonOf } from '../../files/index.ts';
import { DatasetError } from './dataset.ts';
import { openParts } from './files.ts';
import { refuseLarge } from './limits.ts';
import { readZip, type ZipEntry } from './zip.ts';

export interface NumpyArray {
  readonly shape: readonly number[];
  /** Bytes stay bytes; every other number format becomes float32. */
  readonly values: Uint8Array | Float32Array;
}

export interface NumpyTexts {
  readonly shape: readonly number[];
  readonly texts: readonly string[];
}

/** Arrays of an .npz by name, without `.npy`; one that nobody asks for may hold anything and is never unpacked. */
export interface NpzFile {
  readonly names: readonly string[];
  /** @throws DatasetError */
  read(name: string): Promise<NumpyArray>;
  /** Numbers, truth values and strings as text. @throws DatasetError */
  readTexts(name: string): Promise<NumpyTexts>;
  /** What an array announces, before all of it is unpacked. @throws DatasetError */
  shapeOf(name: string): Promise<readonly number[]>;
  close(): void;
}

const SUFFIX = '.npy';

/** Whoever opens it closes it. @throws DatasetError */
export async function openNpz(path: string): Promise<NpzFile> {
  const file = openParts(path);
  let entries: ReadonlyMap<string, ZipEntry>;
  try {
    const arrays = (await readZip(file)).filter(({ name }) => name.endsWith(SUFFIX));
    entries = new Map(arrays.map((entry) => [entry.name.slice(0, -SUFFIX.length), entry]));
  } catch (error) {
    file.close();
    throw new DatasetError(
      `${path} is not a whole .npz file${error instanceof Error ? ` (${error.message})` : ''}. Save it again with numpy.savez.`,
      { cause: error },
    );
  }
  const entryOf = (name: string): { entry: ZipEntry; place: string } => {
    const entry = entries.get(name);
    if (entry === undefined)
      throw new DatasetError(`${path} has no array ${name}. Save it with numpy.savez.`);
    return { entry, place: `${path} (${name}${SUFFIX})` };
  };
  const headerOf = async (entry: ZipEntry, place: string): Promise<Header> => {
    const header = parseHeader(await unpacked(entry.start, place), place);
    if (entry.size < header.content + header.count * header.width) throw cutOff(header, entry.size, place);
    return header;
  };
  const contentOf = async (name: string): Promise<readonly [Uint8Array, string]> => {
    const { entry, place } = entryOf(name);
    const { count, width } = await headerOf(entry, place);
    // In memory an array is held as bytes or as float32, and beside it what was unpacked.
    refuseLarge(Math.max(entry.size, count * Math.min(4, width)), place);
    return [await unpacked(entry.content, place), place];
  };
  return {
    names: [...entries.keys()],
    read: async (name) => parseNpy(...(await contentOf(name))),
    readTexts: async (name) => parseTexts(...(await contentOf(name))),
    shapeOf: async (name) => {
      const { entry, place } = entryOf(name);
      return (await headerOf(entry, place)).shape;
    },
    close: () => file.close(),
  };
}

async function unpacked(read: () => Promise<Uint8Array>, place: string): Promise<Uint8Array> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(`${place} is damaged: ${reasonOf(error)}. Save or fetch the file again.`, {
      cause: error,
    });
  }
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
  f2: [2, (v, at) => halfAt(v, at)],
  f4: [4, (v, at) => v.getFloat32(at, true)],
  f8: [8, (v, at) => v.getFloat64(at, true)],
};

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function halfAt(view: DataView, at: number): number {
  const bits = view.getUint16(at, true);
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

interface Header {
  /** `f4`, or `U` and `S` for strings. */
  readonly type: string;
  /** Bytes per element. */
  readonly width: number;
  readonly shape: readonly number[];
  readonly fortran: boolean;
  /** Elements. */
  readonly count: number;
  /** Where the elements begin. */
  readonly content: number;
  /** For messages. */
  readonly text: string;
}

function parseHeader(bytes: Uint8Array, where: string): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((value, i) => bytes[i] !== value)) {
    throw new DatasetError(`${where} is not a .npy array. Save it again with numpy.save or numpy.savez.`);
  }
  const wide = (bytes[6] ?? 1) >= 2;
  const start = wide ? 12 : 10;
  const content = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, content));
  const [, order, kind, digits] = /'descr':\s*'([<>|=])([a-zA-Z])(\d+)'/.exec(text) ?? [];
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  const isText = kind === 'U' || kind === 'S';
  const type = isText ? kind : `${kind ?? ''}${digits ?? ''}`;
  const width = isText ? Number(digits) * (kind === 'U' ? 4 : 1) : FORMATS[type]?.[0];
  if (shapeText === undefined || width === undefined || (order === '>' && kind !== 'S')) {
    throw new DatasetError(
      `${where} has a number format that is not read (${text.trim().slice(0, 60)}). Convert ${/'\|?O/.test(text) ? "strings with astype('U') and numbers " : 'it '}to uint8 or float32, little endian.`,
    );
  }
  const shape = shapeText
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  return { type, width, shape, count, content, text, fortran: /'fortran_order':\s*True/.test(text) };
}

function cutOff({ shape, content }: Header, length: number, where: string): DatasetError {
  return new DatasetError(
    `${where} announces ${shape.join('x')} values but holds only ${String(Math.max(0, length - content))} bytes. It is cut off; save it again.`,
  );
}

/** @throws DatasetError */
export function parseNpy(bytes: Uint8Array, where: string): NumpyArray {
  const header = parseHeader(bytes, where);
  const { type, width, shape, count, content, fortran, text } = header;
  const format = FORMATS[type];
  if (format === undefined) {
    throw new DatasetError(
      `${where} holds texts where numbers are expected (${text.trim().slice(0, 60)}). Convert it to uint8 or float32.`,
    );
  }
  if (bytes.length - content < count * width) throw cutOff(header, bytes.length, where);
  if (type === 'u1' && !fortran) return { shape, values: bytes.subarray(content, content + count) };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = fortran ? columnMajor(shape) : (i: number) => i;
  const [, read] = format;
  // Truth values become 0 and 1, not two of the 256 shades of a pixel.
  const values = type === 'u1' ? new Uint8Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, content + place(i) * width);
  return { shape, values };
}

/** Labels: whole numbers keep all their digits. @throws DatasetError */
export function parseTexts(bytes: Uint8Array, where: string): NumpyTexts {
  const header = parseHeader(bytes, where);
  const { type, width, shape, count, content, fortran } = header;
  if (bytes.length - content < count * width) throw cutOff(header, bytes.length, where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = fortran ? columnMajor(shape) : (i: number) => i;
  const textAt = (at: number): string => {
    if (type === 'b1') return view.getUint8(at) === 0 ? 'False' : 'True';
    if (type === 'i8') return String(view.getBigInt64(at, true));
    if (type === 'u8') return String(view.getBigUint64(at, true));
    if (type === 'S') return new TextDecoder().decode(bytes.subarray(at, at + width)).replace(/\0+$/, '');
    if (type === 'U') return charactersAt(view, at, width / 4);
    return String(FORMATS[type]?.[1](view, at) ?? '');
  };
  return { shape, texts: Array.from({ length: count }, (_, i) => textAt(content + place(i) * width)) };
}

/** UTF-32, filled up with zeros. */
function charactersAt(view: DataView, at: number, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    const code = view.getUint32(at + i * 4, true);
    if (code === 0) break;
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
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
