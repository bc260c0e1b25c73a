/** Splits that a dataset brings with it are used, by whatever name they go, and the person hears of it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';
import { meaningOf } from './npz.ts';
import { roleOf } from './split-names.ts';
import { idx, npy, openFiles, refuses } from './testing.ts';

it('words mean a split in any case', () => {
  const words = {
    train: ['train', 'Training', 'TRAIN', 'train_set', 'training-data'],
    validation: ['val', 'Valid', 'validation', 'dev', 'validation_split'],
    test: ['test', 'Testing', 't10k', 'testset'],
  };
  for (const [role, names] of Object.entries(words)) {
    for (const name of names) assert.equal(roleOf(name), role, name);
  }
  for (const name of ['trains', 'testament', 'values', 'cat']) assert.equal(roleOf(name), undefined, name);
});

it('names of arrays say samples or labels, and of which split', () => {
  const names: Readonly<Record<string, ReturnType<typeof meaningOf>>> = {
    x: { what: 'samples', role: undefined },
    X_train: { what: 'samples', role: 'train' },
    xtrain: { what: 'samples', role: 'train' },
    trainX: { what: 'samples', role: 'train' },
    val_images: { what: 'samples', role: 'validation' },
    y_valid: { what: 'labels', role: 'validation' },
    'test-labels': { what: 'labels', role: 'test' },
    label_names: undefined,
    class_names: undefined,
    train: undefined,
    y_train_onehot: undefined,
  };
  for (const [name, meaning] of Object.entries(names)) assert.deepEqual(meaningOf(name), meaning, name);
});

const bytes = (length: number, value: (i: number) => number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => value(i));
const samples = (n: number) =>
  npy(
    "'|u1'",
    `${n}, 3`,
    bytes(n * 3, (i) => i % 256),
  );
const labels = (n: number) =>
  npy(
    "'|u1'",
    `${n},`,
    bytes(n, (i) => i % 2),
  );
const npz = (arrays: Readonly<Record<string, Uint8Array>>) =>
  openFiles(
    { 'd.npz': zipSync(Object.fromEntries(Object.entries(arrays).map(([k, v]) => [`${k}.npy`, v]))) },
    'npz',
    'd.npz',
  );

describe('NPZ', () => {
  const train = { x_train: samples(20), y_train: labels(20) };
  for (const name of ['val', 'valid', 'validation', 'dev']) {
    it(`with x_${name} is judged by it`, async () => {
      const { dataset, told } = await npz({ ...train, [`x_${name}`]: samples(6), [`y_${name}`]: labels(6) });
      assert.deepEqual([dataset.train.size, dataset.validation.size, dataset.test.size], [16, 6, 4]);
      assert.match(told, new RegExp(`the validation split are its 6 samples of x_${name}, y_${name}\\.`));
    });
  }

  it('with two that mean the same, or half a pair, is refused', async () => {
    const opened = async (arrays: Record<string, Uint8Array>) => (await npz(arrays)).dataset;
    await refuses(
      opened({ ...train, x_val: samples(6), y_val: labels(6), x_dev: samples(6) }),
      /has both x_val and x_dev, which mean the same/,
    );
    await refuses(opened({ ...train, x_val: samples(6) }), /has x_val, but no labels that belong to it/);
    await refuses(
      opened({
        ...train,
        x_test: samples(6),
        y_test: npy(
          "'|u1'",
          '6,',
          bytes(6, (i) => i % 3),
        ),
      }),
      /\(y_test\), sample 2: no training sample has the class 2/,
    );
  });

  it('says which arrays are not used', async () => {
    const { told } = await npz({ ...train, extra: labels(2), x: samples(4), y: labels(4) });
    assert.match(told, /extra, x, y are not used; .* are taken from x_train, y_train\./);
  });
});

function png(red: number): Uint8Array {
  const image = new PNG({ width: 2, height: 2 });
  for (let i = 0; i < 16; i += 4) image.data.writeUInt32BE(((red << 24) | 255) >>> 0, i);
  return PNG.sync.write(image);
}
const classes = (folder: string, n: number) =>
  Object.fromEntries(
    ['a', 'b'].flatMap((name) =>
      Array.from({ length: n }, (_, i) => [`${folder}/${name}/${i}.png`, png(name === 'a' ? 0 : 200)]),
    ),
  );
const images = (files: Record<string, string | Uint8Array>, rest = {}) =>
  openFiles(files, 'images', '.', rest);

describe('folders', () => {
  const layouts = [
    ['train', 'val', 'test'],
    ['Train', 'Validation', 'Test'],
    ['training', 'valid', 'testing'],
    ['TRAIN', 'dev', 'test_set'],
  ] as const;
  for (const [train, validation, test] of layouts) {
    it(`${train}/, ${validation}/ and ${test}/ are the splits`, async () => {
      const { dataset, told } = await images({
        ...classes(train, 5),
        ...classes(validation, 2),
        ...classes(test, 3),
      });
      assert.deepEqual([dataset.train.size, dataset.validation.size, dataset.test.size], [10, 4, 6]);
      assert.match(
        told,
        /the validation split are its 4 samples of .*\.\n.*the test split are its 6 samples of/,
      );
    });
  }

  it('of the same meaning, or without one to train on, are refused', async () => {
    const opened = async (files: Record<string, Uint8Array>) => (await images(files)).dataset;
    await refuses(
      opened({ ...classes('train', 5), ...classes('val', 2), ...classes('dev', 2) }),
      /has both dev and val, which mean the validation split both/,
    );
    await refuses(
      opened({ ...classes('val', 5), ...classes('test', 2) }),
      /has test and val, but no folder train/,
    );
  });

  it('tell what is passed over', async () => {
    const { told } = await images(
      {
        ...classes('train', 10),
        ...classes('test', 3),
        'notes/x.txt': '',
        'train/loose.png': png(1),
        'train/a/deep/x.png': png(1),
        'train/b/x.webp': '',
      },
      { options: { test: 0.3 } },
    );
    assert.match(told, /: notes beside the folders of the splits is not used/);
    assert.match(told, /train: 1 picture beside the folders of the classes is not used/);
    assert.match(told, /a: the pictures in its folders \(deep\) are not used/);
    assert.match(told, /b: 1 \.webp file is not used\. Convert/);
    assert.match(told, /the test split are its 6 samples of test\/; `test` of the declaration has no effect/);
  });

  it('that are called by numbers are classes in the order of their values', async () => {
    const files = Object.fromEntries(
      ['10', '9', '01', '1'].flatMap((name) =>
        Array.from({ length: 5 }, (_, i) => [`${name}/${i}.png`, png(Number(name))]),
      ),
    );
    assert.deepEqual((await images(files)).dataset.classNames, ['01', '1', '9', '10']);
  });
});

describe('IDX', () => {
  const pair = (stem: string, n: number) => ({
    [`${stem}-images-idx3-ubyte`]: idx([n, 2, 2], new Uint8Array(n * 4)),
    [`${stem}-labels-idx1-ubyte`]: idx(
      [n],
      bytes(n, (i) => 1 + (i % 3)),
    ),
  });

  it('brings a validation split, and the name of its set', async () => {
    const prefix = 'emnist-letters';
    const files = {
      ...pair(`${prefix}-train`, 30),
      ...pair(`${prefix}-val`, 6),
      ...pair(`${prefix}-test`, 9),
    };
    const { dataset } = await openFiles(files, 'idx', '.');
    assert.deepEqual([dataset.train.size, dataset.validation.size, dataset.test.size], [30, 6, 9]);
    assert.deepEqual(dataset.classNames, ['1', '2', '3']);
  });

  it('of several sets is refused', async () => {
    const files = { ...pair('emnist-letters-train', 30), ...pair('emnist-digits-train', 30) };
    await refuses(
      openFiles(files, 'idx', '.').then(({ dataset }) => dataset),
      /holds the files of several datasets \(emnist-digits-train, emnist-letters-train\)/,
    );
  });
});
