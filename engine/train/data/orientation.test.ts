import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { orientationOf, upright } from './orientation.ts';

/** The TIFF structure of EXIF data with one entry before the orientation. */
function exif(orientation: number, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(1 + 8 + 2 + 24));
  const at = (offset: number) => 1 + offset;
  view.setUint16(at(0), little ? 0x4949 : 0x4d4d);
  view.setUint16(at(2), 42, little);
  view.setUint32(at(4), 8, little);
  view.setUint16(at(8), 2, little);
  view.setUint16(at(10), 0x010f, little);
  view.setUint16(at(22), 0x0112, little);
  view.setUint16(at(24), 3, little);
  view.setUint32(at(26), 1, little);
  view.setUint16(at(30), orientation, little);
  return new Uint8Array(view.buffer);
}

/** A picture of 3 x 2 pixels, named by their red: 1 2 3 above 4 5 6. */
const picture = {
  width: 3,
  height: 2,
  data: Uint8Array.from({ length: 24 }, (_, i) => (i % 4 === 0 ? i / 4 + 1 : 255)),
};

function rows(orientation: number): string {
  const { width, height, data } = upright(picture, orientation);
  const red = (x: number, y: number) => data[(y * width + x) * 4];
  const row = (y: number) => Array.from({ length: width }, (_, x) => red(x, y)).join('');
  return Array.from({ length: height }, (_, y) => row(y)).join(' ');
}

describe('the orientation of a picture', () => {
  it('is read in both byte orders', () => {
    for (let i = 1; i <= 8; i++) {
      assert.equal(orientationOf(exif(i, true)), i);
      assert.equal(orientationOf(exif(i, false)), i);
    }
  });

  it('turns and mirrors as the standard says', () => {
    const expected = {
      1: '123 456',
      2: '321 654',
      3: '654 321',
      4: '456 123',
      5: '14 25 36',
      6: '41 52 63',
      7: '63 52 41',
      8: '36 25 14',
    };
    for (const [orientation, text] of Object.entries(expected)) assert.equal(rows(Number(orientation)), text);
  });

  it('is upright when nothing or nonsense is said of it', () => {
    assert.equal(orientationOf(undefined), 1);
    assert.equal(orientationOf(exif(9, true)), 1);
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.nat(35),
        fc.array(fc.tuple(fc.nat(34), fc.nat(255)), { maxLength: 6 }),
        (little, length, changes) => {
          const data = exif(6, little).slice(0, length);
          for (const [at, value] of changes) if (at < data.length) data[at] = value;
          const orientation = orientationOf(data);
          assert.ok(orientation >= 1 && orientation <= 8);
        },
      ),
      { numRuns: 1000, seed: 1 },
    );
  });
});
