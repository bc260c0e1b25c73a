/** Labels are names, whatever they look like and whichever file they come from. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zipSync } from 'fflate';
import { numberLabels, type RawLabels } from './labels.ts';
import { idx, npy, openFiles, refuses } from './testing.ts';

const raw = (labels: readonly string[]): RawLabels => ({ labels, placeOf: (i) => `t.csv, line ${i + 1}` });
const twice = (labels: readonly string[]): string[] => [...labels, ...labels];

describe('labels', () => {
  const cases: Readonly<Record<string, [readonly string[], readonly string[]]>> = {
    'numbers from 1': [
      ['3', '1', '2'],
      ['1', '2', '3'],
    ],
    'numbers far apart': [
      ['200', '100'],
      ['100', '200'],
    ],
    'numbers by value, however they are written': [
      ['10', '9', '1.0', '1', '01', '1e0', '+1.'],
      ['1', '9', '10'],
    ],
    'numbers as numpy.savetxt writes them': [
      ['1.000000000000000000e+00', '0.000000000000000000e+00'],
      ['0', '1'],
    ],
    'negative numbers': [
      ['1', '-1', '-0'],
      ['-1', '0', '1'],
    ],
    'numbers beyond what a double holds': [
      ['9007199254740993', '9007199254740992'],
      ['9007199254740992', '9007199254740993'],
    ],
    'truth values': [
      ['True', 'False'],
      ['False', 'True'],
    ],
    'words and numbers': [
      ['b', '1.0', '1', '1e5', 'a'],
      ['1', '1e5', 'a', 'b'],
    ],
    'broken numbers that recur': [
      ['1.5', '1.50', '0.5', '0.5'],
      ['0.5', '1.5'],
    ],
  };
  for (const [what, [labels, classNames]] of Object.entries(cases)) {
    it(`are numbered in order: ${what}`, () => {
      assert.deepEqual(numberLabels([raw(twice(labels))]).classNames, classNames);
    });
  }

  it('of another split are looked up among those of training', () => {
    const { indices } = numberLabels([raw(['100', '200', '200']), raw(['200.0', '100'])]);
    assert.deepEqual(
      indices.map((each) => [...each]),
      [
        [0, 1, 1],
        [1, 0],
      ],
    );
    assert.throws(
      () => numberLabels([raw(['100', '200', '200']), raw(['100', '300'])]),
      /^DatasetError: t\.csv, line 2: no training sample has the class 300; the classes are 100, 200\. Correct/,
    );
  });

  it('are no quantities, unless the declaration counts them', () => {
    const labels = ['0.1', '0.2', '0.3', '0.3'];
    assert.throws(() => numberLabels([raw(labels)]), /line 1: 0\.1 is no class/);
    assert.equal(numberLabels([raw(labels)], { declared: 3 }).classNames.length, 3);
    assert.throws(() => numberLabels([raw(['a', 'b', 'c'])]), /each of the 3 samples has a label of its own/);
  });
});

const bytes = (length: number, value: (i: number) => number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => value(i));
const x = npy(
  "'|u1'",
  '20, 3',
  bytes(60, (i) => i),
);
const npz = (y: Uint8Array) => ({ 'd.npz': zipSync({ 'x.npy': x, 'y.npy': y }) });
const oneOrTwo = Array.from({ length: 20 }, (_, i) => 1 + (i % 2));

describe('the same labels', () => {
  const sources: Readonly<Record<string, [Record<string, string | Uint8Array>, string, string]>> = {
    CSV: [
      { 'd.csv': `a,b,class\n${oneOrTwo.map((l, i) => `${i},${i * 2},${l}`).join('\n')}` },
      'csv',
      'd.csv',
    ],
    'CSV with floats': [
      { 'd.csv': `a,b,class\n${oneOrTwo.map((l, i) => `${i},${i * 2},${l}.0`).join('\n')}` },
      'csv',
      'd.csv',
    ],
    IDX: [
      {
        'train-images-idx3-ubyte': idx([20, 2, 2], new Uint8Array(80)),
        'train-labels-idx1-ubyte': idx([20], Uint8Array.from(oneOrTwo)),
      },
      'idx',
      '.',
    ],
    'NPZ of bytes': [npz(npy("'|u1'", '20,', Uint8Array.from(oneOrTwo))), 'npz', 'd.npz'],
    'NPZ of floats': [
      npz(npy("'<f4'", '20, 1', new Uint8Array(Float32Array.from(oneOrTwo).buffer))),
      'npz',
      'd.npz',
    ],
    'NPZ of long numbers': [
      npz(npy("'<i8'", '20,', new Uint8Array(BigInt64Array.from(oneOrTwo, BigInt).buffer))),
      'npz',
      'd.npz',
    ],
    'NPZ of texts': [
      npz(npy("'<U2'", '20,', new Uint8Array(Uint32Array.from(oneOrTwo.flatMap((l) => [48 + l, 0])).buffer))),
      'npz',
      'd.npz',
    ],
    'NPZ of byte strings': [
      npz(
        npy(
          "'|S1'",
          '20,',
          Uint8Array.from(oneOrTwo, (l) => 48 + l),
        ),
      ),
      'npz',
      'd.npz',
    ],
  };
  for (const [what, [files, name, path]] of Object.entries(sources)) {
    it(`are the same two classes in ${what}`, async () => {
      const { dataset } = await openFiles(files, name, path, { classes: 2 });
      assert.deepEqual([dataset.classes, dataset.classNames], [2, ['1', '2']]);
      assert.deepEqual(new Set(dataset.train.labels), new Set([0, 1]));
    });
  }

  it('may be truth values or lie beyond all indices in NPZ', async () => {
    const truth = await openFiles(
      npz(
        npy(
          "'|b1'",
          '20,',
          bytes(20, (i) => i % 2),
        ),
      ),
      'npz',
      'd.npz',
    );
    assert.deepEqual(truth.dataset.classNames, ['False', 'True']);
    const far = BigInt64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? -1n : 2n ** 62n));
    const { dataset } = await openFiles(npz(npy("'<i8'", '20,', new Uint8Array(far.buffer))), 'npz', 'd.npz');
    assert.deepEqual(dataset.classNames, ['-1', '4611686018427387904']);
  });

  it('say where one is missing', async () => {
    const missing = Float32Array.from({ length: 20 }, (_, i) => (i === 4 ? NaN : i % 2));
    await refuses(
      openFiles(npz(npy("'<f4'", '20,', new Uint8Array(missing.buffer))), 'npz', 'd.npz').then(
        ({ dataset }) => dataset,
      ),
      /d\.npz \(y\): the label of sample 4 is missing/,
    );
  });
});
