/** Networks that do not fit their data are refused in every format before anything is trained: by `check`, or when it is opened. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PNG } from 'pngjs';
import { writeNpz } from '../../engine/train/data/make/npz-file.ts';
import { idx } from '../../engine/train/data/testing.ts';
import { invoke, violations } from '../testing/capture.ts';

const samples = 20;
const labels = Uint8Array.from({ length: samples }, (_, i) => i % 2);
const pixels = Uint8Array.from({ length: samples * 4 }, (_, i) => i % 251);

let folder = '';
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-unfitting-'));
  const lines = [...labels].map((label, i) => `${i % 7},${i % 5},${i % 3},0.5,${label}`);
  writeFileSync(path.join(folder, 'table.csv'), `a,b,c,d,label\n${lines.join('\n')}\n`);
  const arrays = { x: { shape: [samples, 2, 2], values: pixels }, y: { shape: [samples], values: labels } };
  writeNpz(path.join(folder, 'arrays.npz'), new Map(Object.entries(arrays)));
  mkdirSync(path.join(folder, 'idx'));
  writeFileSync(path.join(folder, 'idx/train-images-idx3-ubyte'), idx([samples, 2, 2], pixels));
  writeFileSync(path.join(folder, 'idx/train-labels-idx1-ubyte'), idx([samples], labels));
  for (const name of ['cat', 'dog']) {
    mkdirSync(path.join(folder, 'pictures', name), { recursive: true });
    for (let i = 0; i < 10; i++)
      writeFileSync(
        path.join(folder, 'pictures', name, `${i}.png`),
        PNG.sync.write(new PNG({ width: 2, height: 2 })),
      );
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  readonly severity: string;
  readonly code: string;
}

async function checked(file: string): Promise<readonly Told[]> {
  const { out } = await invoke(['check', file, '--json']);
  return (JSON.parse(out) as { readonly problems: readonly Told[] }).problems;
}

const program = (dataset: string, input: string, head: string): string =>
  `target "nucleo-f446re"\ndataset ${dataset}\nspace s {\n  input ${input}\n  flatten\n  dense -> ${head}\n}\nsearch random { trials 1; fidelity 1..1 epochs }\n`;

const formats = [
  ['csv("./table.csv")', '4', '5'],
  ['npz("./arrays.npz")', '2x2x1', '2x2x3'],
  ['idx("./idx")', '2x2x1', '2x2x3'],
  ['images("./pictures")', '2x2x1', undefined],
] as const;

describe('without `classes` and `input`', () => {
  for (const [dataset, input, wrong] of formats) {
    const name = dataset.slice(0, dataset.indexOf('('));
    const refused = async (what: string, text: string, line: number, words: RegExp): Promise<void> => {
      const file = path.join(folder, `${name}.nas`);
      const run = path.join(folder, `${name}-${what}`);
      writeFileSync(file, text);
      const told = await checked(file);
      assert.ok(told.every(({ severity }) => severity !== 'error'));
      assert.ok(told.some(({ severity, code }) => `${severity} ${code}` === 'information data/classes'));
      const { code, err } = await invoke(['search', file, '--run', run]);
      assert.equal(code, 4, err);
      assert.ok(err.includes(`${file}:${line}:`), err);
      assert.match(err, words);
      // Neither a journal of trials nor files of one.
      assert.deepEqual(existsSync(path.join(run, 'trials')) ? readdirSync(path.join(run, 'trials')) : [], []);
      const events = (await invoke(['search', file, '--run', `${run}-2`, '--events'])).out.trim().split('\n');
      const last: unknown = JSON.parse(events.at(-1) ?? '');
      assert.deepEqual(violations('events', last), []);
      assert.deepEqual((last as { place?: { line: number } }).place?.line, line);
      assert.ok(events.every((each) => !each.includes('"event":"started"')));
    };

    test(`outputs that are not the classes of ${name} are refused before the first training`, () =>
      refused(
        'outputs',
        program(dataset, input, '3'),
        6,
        /puts out 3 values and the dataset has 2 classes.* With `classes 2/,
      ));

    if (wrong !== undefined) {
      test(`an input that samples of ${name} cannot be brought to is refused as well`, () =>
        refused(
          'input',
          program(dataset, wrong, '2'),
          4,
          /The network takes .* and the samples of the dataset are /,
        ));
    }
  }
});

describe('with `classes`', () => {
  for (const [dataset, input] of formats) {
    test(`${dataset}: check and search refuse other outputs in the same words`, async () => {
      const file = path.join(folder, 'declared.nas');
      writeFileSync(file, program(`${dataset} { classes 2 }`, input, '3'));
      const told = await checked(file);
      assert.deepEqual(
        told.flatMap(({ severity, code }) => (severity === 'error' ? [code] : [])),
        ['training/classes'],
      );
      const { code, err } = await invoke(['search', file, '--run', path.join(folder, 'declared')]);
      assert.equal(code, 4);
      assert.match(err, /declared\.nas:6:12: The network puts out 3 values and the dataset has 2 classes/);
    });

    test(`${dataset}: another number than the data has ends a search before it trains`, async () => {
      const file = path.join(folder, 'false.nas');
      writeFileSync(file, program(`${dataset} { classes 3 }`, input, 'classes'));
      const { code, err } = await invoke(['search', file, '--run', path.join(folder, 'false')]);
      assert.equal(code, 4);
      assert.match(err, /`classes 3` is declared, but .* has 2 classes: /);
    });
  }
});
