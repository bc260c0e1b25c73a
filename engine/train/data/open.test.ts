import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { DatasetSetting } from '../../space/types.ts';
import { batch, DatasetError, type Split, spreadIndices } from './dataset.ts';
import { download } from './fashion-mnist.ts';
import { parseIdx } from './idx.ts';
import { parseNpy } from './npy.ts';
import { openDataset } from './open.ts';
import { resize } from './resize.ts';
import { idx, refuses, setting } from './testing.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-data-'));
});
after(() => rmSync(folder, { recursive: true }));

/** 40 images of 2x3, the first pixel the number of the image, the class its remainder by 4. */
function writeIdx(name: string, change?: (files: Record<string, Buffer>) => void): string {
  const target = join(folder, name);
  mkdirSync(target);
  const files: Record<string, Buffer> = {
    'train-images-idx3-ubyte': idx(
      [40, 2, 3],
      Uint8Array.from({ length: 240 }, (_, i) => (i % 6 === 0 ? i / 6 : 7)),
    ),
    'train-labels-idx1-ubyte': idx(
      [40],
      Uint8Array.from({ length: 40 }, (_, i) => i % 4),
    ),
  };
  change?.(files);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(target, file), bytes);
  return name;
}

function counts({ labels }: { labels: Int32Array }): number[] {
  const out: number[] = [];
  for (const label of labels) out[label] = (out[label] ?? 0) + 1;
  return out;
}

describe('IDX', () => {
  it('is read, shuffled by seed and split class by class', async () => {
    writeIdx('plain');
    const open = (seed: number) =>
      openDataset(setting('idx', 'plain', { options: { validation: 0.2, test: 0.2, seed } }), folder);
    const a = await open(1);
    assert.deepEqual([a.shape, a.classes], [[2, 3, 1], 4]);
    assert.deepEqual(
      [counts(a.train), counts(a.validation), counts(a.test)],
      [
        [6, 6, 6, 6],
        [2, 2, 2, 2],
        [2, 2, 2, 2],
      ],
    );
    const ids = [a.train, a.validation, a.test].flatMap(({ values, size, labels }) =>
      Array.from({ length: size }, (_, i) => {
        const id = values[i * 6] ?? -1;
        assert.equal(labels[i], id % 4, 'labels went with their images');
        return id;
      }),
    );
    assert.deepEqual(
      ids.toSorted((x, y) => x - y),
      Array.from({ length: 40 }, (_, i) => i),
      'each image is in one split',
    );
    assert.equal((await open(1)).fingerprint, a.fingerprint);
    assert.notEqual((await open(2)).fingerprint, a.fingerprint);
  });

  it('gives normalised batches', async () => {
    writeIdx('normal');
    const dataset = await openDataset(
      setting('idx', 'normal', { options: { mean: 0.5, deviation: 0.25 } }),
      folder,
    );
    assert.deepEqual(dataset.normalization, { scale: 1 / (255 * 0.25), offset: 128 });
    const [first = NaN] = batch(dataset, dataset.train, [2]);
    assert.ok(Math.abs(first - ((dataset.train.values[12] ?? 0) - 128) / 63.75) < 1e-6);
    assert.deepEqual([...spreadIndices(dataset.train, 3)], [0, 9, 18]);
  });

  it('trains on a part when asked to', async () => {
    writeIdx('part');
    const dataset = await openDataset(setting('idx', 'part', { options: { train: 12 } }), folder);
    assert.deepEqual(counts(dataset.train), [3, 3, 3, 3]);
  });

  it('unpacks gzip and takes a test split that is there', async () => {
    const plain = writeIdx('unpacked');
    const name = 'packed';
    mkdirSync(join(folder, name));
    for (const file of readdirSync(join(folder, plain))) {
      const bytes = gzipSync(readFileSync(join(folder, plain, file)));
      writeFileSync(join(folder, name, `${file}.gz`), bytes);
      writeFileSync(join(folder, name, `${file.replace('train', 't10k').replace('-idx', '.idx')}.gz`), bytes);
    }
    const dataset = await openDataset(setting('idx', name), folder);
    assert.equal(dataset.test.size, 40);
  });

  const damaged: Record<string, [(files: Record<string, Buffer>) => void, RegExp]> = {
    'a missing file': [
      (files) => delete files['train-labels-idx1-ubyte'],
      /has no train-labels-idx1-ubyte \(nor .*\.gz\), but the other half of the pair\. Put/,
    ],
    'a file cut off': [
      (files) =>
        (files['train-images-idx3-ubyte'] = (files['train-images-idx3-ubyte'] ?? Buffer.alloc(0)).subarray(
          0,
          100,
        )),
      /announces 40x2x3 = 240 bytes but holds 84\. It is cut off or damaged/,
    ],
    'gzip cut off': [
      (files) => {
        const whole = gzipSync(files['train-images-idx3-ubyte'] ?? Buffer.alloc(0));
        files['train-images-idx3-ubyte'] = whole.subarray(0, whole.length - 20);
      },
      /is a damaged gzip file/,
    ],
    'something else': [
      (files) => (files['train-images-idx3-ubyte'] = Buffer.from('<html>not found</html>')),
      /is not an IDX file/,
    ],
    'other numbers': [
      (files) => (files['train-images-idx3-ubyte'] ?? Buffer.alloc(4)).writeUInt8(0x0d, 2),
      /type 0xd; only unsigned bytes/,
    ],
    'labels for images': [
      (files) => (files['train-images-idx3-ubyte'] = files['train-labels-idx1-ubyte'] ?? Buffer.alloc(0)),
      /has 1 dimensions where 3 are expected/,
    ],
    'labels of another set': [
      (files) => (files['train-labels-idx1-ubyte'] = idx([39], new Uint8Array(39))),
      /40 images but .* 39 labels/,
    ],
    'an empty file': [(files) => (files['train-images-idx3-ubyte'] = Buffer.alloc(0)), /is not an IDX file/],
  };
  for (const [what, [change, message]] of Object.entries(damaged)) {
    it(`says what is wrong with ${what}`, async () => {
      const name = writeIdx(what.replaceAll(' ', '-'), change);
      await refuses(openDataset(setting('idx', name), folder), message);
    });
  }

  it('checks what the declaration says', async () => {
    writeIdx('checked');
    const open = (rest: Partial<DatasetSetting>) => openDataset(setting('idx', 'checked', rest), folder);
    await refuses(
      open({ classes: 3 }),
      /a\.nas, line 1: `classes 3` is declared, but .* has 4 classes: 0, 1, 2, 3\./,
    );
    await refuses(
      open({ input: [28, 28, 1] }),
      /holds samples of 2x3x1, but the dataset declares `input 28x28x1`/,
    );
    await refuses(open({ options: { validation: 100 } }), /leaves nothing to train on/);
    await refuses(open({ options: { test: 'half' } }), /`test` of the dataset must be a number/);
    await refuses(openDataset(setting('idx'), folder), /needs a path\. Write idx\("\.\/folder"\)/);
    await refuses(openDataset(setting('idx', 'nowhere'), folder), /nowhere does not exist/);
    await refuses(
      openDataset(setting('mnits', 'x'), folder),
      /no dataset "mnits"\. Known are fashion-mnist, idx/,
    );
  });
});

function npy(descr: string, shape: readonly number[], bytes: Uint8Array, fortran = false): Uint8Array {
  const comma = shape.length === 1 ? ',' : '';
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${comma}), }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const header = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([header, Buffer.from(padded, 'latin1'), bytes]);
}

describe('NPZ', () => {
  const write = (name: string, arrays: Record<string, Uint8Array>) => {
    writeFileSync(
      join(folder, name),
      zipSync(Object.fromEntries(Object.entries(arrays).map(([key, value]) => [`${key}.npy`, value]))),
    );
    return name;
  };
  const pixels = npy(
    '|u1',
    [20, 2, 2],
    Uint8Array.from({ length: 80 }, (_, i) => i),
  );
  const labels = npy(
    '<i8',
    [20],
    Buffer.from(BigInt64Array.from({ length: 20 }, (_, i) => BigInt(i % 2)).buffer),
  );

  it('is read under the names of Keras, with its test split', async () => {
    const name = write('keras.npz', { x_train: pixels, y_train: labels, x_test: pixels, y_test: labels });
    const dataset = await openDataset(setting('npz', name), folder);
    assert.deepEqual([dataset.shape, dataset.classes, dataset.test.size], [[2, 2, 1], 2, 20]);
    assert.ok(dataset.train.values instanceof Uint8Array);
  });

  it('is read as floats', async () => {
    const floats = npy('<f4', [20, 3], Buffer.from(new Float32Array(60).map((_, i) => i / 60).buffer));
    const dataset = await openDataset(setting('npz', write('floats.npz', { x: floats, y: labels })), folder);
    assert.deepEqual([dataset.shape, dataset.normalization], [[3], { scale: 1, offset: 0 }]);
  });

  it('says what is wrong', async () => {
    const open = (arrays: Record<string, Uint8Array>) =>
      openDataset(setting('npz', write('wrong.npz', arrays)), folder);
    await refuses(open({ a: pixels }), /holds a; samples and labels are looked for as x_train/);
    await refuses(
      open({ x: npy('>f4', [20, 3], new Uint8Array(240)), y: labels }),
      /number format that is not read/,
    );
    await refuses(
      open({ x: npy('|u1', [20, 3], new Uint8Array(50)), y: labels }),
      /announces 20x3 values but holds only 50/,
    );
    await refuses(open({ x: new Uint8Array(40), y: labels }), /not a \.npy array/);
    await refuses(
      open({ x: npy('|u1', [19, 3], new Uint8Array(57)), y: labels }),
      /19 samples but 20 labels/,
    );
    writeFileSync(join(folder, 'no.npz'), 'PK nothing');
    await refuses(openDataset(setting('npz', 'no.npz'), folder), /not a whole \.npz file/);
  });
});

describe('images', () => {
  const picture = (width: number, height: number, red: number) => {
    const data = Buffer.alloc(width * height * 4, 255);
    for (let i = 0; i < data.length; i += 4) data.writeUInt8(red, i);
    return { width, height, data };
  };
  const png = (red: number) => {
    const image = new PNG({ width: 6, height: 4 });
    picture(6, 4, red).data.copy(image.data);
    return PNG.sync.write(image);
  };

  it('are read from one folder per class, PNG and JPEG, and resized', async () => {
    for (const name of ['cat', 'dog']) {
      mkdirSync(join(folder, 'pets', name), { recursive: true });
      for (let i = 0; i < 10; i++) {
        const red = name === 'cat' ? 0 : 200;
        writeFileSync(join(folder, 'pets', name, `${String(i)}.png`), png(red));
        writeFileSync(
          join(folder, 'pets', name, `${String(i)}.JPG`),
          jpeg.encode(picture(8, 8, red), 95).data,
        );
      }
      writeFileSync(join(folder, 'pets', name, 'notes.txt'), 'not an image');
    }
    const dataset = await openDataset(setting('images', 'pets', { input: [2, 3, 3] }), folder);
    assert.deepEqual(
      [dataset.classNames, dataset.shape],
      [
        ['cat', 'dog'],
        [2, 3, 3],
      ],
    );
    assert.equal(dataset.train.size + dataset.validation.size + dataset.test.size, 40);
    dataset.train.labels.forEach((label, i) => {
      const red = dataset.train.values[i * 18] ?? NaN;
      assert.ok(Math.abs(red - (label === 0 ? 0 : 200)) < 6, `${red} for class ${label}`);
    });
    const whole = await openDataset(setting('images', 'pets'), folder);
    assert.deepEqual(whole.shape, [8, 8, 3], 'without `input`, the size of the first image');
  });

  it('are averaged when they shrink, and turned grey', () => {
    const data = Uint8Array.from([0, 0, 0, 255, 100, 100, 100, 255, 200, 200, 200, 255, 100, 100, 100, 255]);
    assert.deepEqual([...resize({ width: 4, height: 1, data }, [1, 2, 1])], [50, 150]);
    assert.deepEqual([...resize({ width: 4, height: 1, data }, [1, 1, 3])], [100, 100, 100]);
    assert.equal(resize({ width: 4, height: 1, data }, [3, 8, 3]).length, 72);
  });

  it('says which file is damaged, and what a folder lacks', async () => {
    mkdirSync(join(folder, 'broken', 'a'), { recursive: true });
    await refuses(
      openDataset(setting('images', 'broken'), folder),
      /has one folder, a, and `images` reads one per class/,
    );
    mkdirSync(join(folder, 'broken', 'b'));
    await refuses(openDataset(setting('images', 'broken'), folder), /holds no \.png, \.jpg or \.jpeg files/);
    writeFileSync(join(folder, 'broken', 'a', 'x.png'), png(1).subarray(0, 60));
    await refuses(openDataset(setting('images', 'broken'), folder), /b holds no \.png/);
    writeFileSync(join(folder, 'broken', 'b', 'y.png'), png(1));
    await refuses(
      openDataset(setting('images', 'broken', { input: [2, 2, 1] }), folder),
      /x\.png is not a whole image/,
    );
    writeFileSync(join(folder, 'file'), '');
    await refuses(openDataset(setting('images', 'file'), folder), /cannot be read as a folder of images/);
    const huge = png(1);
    huge.writeUInt32BE(60000, 16);
    huge.writeUInt32BE(60000, 20);
    writeFileSync(join(folder, 'broken', 'a', 'x.png'), huge);
    await refuses(openDataset(setting('images', 'broken'), folder), /it announces 3600000000 pixels/);
  });
});

describe('CSV', () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return name;
  };
  const lines = Array.from(
    { length: 20 },
    (_, i) => `${String(i)},${String(i * 10)},${i % 2 === 0 ? 'left' : 'right'}`,
  );

  it('is standardised by column, the class by name', async () => {
    const name = write('table.csv', ['speed,angle,class', ...lines].join('\n'));
    const dataset = await openDataset(setting('csv', name), folder);
    assert.deepEqual([dataset.shape, dataset.classNames], [[2], ['left', 'right']]);
    const speeds = (split: Split) => split.values.filter((_, i) => i % 2 === 0);
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    // By the training samples alone: validation and test must have no part in it.
    assert.ok(Math.abs(mean(speeds(dataset.train))) < 1e-6);
    const spread = mean(speeds(dataset.train).map((v) => v * v));
    assert.ok(Math.abs(spread - 1) < 1e-5);
    const { mean: by = NaN, deviation: over = NaN } = dataset.columns?.[0] ?? {};
    assert.deepEqual(
      dataset.columns?.map(({ name: column }) => column),
      ['speed', 'angle'],
    );
    const all = [dataset.train, dataset.validation, dataset.test].flatMap((split) => [...speeds(split)]);
    assert.deepEqual(
      all.map((v) => Math.round(v * over + by)).sort((a, b) => a - b),
      lines.map((_, i) => i),
    );
  });

  it('is bytes when it holds pixels', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${String(i % 4)},0,255,${String(i)},7`);
    const dataset = await openDataset(
      setting('csv', write('pixels.csv', rows.join('\n')), { input: [2, 2, 1], options: { label: 0 } }),
      folder,
    );
    assert.ok(dataset.train.values instanceof Uint8Array);
    assert.equal(dataset.classes, 4);
  });

  it('says what is wrong', async () => {
    const open = (text: string, rest: Partial<DatasetSetting> = {}) =>
      openDataset(setting('csv', write('wrong.csv', text), rest), folder);
    await refuses(open(''), /has no lines/);
    await refuses(open('a,b,class\n1,2,x\n1,?,y\n'), /line 3, b: "\?" is not a number/);
    await refuses(open('a,b,class\n1,2,x\n1,y\n'), /is not a regular CSV file/);
    await refuses(
      open('a,b,class\n1,2,x\n', { options: { label: 'kind' } }),
      /no column "kind"\. Its columns are a, b, class/,
    );
    await refuses(
      open('1,2,3\n1,2,0\n', { input: [2, 2, 1] }),
      /2 columns besides the class, but `input` is 2x2x1/,
    );
  });
});

it('damaged bytes are refused, whatever the damage', () => {
  const samples = [
    (bytes: Uint8Array) => parseIdx(bytes, 1, 'f'),
    (bytes: Uint8Array) => parseNpy(bytes, 'f'),
  ] as const;
  const whole = [idx([40], new Uint8Array(40)), npy('<f4', [10], new Uint8Array(40))] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }),
      fc.nat(200),
      (which, changes, length) => {
        const bytes = Uint8Array.from(whole[which]).subarray(0, Math.max(1, length));
        for (const [at, value] of changes) bytes[at] = value;
        try {
          samples[which](bytes);
        } catch (error) {
          assert.ok(error instanceof DatasetError, String(error));
        }
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});

describe('fashion-mnist', () => {
  const embedded = (options: DatasetSetting['options'] = {}) =>
    openDataset(setting('fashion-mnist', undefined, { options: { source: 'embedded', ...options } }), folder);

  it('has an embedded subset', async () => {
    const dataset = await embedded();
    assert.deepEqual(
      [dataset.train.size, dataset.validation.size, dataset.test.size, dataset.shape, dataset.classes],
      [18_000, 2000, 2000, [28, 28, 1], 10],
    );
    assert.deepEqual(counts(dataset.test), new Array(10).fill(200));
    assert.equal(dataset.license, 'MIT');
  });

  it('says how training may change its images, as the declaration wishes', async () => {
    const plain = await embedded();
    assert.deepEqual([plain.mirror, plain.shift], [true, 0]);
    const changed = await embedded({ mirror: 'off', shift: 2 });
    assert.deepEqual([changed.mirror, changed.shift], [false, 2]);
    await refuses(embedded({ shift: 1.5 }), /`shift` of the dataset must be a whole number of pixels/);
  });

  it('refuses a source that it does not know', async () => {
    await refuses(embedded({ source: 'cloud' }), /is `auto`, `full` or `embedded`/);
  });

  describe('download', () => {
    const contents: Record<string, Buffer> = {
      'train-images-idx3-ubyte.gz': gzipSync(idx([2, 1, 1], Uint8Array.of(1, 2))),
      'train-labels-idx1-ubyte.gz': gzipSync(idx([2], Uint8Array.of(0, 1))),
    };
    const files = Object.entries({
      'train-images-idx3-ubyte.gz': idx([2, 1, 1], Uint8Array.of(1, 2)),
      'train-labels-idx1-ubyte.gz': idx([2], Uint8Array.of(0, 1)),
    }).map(([name, bytes]) => ({ name, sha256: createHash('sha256').update(bytes).digest('hex') }));
    let server: Server;
    let address: string;
    before(async () => {
      server = createServer((request, response) => {
        const [, place = '', file = ''] = (request.url ?? '').split('/');
        const content = contents[file] ?? Buffer.alloc(0);
        if (place === 'missing') response.writeHead(404).end();
        else if (place === 'short') response.end(content.subarray(0, 10));
        else if (place === 'other') response.end(gzipSync('something else'));
        else if (place === 'broken') {
          response.writeHead(200, { 'content-length': '1000' });
          response.write('x');
          setTimeout(() => response.destroy(), 10);
        } else response.end(content);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    });
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    const fetchFrom = (place: string, cacheDir: string) =>
      download({ cacheDir: join(folder, cacheDir), address: `${address}/${place}`, files });

    it('keeps whole files with the right checksum and tells of its progress', async () => {
      const seen: number[] = [];
      const target = await download({
        cacheDir: join(folder, 'cache'),
        address: `${address}/good`,
        files,
        onProgress: (_, received) => seen.push(received),
      });
      assert.deepEqual(readdirSync(target).sort(), files.map(({ name }) => name).sort());
      assert.ok(seen.length >= 2);
    });

    it('keeps nothing of a file that is not right', async () => {
      await assert.rejects(
        fetchFrom('missing', 'm'),
        /cannot be fetched \(the server answers 404\)\. Check the network/,
      );
      await assert.rejects(
        fetchFrom('short', 's'),
        /is not the file that was published \(its checksum is not a whole gzip/,
      );
      await assert.rejects(fetchFrom('other', 'o'), /is not the file that was published/);
      await assert.rejects(fetchFrom('broken', 'b'), /cannot be fetched/);
      for (const cache of ['m', 's', 'o', 'b'])
        assert.deepEqual(readdirSync(join(folder, cache, 'fashion-mnist')), []);
    });

    it('stops when it is told to', async () => {
      const signal = AbortSignal.abort();
      await assert.rejects(download({ cacheDir: join(folder, 'x'), address, files, signal }), {
        name: 'AbortError',
      });
    });
  });
});
