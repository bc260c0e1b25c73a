/** The section "Your own data" of the README: each layout as it is drawn there, opened by the declaration below it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';
import { programOfRun } from '../engine/search/index.ts';
import { idx, npy, openFiles } from '../engine/train/data/testing.ts';

const readme = readFileSync(path.resolve(import.meta.dirname, '../README.md'), 'utf8');
const section = readme.split('\n## ').find((part) => part.startsWith('Your own data')) ?? '';
const snippets = [...section.matchAll(/```text\n([^]+?)```\n\n```nas\n([^]+?)```/g)];

const picture = PNG.sync.write(new PNG({ width: 3, height: 2 }));
const labels = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 10);
const images = (count: number) => idx([count, 28, 28], new Uint8Array(count * 784));
const array = (shape: string, content: Uint8Array) => npy("'|u1'", shape, content);
const arrays = (split: string, count: number) => ({
  [`x_${split}.npy`]: array(`${count}, 28, 28`, new Uint8Array(count * 784)),
  [`y_${split}.npy`]: array(`${count},`, labels(count)),
});
const files: Readonly<Record<string, string | Uint8Array>> = {
  ...Object.fromEntries(
    ['train', 'val', 'test'].flatMap((split) =>
      ['oak', 'maple'].flatMap((name) => [
        [`leaves/${split}/${name}/001.png`, picture],
        [`leaves/${split}/${name}/002.png`, picture],
      ]),
    ),
  ),
  'readings.csv': `speed , angle , activity\n${'0.493 , 12.5  , walking\n0.640 , 11.0  , standing\n'.repeat(20)}`,
  'digits.npz': zipSync({ ...arrays('train', 100), ...arrays('val', 20), ...arrays('test', 30) }),
  'mnist/train-images-idx3-ubyte': images(100),
  'mnist/train-labels-idx1-ubyte': idx([100], labels(100)),
  'mnist/t10k-images-idx3-ubyte': images(30),
  'mnist/t10k-labels-idx1-ubyte': idx([30], labels(30)),
};
/** Samples of training, validation and test. */
const sizes: Readonly<Record<string, readonly number[]>> = {
  images: [4, 4, 4],
  csv: [28, 4, 8],
  npz: [100, 20, 30],
  idx: [90, 10, 30],
};

it('shows four layouts, in at most ten lines each', () => {
  assert.equal(snippets.length, 4);
  for (const [, layout = ''] of snippets) assert.ok(layout.trimEnd().split('\n').length <= 10, layout);
});

for (const [, , declaration = ''] of snippets) {
  it(`opens ${declaration.trim()}`, async () => {
    const { settings } = programOfRun({ main: 'a.nas', files: { 'a.nas': declaration } }).analysis;
    const { dataset: setting } = settings;
    assert.ok(setting !== undefined);
    const { dataset } = await openFiles(files, setting.name, setting.path ?? '', setting);
    const { train, validation, test } = dataset;
    assert.deepEqual([train.size, validation.size, test.size], sizes[setting.name]);
  });
}
