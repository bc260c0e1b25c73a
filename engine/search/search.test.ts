import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { SearchError } from './errors.ts';
import { readRun } from './front.ts';
import { resumeSearch, type SearchRequest, startSearch } from './search.ts';
import type { SearchEvent } from './types.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-search-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const evaluatorModule = join(import.meta.dirname, 'workers', 'testing', 'imagined-evaluator.ts');

const blocks = `
block DS(out, stride = 1) {
  dwconv {3 | 5} stride stride, bn, relu
  conv 1x1 -> out, bn, relu
}
`;

const program = `
import { DS } from "./blocks.nas"
target "nucleo-f446re"
dataset fashion-mnist
space tiny {
  conv 3x3 -> {4 | 8 | 12 | 16 | 64} stride 2, bn, relu
  DS({8 | 16 | 24}, 2)
  DS({8 | 16 | 24}) x0..2
  gap
  dense -> classes
}
constraints { ram < 16 KB; flash < 32 KB }
objectives { max accuracy; min ram }
search nsga2 { population 6; trials 12; fidelity 1..3 epochs; seed 5 }
`;

let folders = 0;
function project(text = program): string {
  const folder = join(scratch, String(folders++));
  mkdirSync(folder);
  writeFileSync(join(folder, 'blocks.nas'), blocks);
  writeFileSync(join(folder, 'tiny.nas'), text);
  return folder;
}

function host(workers: number, stopAfter = Infinity) {
  const stop = new AbortController();
  const events: SearchEvent[] = [];
  let trials = 0;
  const emit = (event: SearchEvent): void => {
    events.push(event);
    if (event.event === 'trial' && ++trials === stopAfter) stop.abort();
  };
  return { emit, events, signal: stop.signal, workers, evaluatorModule };
}

function start(folder: string, workers: number, request: Partial<SearchRequest> = {}, stopAfter?: number) {
  return startSearch(
    { file: join(folder, 'tiny.nas'), folder: join(folder, 'run'), ...request },
    host(workers, stopAfter),
  );
}

/** The latest results, without the time that they took. */
function trialsOf(folder: string): unknown {
  const { trials, front } = readRun(join(folder, 'run'));
  return { front, trials };
}

describe('a search on a program', () => {
  it('goes for the battery life of a schedule, keeps its limits, and reads all that again', async () => {
    const sleepy = program
      .replace('"nucleo-f446re"', '"nucleo-u575zi-q" { schedule every 2 s; battery 230 mAh at 3 V }')
      .replace('flash < 32 KB', 'battery life > 20 days')
      .replace('min ram', 'max battery life');
    const folder = project(sleepy);
    await start(folder, 1);
    const { trials, settings } = readRun(join(folder, 'run'));
    assert.ok(trials.length > 0);
    for (const { costs, breaks } of trials) {
      const cost = costs['nucleo-u575zi-q'];
      const [power, life] = [cost?.['average power'] ?? NaN, cost?.['battery life'] ?? NaN];
      // 690 mWh.
      assert.ok(Math.abs((power * life * 24) / 690_000 - 1) < 1e-9);
      assert.ok(life > 20 && (cost?.latency ?? NaN) < 2000);
      assert.deepEqual(breaks, []);
    }
    assert.equal(settings.targets?.[0]?.schedule, 'every 2 s on 230 mAh at 3 V');
  });

  it('gives the same front with one worker and with two, stopped, changed in its file and resumed', async () => {
    const alone = project();
    const end = await start(alone, 1);
    assert.equal(end.reason, 'trials');
    const view = readRun(end.folder);
    assert.deepEqual(view.front, end.front);
    assert.ok(view.trials.length === 12 && view.front.length > 1);
    for (const trial of view.trials) {
      const costs = trial.costs['nucleo-f446re'];
      assert.ok(costs !== undefined && costs.ram < 16384 && costs.flash < 32768);
    }

    const broken = project();
    const first = await start(broken, 2, {}, 5);
    assert.equal(first.reason, 'stopped');
    assert.equal(readRun(first.folder).status, 'stopped');
    writeFileSync(join(broken, 'tiny.nas'), 'space other { }');
    writeFileSync(join(broken, 'blocks.nas'), '');
    const listener = host(2);
    const second = await resumeSearch(first.folder, listener);
    assert.equal(second.reason, 'trials');
    assert.deepEqual(trialsOf(broken), trialsOf(alone));
    const started = listener.events.find((event) => event.event === 'started');
    assert.equal(started?.resumed, 5);
  });

  it('survives being killed with its workers and resumes to the same front', async () => {
    const alone = project();
    await start(alone, 2);
    const killed = project();
    const child = fork(join(import.meta.dirname, 'workers', 'testing', 'search-process.ts'), [
      join(killed, 'tiny.nas'),
      join(killed, 'run'),
      evaluatorModule,
    ]);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    let seen = 0;
    child.on('message', () => {
      if (++seen === 4) child.kill('SIGKILL');
    });
    await gone;
    await resumeSearch(join(killed, 'run'), host(1));
    assert.deepEqual(trialsOf(killed), trialsOf(alone));
  });

  it('refuses a second search in the same folder and a new run over an old one', async () => {
    const folder = project();
    const running = start(folder, 1);
    while (!existsSync(join(folder, 'run', 'owner.json')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(readRun(join(folder, 'run')).status, 'running');
    await assert.rejects(resumeSearch(join(folder, 'run'), host(1)), { code: 'locked' });
    const settings = readFileSync(join(folder, 'run', 'run.json'), 'utf8');
    await assert.rejects(start(folder, 1, { seed: 99 }), { name: 'SearchError' });
    assert.equal(readFileSync(join(folder, 'run', 'run.json'), 'utf8'), settings);
    await running;
    await assert.rejects(start(folder, 1), {
      code: 'folder',
      message: /Resume it, or choose another folder/,
    });
  });

  it('tells a second search of the first for as long as that runs', async () => {
    const folder = project();
    const request = { file: join(folder, 'tiny.nas'), folder: join(folder, 'run') };
    const first = host(1);
    let second: Promise<unknown> | undefined;
    const emit = (event: SearchEvent): void => {
      if (event.event === 'trial') second ??= startSearch(request, host(1)).catch((error: unknown) => error);
    };
    await startSearch(request, { ...first, emit });
    const error = await second;
    assert.ok(error instanceof SearchError);
    assert.equal(error.code, 'locked');
    assert.match(error.message, /^Another search is working in .* \(process \d+ on .*\)\. Stop it first, or/);
    await assert.rejects(startSearch(request, host(1)), { code: 'folder' });
  });

  it('begins anew in the folder of a run that never came to a result', async () => {
    const folder = project(program.replace('ram < 16 KB', 'ram < 1 KB'));
    await assert.rejects(start(folder, 1), { code: 'infeasible' });
    writeFileSync(join(folder, 'tiny.nas'), program);
    assert.equal((await start(folder, 1, { trials: 3 })).reason, 'trials');
    assert.equal(readRun(join(folder, 'run')).trials.length, 3);
  });

  it('refuses a run.json that was changed, and takes one that was laid out anew', async () => {
    const folder = project();
    await start(folder, 1, {}, 3);
    const path = join(folder, 'run', 'run.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"bound": 16384', '"bound": 20480'));
    await assert.rejects(resumeSearch(join(folder, 'run'), host(1)), {
      code: 'journal',
      message: /run\.json has changed since the run began.*Restore the file/,
    });
    writeFileSync(path, JSON.stringify(JSON.parse(text)));
    assert.equal((await resumeSearch(join(folder, 'run'), host(1))).reason, 'trials');
  });

  it('clears away what a killed worker was writing and leaves what others put there', async () => {
    const folder = project();
    await start(folder, 1, {}, 3);
    const trials = join(folder, 'run', 'trials');
    mkdirSync(join(trials, '2', '1.77.tmp'), { recursive: true });
    writeFileSync(join(trials, '2', '1.77.tmp', 'weights.bin'), '');
    writeFileSync(join(trials, '.DS_Store'), '');
    await resumeSearch(join(folder, 'run'), host(1));
    assert.deepEqual(
      [existsSync(join(trials, '2', '1.77.tmp')), existsSync(join(trials, '.DS_Store'))],
      [false, true],
    );
  });

  it('takes what is asked for in place of what is written, and records it', async () => {
    const folder = project();
    const { reason } = await start(folder, 1, {
      strategy: 'random',
      trials: 3,
      seed: 9,
      fidelity: { low: 2, high: 2 },
    });
    assert.equal(reason, 'trials');
    const { settings, trials } = readRun(join(folder, 'run'));
    assert.deepEqual([settings.strategy, settings.trials, settings.seed], ['random', 3, 9]);
    assert.ok(trials.every((trial) => trial.result?.epochs === 2 && trial.result.test !== undefined));
    const recorded = JSON.parse(readFileSync(join(folder, 'run', 'run.json'), 'utf8')) as typeof settings;
    assert.deepEqual(Object.keys(recorded.program.files).length, 2);
  });

  it('has a front for each target, also where a board has two clocks, and trains each trial once for all', async () => {
    const targets =
      'target "nucleo-f446re"\ntarget "nucleo-f446re" { clock 90 MHz }\ntarget "pico"\ntarget "pico" { clock 125 MHz }';
    const folder = project(
      program
        .replace('target "nucleo-f446re"', targets)
        .replace('min ram', 'min latency')
        .replace('ram < 16 KB', 'latency < 1 s on "pico"'),
    );
    const listening = host(1);
    const request = { file: join(folder, 'tiny.nas'), folder: join(folder, 'run'), trials: 6 };
    await startSearch(request, listening);
    const { fronts, trials, settings } = readRun(join(folder, 'run'));
    // Its clock is the default: one target, named twice.
    const names = ['nucleo-f446re at 180 MHz', 'nucleo-f446re at 90 MHz', 'pico'];
    assert.deepEqual(
      fronts.map(({ target }) => target),
      names,
    );
    assert.deepEqual(
      settings.targets?.map(({ clockHz }) => clockHz),
      [180e6, 90e6, 125e6],
    );
    for (const { costs } of trials) {
      assert.deepEqual(Object.keys(costs), names);
      const [fast, slow] = names.map((name) => costs[name]?.latency ?? 0);
      assert.ok(Math.abs((slow ?? 0) - 2 * (fast ?? 0)) < 1e-6);
    }
    const begun = listening.events.flatMap((event) =>
      event.event === 'trial' ? [`${event.trial.trial} ${event.trial.stage}`] : [],
    );
    assert.equal(new Set(begun).size, begun.length);
  });

  for (const [name, text, message] of [
    ['an unknown target', program.replace('nucleo-f446re', 'nucleo-f446ro'), /Did you mean "nucleo-f446re"/],
    ['no target', program.replace('target "nucleo-f446re"', ''), /`search` needs a target/],
    [
      'no dataset',
      program
        .replace('dataset fashion-mnist', '')
        .replace('space tiny {', 'space tiny {\n  input 28x28x1')
        .replace('classes', '10'),
      /`search` needs a dataset/,
    ],
    ['no space', 'target "pico"', /declares no space/],
    [
      'a broken space',
      'target "pico"\nspace s {\n  dense -> \n',
      /The space s has errors.* Expected the output/,
    ],
    [
      'a constraint that cannot be read',
      program.replace('ram < 16 KB', 'ram < 16 ms'),
      /has an error, so it may mean something else than is written; .* The first: .*ms/,
    ],
    [
      'a layer that cannot be read whole',
      program.replace('gap', 'gap,'),
      /has an error, .* The first: Expected what follows the layer after `,`/,
    ],
    [
      'a strategy that is not there yet',
      program.replace('search nsga2', 'search darts'),
      /The strategy `darts` is understood but cannot run yet/,
    ],
    [
      'constraints that nothing meets',
      program.replace('ram < 16 KB', 'ram < 1 KB'),
      /The closest: ram is .* KB, which has to be < 1 KB/,
    ],
  ] as const) {
    it(`says what is wrong with ${name}`, async () => {
      await assert.rejects(start(project(text), 1), { name: 'SearchError', message });
    });
  }

  it('warns when hardly anything meets the constraints, and finds it all the same', async () => {
    const rare = program
      .replace('{4 | 8 | 12 | 16 | 64}', '64..1200 step 16')
      .replace('ram < 16 KB', 'ram < 20 KB');
    const listener = host(1);
    const folder = project(rare);
    await startSearch(
      {
        file: join(folder, 'tiny.nas'),
        folder: join(folder, 'run'),
        trials: 3,
        fidelity: { low: 1, high: 1 },
      },
      listener,
    );
    const warnings = listener.events.flatMap((event) => (event.event === 'message' ? [event.text] : []));
    assert.ok(
      warnings.some((text) => /of 500 architectures drawn at random meet the constraints/.test(text)),
    );
    assert.equal(readRun(join(folder, 'run')).trials.length, 3);
  });

  it('retrains, loses patience and begins with a share of an epoch where the file says so', async () => {
    const settings = 'fidelity 0.5..2 epochs; retrain 5 epochs; patience 3; smoothing 0.1';
    const folder = project(program.replace('trials 12; fidelity 1..3 epochs', `trials 90; ${settings}`));
    const end = await start(folder, 2);
    assert.equal(end.reason, 'patience');
    const view = readRun(join(folder, 'run'));
    assert.deepEqual(view.settings.training.labelSmoothing, 0.1);
    for (const n of end.front) assert.equal(view.trials[n]?.result?.epochs, 5);
    assert.ok(view.trials.some((trial) => trial.result?.epochs === 0.5));
  });

  it('refuses settings that cannot be meant', async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['retrain 2 epochs', /retrain must be more than the 3 epochs of the last training/],
      ['retrain 4.5 epochs', /retrain must be a whole number/],
      ['patience 0.5', /patience/],
      ['smoothing 1', /smoothing must be a share from 0 to below 1/],
      ['fidelity 1.5..3 epochs', /fidelity must be a whole number of epochs/],
    ];
    for (const [setting, message] of wrong) {
      const folder = project(
        program
          .replace('seed 5', `seed 5; ${setting}`)
          .replace('fidelity 1..3 epochs;', setting.startsWith('fidelity') ? '' : 'fidelity 1..3 epochs;'),
      );
      await assert.rejects(start(folder, 1), { code: 'settings', message });
    }
  });

  it('says which file is missing', async () => {
    await assert.rejects(
      start(project(), 1, { file: join(scratch, 'nowhere.nas') }),
      /nowhere\.nas cannot be read/,
    );
  });
});
