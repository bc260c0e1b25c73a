/**
 * How a camera was held, by the tag `Orientation` of its EXIF data (CIPA DC-008, section 4.6.5), so that a picture is
 * read as every viewer shows it.
 */

/** Red, green, blue, alpha bytes, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const TAG = 0x0112;
const ENTRY_BYTES = 12;
const LITTLE = 0x4949;
const BIG = 0x4d4d;

/** 1 to 8, where 1 is upright. `exif` is the TIFF structure, after any zero bytes; what cannot be read is upright. */
export function orientationOf(exif: Uint8Array | undefined): number {
  const start = exif?.findIndex((byte) => byte !== 0) ?? -1;
  if (exif === undefined || start < 0) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  if (order !== LITTLE && order !== BIG) return 1;
  const little = order === LITTLE;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * ENTRY_BYTES;
    if (at + ENTRY_BYTES > view.byteLength) return 1;
    if (view.getUint16(at, little) !== TAG) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Where pixel (x, y) of the upright picture stands in the stored one, of size `w` x `h`. */
type Source = (x: number, y: number, w: number, h: number) => readonly [number, number];

const SOURCES: Readonly<Record<number, Source>> = {
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, _, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _, h) => [y, h - 1 - x],
  7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
  8: (x, y, w) => [w - 1 - y, x],
};

export function upright(picture: Picture, orientation: number): Picture {
  const source = SOURCES[orientation];
  if (source === undefined) return picture;
  const { width: w, height: h } = picture;
  const [width, height] = orientation >= 5 ? [h, w] : [w, h];
  const from = new DataView(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength);
  const data = new Uint8Array(width * height * 4);
  const to = new DataView(data.buffer);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = source(x, y, w, h);
      to.setUint32((y * width + x) * 4, from.getUint32((row * w + column) * 4));
    }
  }
  return { width, height, data };
}
