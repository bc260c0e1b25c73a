/** Small files that announce or unpack to much: refused before memory is taken for them. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';
import { csvRecords } from './csv-records.ts';
import { decodePicture } from './decode-picture.ts';
import { openDataset } from './open.ts';
import { folderWith, idx, npy, openFiles, refuses, setting } from './testing.ts';

const opened = async (...given: Parameters<typeof openFiles>) => (await openFiles(...given)).dataset;
const x = npy("'|u1'", '20, 3', new Uint8Array(60));
const y = npy(
  "'|u1'",
  '20,',
  Uint8Array.from({ length: 20 }, (_, i) => i % 2),
);
/** 2 GB of zeros announced in the header and in the directory of the file, which is small. */
const huge = npy("'|u1'", '20, 100000000', new Uint8Array(4096));

/** The first entry of a zip file, said to unpack to `size` bytes. */
function withSize(zip: Uint8Array, size: number): Uint8Array {
  const bytes = Buffer.from(zip);
  bytes.writeUInt32LE(size, bytes.indexOf('PK\u0003\u0004') + 22);
  bytes.writeUInt32LE(size, bytes.indexOf('PK\u0001\u0002') + 24);
  return bytes;
}

describe('NPZ', () => {
  const npz = (files: Record<string, Uint8Array>, path = 'd.npz') => opened(files, 'npz', path);

  it('with a huge array is refused by what it announces', async () => {
    const zip = withSize(zipSync({ 'x.npy': huge, 'y.npy': y }), 2_000_000_128);
    await refuses(npz({ 'd.npz': zip }), /d\.npz \(x, y\) takes 1\.9 GB in memory, and at most 1 GB is read/);
  });

  it('is refused when an array unpacks to more than the directory says', async () => {
    const content = Buffer.concat([x, new Uint8Array(10_000_000)]);
    const zip = withSize(zipSync({ 'x.npy': content, 'y.npy': y }), x.length);
    await refuses(npz({ 'd.npz': zip }), /is damaged: too many bytes in the stream\. expected 188\./);
  });

  it('is read past an array that nobody asks for, which is not unpacked', async () => {
    const zip = Buffer.from(zipSync({ 'bomb.npy': huge, 'x.npy': x, 'y.npy': y }));
    const at = zip.indexOf('bomb.npy') + 'bomb.npy'.length;
    zip.fill(0xff, at, zip.indexOf('PK', at));
    assert.equal((await npz({ 'd.npz': withSize(zip, 2_000_000_128) })).train.size, 14);
  });

  it('damaged in any way is read or refused, and nothing else', async () => {
    const whole = Buffer.from(zipSync({ 'x.npy': x, 'y.npy': y }));
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      await npz({ 'd.npz': damaged }).catch((error: unknown) => {
        assert.equal((error as Error).name, 'DatasetError', String(error));
      });
    }
  });
});

describe('gzip', () => {
  const pair = (images: Uint8Array) => ({
    'train-images-idx3-ubyte.gz': gzipSync(images),
    'train-labels-idx1-ubyte': idx([20], y.subarray(-20)),
  });

  it('is refused by the size that the file in it announces', async () => {
    const header = idx([20, 10_000, 10_000], new Uint8Array(16));
    await refuses(opened(pair(header), 'idx', '.'), /ubyte\.gz takes 1\.9 GB in memory/);
  });

  it('is refused when it holds more than that', async () => {
    const long = idx([20, 2, 2], new Uint8Array(5_000_000));
    await refuses(opened(pair(long), 'idx', '.'), /unpacks to more than the 96 bytes that it announces/);
  });
});

describe('pictures', () => {
  it('that are interlaced unpack to no more than their size', () => {
    const png = Buffer.from(PNG.sync.write(new PNG({ width: 4, height: 4 })));
    png.writeUInt8(1, 28);
    const chunk = (content: Buffer) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(content.length);
      head.write('IDAT', 4);
      return Buffer.concat([head, content, Buffer.alloc(4)]);
    };
    const bomb = Buffer.concat([png.subarray(0, 33), chunk(deflateSync(Buffer.alloc(5_000_000)))]);
    assert.throws(() => decodePicture(bomb), /Cannot create a Buffer larger than/);
  });
});

describe('CSV', () => {
  const endless: Readonly<Record<string, readonly [string, string, RegExp]>> = {
    'of one endless line': ['1,', '1,', /d\.csv, line 1: the line has more than 4194304 characters/],
    'of separators without end': [',', ',', /d\.csv, line 1: the line has more than 4194304 characters/],
    'with a quote that never closes': [
      '"1,\n',
      `${'x'.repeat(63)}\n`,
      /line 1: the line has more than .* close the quote/,
    ],
  };
  for (const [what, [first, next, message]] of Object.entries(endless)) {
    it(`${what} is refused after some megabytes`, async () => {
      let parts = 0;
      const texts = new ReadableStream<string>({
        pull: (stream) => stream.enqueue(parts++ === 0 ? first : next.repeat(2 ** 18 / next.length)),
      });
      await assert.rejects(csvRecords('d.csv', ',', texts).next(), message);
      assert.ok(parts > 16 && parts < 21, String(parts));
    });
  }

  const long = `a,b,class\n${'1,2,x\n3,4,y\n'.repeat(100_000)}`;

  it('can be stopped while it is read', async () => {
    const folder = folderWith({ 'd.csv': long });
    try {
      const stop = new AbortController();
      const opening = openDataset(setting('csv', 'd.csv'), folder, { signal: stop.signal });
      setImmediate(() => stop.abort());
      await assert.rejects(opening, { name: 'AbortError' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
