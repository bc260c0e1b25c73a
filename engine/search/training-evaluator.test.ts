import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { readTflite } from '../model/index.ts';
import { readRun, savedTrial } from './front.ts';
import { seededRandom } from '../cost/index.ts';
import { resumeSearch, startSearch } from './search.ts';
import type { SearchEvent } from './types.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-training-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const program = (label = 'label'): string => `
target "nucleo-f446re"
dataset csv("./points.csv") { input 4; classes 2; label "${label}" }
space points {
  dense -> {4 | 8 | 12}, relu
  dense -> {4 | 8} when true
  dense -> classes
}
constraints { ram < 16 KB }
objectives { max accuracy; min parameters }
search random { trials 3; fidelity 1..4 epochs; seed 2 }
`;

/** Two classes on either side of a plane, with its normal along the diagonal. */
function points(count: number): string {
  const random = seededRandom(1);
  const rows = Array.from({ length: count }, () => {
    const values = Array.from({ length: 4 }, () => random.nextInt(2000) / 1000 - 1);
    const side = values.reduce((sum, value) => sum + value, 0) > 0 ? 1 : 0;
    return [...values, side].join(',');
  });
  return `a,b,c,d,label\n${rows.join('\n')}\n`;
}

writeFileSync(join(scratch, 'points.csv'), points(1500));
writeFileSync(join(scratch, 'points.nas'), program());
const file = join(scratch, 'points.nas');

function host(workers: number, stopAfter = Infinity) {
  const stop = new AbortController();
  let trials = 0;
  const emit = (event: SearchEvent): void => {
    if (event.event === 'trial' && ++trials >= stopAfter) stop.abort();
  };
  return { workers, signal: stop.signal, emit };
}

/** All but the time that it took. */
function resultsOf(folder: string): unknown {
  const { trials, front } = readRun(folder);
  return [front, trials.map((trial) => [trial.name, { ...trial.result, seconds: 0 }])];
}

/** An IDX file of bytes: https://yann.lecun.com/exdb/mnist. */
function idx(shape: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.from([
    0,
    0,
    8,
    shape.length,
    ...shape.flatMap((size) => [0, 0, size >> 8, size & 255]),
  ]);
  return Buffer.concat([header, values]);
}

/** Pictures of 8x8 that are dark or bright. */
function writePictures(folder: string): void {
  mkdirSync(folder);
  for (const [split, count] of [
    ['train', 300],
    ['t10k', 60],
  ] as const) {
    const random = seededRandom(count);
    const labels = Uint8Array.from({ length: count }, () => random.nextInt(2));
    const values = Uint8Array.from(
      { length: count * 64 },
      (_, at) => random.nextInt(120) + 120 * (labels[at >> 6] ?? 0),
    );
    writeFileSync(join(folder, `${split}-images-idx3-ubyte`), idx([count, 8, 8], values));
    writeFileSync(join(folder, `${split}-labels-idx1-ubyte`), idx([count], labels));
  }
}

describe('a search that trains', () => {
  it('trains every trial on pictures of the size that it chose', async () => {
    writePictures(join(scratch, 'pictures'));
    const sized = join(scratch, 'sized.nas');
    writeFileSync(
      sized,
      `target "nucleo-f446re"
dataset idx("./pictures") { input {4x4x1 | 8x8x1 | 12x12x1}; classes 2 }
space sized {
  conv 3x3 -> 4 stride 2, bn, relu
  gap
  dense -> classes
}
objectives { max accuracy; min latency }
search random { trials 3; fidelity 1 epochs; seed 2 }
`,
    );
    const folder = join(scratch, 'sized');
    await startSearch({ file: sized, folder }, host(1));
    const view = readRun(folder);
    const sizes = view.trials.map((trial) => {
      const saved = readFileSync(join(savedTrial(folder, trial) ?? '', 'model.tflite'));
      const { network } = readTflite(saved, trial.name);
      return network?.tensors.find(({ id }) => id === network.inputs[0])?.shape.join('x');
    });
    assert.deepEqual(sizes.sort(), ['12x12x1', '4x4x1', '8x8x1']);
    assert.ok(view.trials.every(({ result }) => result !== undefined));
  });

  it('says which sizes the pictures cannot be brought to', async () => {
    const sized = readFileSync(join(scratch, 'sized.nas'), 'utf8').replace('12x12x1', '12x12x3');
    writeFileSync(join(scratch, 'coloured.nas'), sized);
    await assert.rejects(
      startSearch({ file: join(scratch, 'coloured.nas'), folder: join(scratch, 'coloured') }, host(1)),
      { code: 'dataset', message: /samples of 8x8x1, which cannot be brought to the size 12x12x3/ },
    );
  });

  it('gives bit for bit the same models with one worker and with two, stopped and resumed', async () => {
    const [alone, broken] = [join(scratch, 'alone'), join(scratch, 'broken')];
    const end = await startSearch({ file, folder: alone }, host(1));
    assert.equal(end.reason, 'trials');
    await startSearch({ file, folder: broken }, host(2, 2));
    await resumeSearch(broken, host(2));
    assert.deepEqual(resultsOf(broken), resultsOf(alone));

    const view = readRun(alone);
    for (const trial of view.trials) {
      const saved = [alone, broken].map((folder) => savedTrial(folder, trial));
      const [one, two] = saved.map((path) => readFileSync(join(path ?? '', 'model.tflite')));
      assert.ok(one !== undefined && two !== undefined && one.equals(two));
      assert.deepEqual(readTflite(one, trial.name).problems, []);
    }
    const best = Math.max(...view.front.map((n) => view.trials[n]?.result?.test?.int8 ?? 0));
    assert.ok(best > 0.65, `reached ${best}`);
    for (const n of view.front) {
      const result = view.trials[n]?.result;
      assert.deepEqual([result?.validation.samples, result?.test?.samples], [120, 300]);
    }
  });

  it('says what is wrong with the dataset before any worker starts', async () => {
    writeFileSync(join(scratch, 'missing.nas'), program().replace('points.csv', 'nowhere.csv'));
    await assert.rejects(
      startSearch({ file: join(scratch, 'missing.nas'), folder: join(scratch, 'missing') }, host(1)),
      {
        code: 'dataset',
        message: /nowhere\.csv does not exist/,
      },
    );
  });

  it('refuses to go on when the data have changed', async () => {
    const folder = join(scratch, 'changed');
    await startSearch({ file, folder }, host(1, 1));
    writeFileSync(join(scratch, 'points.csv'), points(1400));
    await assert.rejects(resumeSearch(folder, host(1)), {
      code: 'dataset',
      message: /has changed since the run began/,
    });
  });
});
