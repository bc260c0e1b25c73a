/**
 * Makes examples/data/fashion-mnist-subset from the full set: the same number of images of every class, drawn with
 * a fixed seed, in the files' own format. `node engine/train/data/make/fashion-subset.ts [folder of the full set]`
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { permutation, random } from '../../random.ts';
import { CLASS_NAMES, DEBIAN_FOLDER } from '../fashion-mnist.ts';
import { readIdxPair } from '../idx.ts';

const SEED = 2017;
/**
 * As many as fit into 5 MB together. The training images keep 16 of the 256 levels of grey, which takes them less than
 * half the space and costs less accuracy than the images that find room for it bring; the test images are unchanged.
 */
const PARTS = { train: { perClass: 2000, levels: 16 }, t10k: { perClass: 200, levels: 256 } } as const;

function idx(shape: readonly number[], values: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(0x08, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return gzipSync(Buffer.concat([header, values]), { level: 9 });
}

const source = process.argv[2] ?? DEBIAN_FOLDER;
const target = join(import.meta.dirname, '../../../../examples/data/fashion-mnist-subset');
mkdirSync(target, { recursive: true });
for (const [stem, { perClass, levels }] of Object.entries(PARTS)) {
  const pair = readIdxPair(source, stem);
  const { values } = pair;
  const labels = pair.labels.map(Number);
  const [height, width] = pair.shape;
  const size = height * width;
  const left = new Int32Array(CLASS_NAMES.length).fill(perClass);
  const chosen = permutation(labels.length, random(SEED, stem)).filter((index) => {
    const label = labels[index] ?? 0;
    const more = left[label] ?? 0;
    left[label] = more - 1;
    return more > 0;
  });
  const step = 255 / (levels - 1);
  const images = Buffer.concat(
    Array.from(chosen, (index) => values.subarray(index * size, (index + 1) * size)),
  ).map((value) => Math.round(Math.round(value / step) * step));
  writeFileSync(join(target, `${stem}-images-idx3-ubyte.gz`), idx([chosen.length, height, width], images));
  writeFileSync(
    join(target, `${stem}-labels-idx1-ubyte.gz`),
    idx(
      [chosen.length],
      Uint8Array.from(chosen, (index) => labels[index] ?? 0),
    ),
  );
}
