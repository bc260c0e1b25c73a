import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { readRun } from './front.ts';
import { createRunFolder, type RunSettings, writeRunSettings } from './run/folder.ts';
import { Journal } from './run/journal.ts';
import type { TrialRecord } from './types.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-front-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const settings: RunSettings = {
  schema: 2,
  created: '2026-11-22T12:00:00.000Z',
  versions: {},
  program: { main: 'a.nas', files: { 'a.nas': 'space a { }' } },
  space: 'a',
  strategy: 'random',
  strategySettings: {},
  seed: 1,
  trials: 3,
  budgetSeconds: undefined,
  fidelity: { low: 1, high: 3 },
  lookAhead: 4,
  training: { batchSize: undefined, learningRate: undefined },
  workers: undefined,
  objectives: [
    { direction: 'max', metric: 'accuracy', weight: 1, on: undefined },
    { direction: 'min', metric: 'ram', weight: 1, on: undefined },
  ],
  constraints: [{ metric: 'accuracy', operator: '>=', bound: 0.5, on: undefined }],
};

function trial(number: number, stage: number, accuracy: number | undefined, ram: number): TrialRecord {
  const epochs = stage === 0 ? 1 : 3;
  return {
    trial: number,
    stage,
    name: `t${number}`,
    decisions: {},
    status: accuracy === undefined ? 'failed' : 'done',
    result:
      accuracy === undefined
        ? undefined
        : {
            validation: { int8: accuracy, float: accuracy, samples: 100 },
            test: stage > 0 ? { int8: accuracy, float: accuracy, samples: 200 } : undefined,
            epochs,
            seconds: 1,
          },
    costs: {
      pico: { latency: undefined, ram, flash: 1, energy: undefined, macs: 1, parameters: 1 },
    },
    error: accuracy === undefined ? 'It failed.' : undefined,
  };
}

describe('reading a run', () => {
  it('shows the latest result of each trial and the front among those that meet the constraints', () => {
    const folder = join(scratch, 'run');
    createRunFolder(folder);
    writeRunSettings(folder, settings);
    const { journal } = Journal.open(join(folder, 'journal.jsonl'));
    const records = [
      trial(0, 0, 0.7, 10),
      trial(1, 0, 0.9, 20),
      trial(2, 0, 0.4, 1),
      trial(3, 0, undefined, 1),
      trial(4, 0, 0.6, 15),
      trial(1, 1, 0.65, 20),
    ];
    records.forEach((record, i) =>
      journal.append({ kind: 'evaluation', key: record.name, record, elapsed: i }),
    );
    const view = readRun(folder);
    assert.deepEqual(
      view.trials.map((record) => record.result?.validation.int8),
      [0.7, 0.65, 0.4, undefined, 0.6],
    );
    assert.deepEqual(view.front, [0]);
    assert.equal(view.status, 'stopped');
    assert.equal(view.elapsedSeconds, 5);
    journal.append({ kind: 'finished', reason: 'trials', elapsed: 6 });
    journal.close();
    assert.equal(readRun(folder).status, 'finished');
  });

  it('shows what there is while a line is being written', () => {
    const folder = join(scratch, 'torn');
    createRunFolder(folder);
    writeRunSettings(folder, settings);
    appendFileSync(join(folder, 'journal.jsonl'), '{"kind":"eval');
    assert.deepEqual(readRun(folder).front, []);
  });

  it('says what is wrong with a folder that holds no run, a broken one, or a newer one', () => {
    const folder = join(scratch, 'none');
    assert.throws(() => readRun(folder), /There is no run in .*none/);
    createRunFolder(folder);
    writeRunSettings(folder, settings);
    writeFileSync(join(folder, 'run.json'), '{');
    assert.throws(() => readRun(folder), /is not valid JSON/);
    writeFileSync(join(folder, 'run.json'), '{"schema":3}');
    assert.throws(() => readRun(folder), /schema 3.*reads schema 2/);
    writeRunSettings(folder, settings);
    mkdirSync(join(folder, 'journal.jsonl'));
    assert.throws(() => readRun(folder), {
      code: 'journal',
      message: /journal\.jsonl cannot be read .*Make it a file/,
    });
  });
});
