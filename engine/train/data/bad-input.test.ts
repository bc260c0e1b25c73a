/** Datasets as people and tools really leave them: each is read as it is meant, or refused with the reason. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { DatasetSetting } from '../../space/types.ts';
import type { Dataset } from './dataset.ts';
import { openDataset } from './open.ts';
import { idx, npy, refuses, setting } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-bad-data-'));
after(() => rmSync(folder, { recursive: true }));

let count = 0;
/** Files by path; the answer is the name of a new folder that holds them. */
function write(files: Readonly<Record<string, string | Uint8Array>>): string {
  const name = String(count++);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), content);
  }
  return name;
}

function open(name: string, path: string, rest: Partial<DatasetSetting> = {}): Promise<Dataset> {
  return openDataset(setting(name, path, rest), folder);
}

const bytes = (length: number, value: (i: number) => number) =>
  Uint8Array.from({ length }, (_, i) => value(i));

describe('IDX', () => {
  const train = (samples: number, size: number, labelOf: (i: number) => number, stem = 'train') => ({
    [`${stem}-images-idx3-ubyte`]: idx([samples, size, size], new Uint8Array(samples * size * size)),
    [`${stem}-labels-idx1-ubyte`]: idx([samples], bytes(samples, labelOf)),
  });
  const twenty = train(20, 2, (i) => i % 2);
  const cases: Readonly<Record<string, [Record<string, Uint8Array>, RegExp]>> = {
    'samples of one class': [train(20, 2, () => 1), /all of one class, 1\. .* at least two/],
    'no samples': [train(0, 2, () => 0), /announces 0 values, which is nothing/],
    'images without pixels': [train(20, 0, (i) => i % 2), /announces 20x0x0 values, which is nothing/],
    'a test split of another size': [
      { ...twenty, ...train(20, 3, (i) => i % 2, 't10k') },
      /training samples are 2x2x1, those of the test split 3x3x1/,
    ],
    'a class in the test split alone': [
      { ...twenty, ...train(20, 2, (i) => i % 3, 't10k') },
      /t10k-labels-idx1-ubyte, label 2: no training sample has the class 2; the classes are 0, 1\./,
    ],
    'half a test split': [
      { ...twenty, 't10k-images-idx3-ubyte': new Uint8Array(4) },
      /has no t10k-labels-idx1-ubyte .*but the other half/,
    ],
  };
  for (const [what, [files, message]] of Object.entries(cases)) {
    it(`refuses ${what}`, () => refuses(open('idx', write(files)), message));
  }

  it('refuses a split of nothing, in these words', async () => {
    await refuses(
      open('idx', write(twenty), { options: { test: 0 } }),
      /test split of 0 leaves nothing to judge by/,
    );
  });

  it('keeps every class in every split when one of them is rare', async () => {
    const dataset = await open('idx', write(train(203, 2, (i) => (i < 200 ? 0 : 1))));
    for (const split of [dataset.train, dataset.validation, dataset.test])
      assert.ok(split.labels.includes(1));
  });
});

describe('NPZ', () => {
  const write32 = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const npz = (arrays: Readonly<Record<string, Uint8Array>>, level: 0 | 6 = 6) =>
    join(
      write({
        'd.npz': zipSync(Object.fromEntries(Object.entries(arrays).map(([name, a]) => [`${name}.npy`, a])), {
          level,
        }),
      }),
      'd.npz',
    );
  const y = npy(
    "'|u1'",
    '20,',
    bytes(20, (i) => i % 2),
  );
  const x = npy(
    "'|u1'",
    '20, 3',
    bytes(60, (i) => i),
  );

  it('reads Fortran order as what it means, packed or not', async () => {
    const columns = npy(
      "'|u1'",
      '20, 3',
      bytes(60, (i) => (i % 20) * 3 + Math.floor(i / 20)),
      true,
    );
    const plain = await open('npz', npz({ x, y }, 0));
    assert.equal((await open('npz', npz({ x: columns, y }))).fingerprint, plain.fingerprint);
  });

  it('reads truth values as 0 and 1 and not as two dark shades', async () => {
    const { train, normalization } = await open(
      'npz',
      npz({
        x: npy(
          "'|b1'",
          '20, 3',
          bytes(60, (i) => i % 2),
        ),
        y,
      }),
    );
    assert.deepEqual(new Set(train.values), new Set([0, 1]));
    assert.deepEqual(normalization, { scale: 1, offset: 0 });
  });

  it('refuses a file in which any one byte of the samples is not what was saved', async () => {
    const path = npz({ x, y }, 0);
    const whole = readFileSync(join(folder, path));
    const at = whole.indexOf(Buffer.from([20, 21, 22, 23]));
    assert.ok(at > 0);
    whole.writeUInt8(99, at + 1);
    writeFileSync(join(folder, path), whole);
    await refuses(open('npz', path), /x\.npy\) is damaged: its checksum is not the one/);
  });

  it('does not mind arrays that nobody asks for', async () => {
    const names = npy("'<U5'", '2,', new Uint8Array(40));
    assert.equal((await open('npz', npz({ names, x, y }))).classes, 2);
  });

  const cases: Readonly<Record<string, [Record<string, Uint8Array>, RegExp]>> = {
    objects: [{ x: npy("'|O'", '20, 3', new Uint8Array(99)), y }, /number format that is not read/],
    records: [
      { x: npy("[('a', '<f4')]", '20, 3', new Uint8Array(240)), y },
      /number format that is not read/,
    ],
    'what is no number': [
      { x: npy("'<f4'", '20, 3', write32(Array.from({ length: 60 }, (_, i) => (i === 7 ? NaN : i)))), y },
      /sample 2 holds NaN\. Replace or remove/,
    ],
    'labels with a column for each class': [
      {
        x,
        y: npy(
          "'|u1'",
          '20, 2',
          bytes(40, (i) => i % 2),
        ),
      },
      /looks like one column per class\. Save numpy\.argmax/,
    ],
    'samples of nothing': [{ x: npy("'|u1'", '20, 0', new Uint8Array()), y }, /which holds nothing/],
    'bytes to train on and floats to test by': [
      { x_train: x, y_train: y, x_test: npy("'<f4'", '20, 3', new Uint8Array(240)), y_test: y },
      /Save both as the same type/,
    ],
  };
  for (const [what, [arrays, message]] of Object.entries(cases)) {
    it(`refuses ${what}`, () => refuses(open('npz', npz(arrays)), message));
  }
});

describe('images', () => {
  const png = (red: number): Buffer => {
    const image = new PNG({ width: 4, height: 4 });
    for (let i = 0; i < image.data.length; i += 4) image.data.writeUInt32BE(((red << 24) | 255) >>> 0, i);
    return PNG.sync.write(image);
  };
  const many = (name: string, content: Uint8Array) =>
    Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${name}/${String(i)}.png`, content]));
  const two = { ...many('a', png(10)), ...many('b', png(200)) };

  it('are read past hidden files, dead and circular links, and folders with the names of pictures', async () => {
    const name = write({
      ...two,
      'a/._0.png': 'resource fork',
      'a/.DS_Store': '',
      '__MACOSX/a/x.png': '',
      '.git/x': '',
    });
    mkdirSync(join(folder, name, 'a', 'folder.png'));
    symlinkSync('nowhere', join(folder, name, 'dead'));
    symlinkSync('circle', join(folder, name, 'circle'));
    symlinkSync('nowhere.png', join(folder, name, 'a', 'dead.png'));
    symlinkSync('..', join(folder, name, 'a', 'up'));
    const dataset = await open('images', name);
    assert.deepEqual(dataset.classNames, ['a', 'b']);
    assert.equal(dataset.train.size + dataset.validation.size + dataset.test.size, 20);
  });

  it('are read by what they are, not by their names', async () => {
    const picture = { width: 4, height: 4, data: Buffer.alloc(64, 128) };
    const name = write({ ...two, 'a/jpeg.png': jpeg.encode(picture, 90).data, 'b/png.jpg': png(1) });
    assert.equal((await open('images', name)).train.size, 16);
    await refuses(
      open('images', write({ ...two, 'a/x.png': 'RIFF....WEBP' })),
      /x\.png .*neither PNG nor JPEG/,
    );
  });

  it('are turned as the camera was held', async () => {
    // Bright above, dark below, and a tag that says to turn them by 180 degrees.
    const data = Buffer.from(bytes(4 * 64, (i) => (i < 128 ? 250 : 5)));
    const [start, rest] = [[0xff, 0xd8], jpeg.encode({ width: 8, height: 8, data }, 95).data.subarray(2)];
    const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0];
    const exif = [...Buffer.from('Exif'), 0, 0, ...tiff];
    const turned = Buffer.from([...start, 0xff, 0xe1, 0, exif.length + 2, ...exif, ...rest]);
    const { train } = await open('images', write({ ...many('a', turned), ...many('b', turned) }), {
      input: [2, 1, 1],
    });
    const [top = NaN, bottom = NaN] = train.values;
    assert.ok(top < 20 && bottom > 230, `${top} above ${bottom}`);
  });

  it('may be of a class that is called train', async () => {
    const name = write({ ...many('car', png(1)), ...many('train', png(2)) });
    assert.deepEqual((await open('images', name)).classNames, ['car', 'train']);
  });

  it('refuses folders that do not fit together', async () => {
    const name = write(two);
    mkdirSync(join(folder, name, 'empty'));
    await refuses(
      open('images', name),
      /empty holds no \.png, \.jpg or \.jpeg files\..*or remove the folder/,
    );
    const files = { ...many('train/a', png(1)), ...many('train/b', png(2)), ...many('test/c', png(3)) };
    await refuses(open('images', write(files)), /c is a class that the training images do not have \(a, b\)/);
  });

  it('refuses an input that is neither grey nor colour', async () => {
    await refuses(open('images', write(two), { input: [4, 4, 4] }), /`input 4x4x4` does not fit images/);
    await refuses(open('images', write(two), { input: [48] }), /`input 48` does not fit images/);
  });
});

describe('CSV', () => {
  const csv = (lines: readonly string[], end = '\n') => join(write({ 'd.csv': lines.join(end) }), 'd.csv');
  const rows = (separator: string) =>
    Array.from({ length: 20 }, (_, i) => [i, i * 2.5, i % 2 === 0 ? 'left' : 'right'].join(separator));

  it('is the same with commas, semicolons, tabs, quotes, a byte order mark and any line ends', async () => {
    const plain = await open('csv', csv(['speed,angle,class', ...rows(',')]));
    assert.deepEqual([plain.shape, plain.classes], [[2], 2]);
    const same = [
      csv(['speed;angle;class', ...rows(';')], '\r\n'),
      csv(['speed\tangle\tclass', ...rows('\t')], '\r'),
      csv([
        '\ufeff"speed","angle","class"',
        ...rows(',').map((row) => `"${row.replaceAll(',', '", "')}"`),
        '',
        '',
      ]),
    ];
    for (const path of same) assert.equal((await open('csv', path)).fingerprint, plain.fingerprint);
  });

  it('has a header when a column is called class, even if all others are numbers', async () => {
    const dataset = await open('csv', csv(['0,1,class', ...rows(',')]));
    assert.deepEqual(dataset.classNames, ['left', 'right']);
  });

  const cases: Readonly<Record<string, [readonly string[], RegExp]>> = {
    'one column': [['a', 'b', 'c'], /has one column only/],
    'a missing value': [
      ['x,y,class', '', '1,,left'],
      /line 3, y: the value is missing\. Fill it in, or remove/,
    ],
    'a missing class': [['x,y,class', '1,2,left', '1,2,'], /line 3, class: the class is missing/],
    'a quantity for a class': [['1,2,0.37', '1,2,0.5'], /line 1, column 2: 0\.37 is no class\..*`label`/],
    infinity: [['1,Infinity,0', '1,2,1'], /line 1, column 1: "Infinity" is not a number/],
    'a line over two lines': [['x,y,class', '"1\n2",3,left'], /line \d, x: "1\n2" is not a number/],
    'an open quote': [['x,y,class', '"1,3,left'], /is not a regular CSV file/],
    'samples of one class': [['1,2,a', '1,3,a', '1,4,a'], /all of one class, a\./],
  };
  for (const [what, [lines, message]] of Object.entries(cases)) {
    it(`refuses ${what}`, () => refuses(open('csv', csv(lines)), message));
  }
});
