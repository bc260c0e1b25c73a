import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { defaultObjectives } from '../objectives.ts';
import { Ranking } from '../ranking.ts';
import { createStrategy, isRunningStrategy } from '../registry.ts';
import { weightSources } from '../weights.ts';
import type { SearchEvent, TrialRecord, TrialResult } from '../types.ts';
import { nasBenchMacro } from '../../../test/tables/table.ts';
import type { Executor, Outcome } from '../workers/pool.ts';
import type { Readiness, WorkerJob } from '../workers/protocol.ts';
import { formatLine, Journal, readJournal } from './journal.ts';
import { type Problem, type RunEnd, work } from './run.ts';

const table = nasBenchMacro();
const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-run-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;

const architectureOf = (decisions: Readonly<Record<string, number>>): string =>
  Object.values(decisions).join('');

const problem: Problem<string> = {
  domain: table.domain,
  describe: (candidate) => ({
    name: candidate,
    decisions: Object.fromEntries(Array.from(candidate, (digit, i) => [`layer${i}`, Number(digit)])),
    costs: {
      board: {
        latency: (table.scores(candidate)[1] ?? 0) * 100,
        ram: 1,
        flash: 1,
        energy: undefined,
        macs: 1,
        parameters: 1,
      },
    },
  }),
  rate: (record: TrialRecord) => ({
    scores: [-(record.result?.validation.int8 ?? 0), record.costs.board?.latency ?? Infinity],
    violation: 0,
  }),
};

/** Looks results up; fewer epochs blur them, as training does. Finishes in an order that depends on `slots`. */
class TableExecutor implements Executor {
  readonly slots: number;
  evaluated = 0;
  private stopped = false;
  constructor(slots: number) {
    this.slots = slots;
  }
  start(): Promise<Readiness> {
    return Promise.resolve({ backend: 'table', dataFingerprint: 'none' });
  }
  async evaluate(job: WorkerJob): Promise<Outcome> {
    const turns = 1 + ((job.trial * 7 + this.slots) % 3);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    if (this.stopped) return new Promise(() => undefined);
    this.evaluated++;
    if (job.trial % 11 === 5) return { status: 'failed', error: 'It was meant to fail.' };
    const blur = ((job.seed % 1000) / 1000 - 0.5) / (2 * job.epochs);
    const accuracy = Math.min(1, 1 - (table.scores(architectureOf(job.decisions))[0] ?? 0) + blur);
    const result: TrialResult = {
      validation: { int8: accuracy, float: accuracy, samples: 100 },
      test: job.final ? { int8: accuracy, float: accuracy, samples: 100 } : undefined,
      epochs: job.epochs,
      seconds: job.epochs,
    };
    return { status: 'done', result };
  }
  stop(): void {
    this.stopped = true;
  }
}

interface Sitting {
  readonly end: RunEnd;
  readonly events: readonly SearchEvent[];
  readonly records: ReadonlyMap<number, TrialRecord>;
  readonly evaluated: number;
}

/** Only nine architectures. */
const nine: Problem<string> = {
  ...problem,
  domain: {
    ...table.domain,
    sample: (random) => `000000${random.nextInt(3)}${random.nextInt(3)}`,
    enumerate: () => [],
  },
};

async function sit(
  folder: string,
  options: {
    problem?: Problem<string>;
    slots?: number;
    strategy?: string;
    seed?: number;
    trials?: number | undefined;
    budgetSeconds?: number;
    stopAfter?: number;
    epochs?: readonly number[];
    retrain?: boolean;
    patience?: number;
  } = {},
): Promise<Sitting> {
  const { journal, contents } = Journal.open(join(folder, 'journal.jsonl'));
  const strategy = options.strategy ?? 'nsga2';
  assert.ok(isRunningStrategy(strategy));
  const seed = options.seed ?? 3;
  const events: SearchEvent[] = [];
  const records = new Map<number, TrialRecord>();
  const stop = new AbortController();
  const executor = new TableExecutor(options.slots ?? 2);
  let ticks = 0;
  const end = await work({
    folder,
    problem: options.problem ?? problem,
    strategy: createStrategy(strategy, (options.problem ?? problem).domain, {
      seed,
      weights: [1, 1],
      settings: { population: 6 },
    }),
    executor,
    weights: weightSources.scratch({ executor, folder }),
    journal,
    past: contents.records,
    seed,
    trials: 'trials' in options ? options.trials : 24,
    budgetSeconds: options.budgetSeconds,
    epochs: options.epochs ?? [3, 9, 30],
    retrain: options.retrain ?? false,
    patience: options.patience,
    lookAhead: 4,
    ranking: new Ranking({
      targets: [{ target: 'board' }],
      objectives: defaultObjectives,
      constraints: [],
    }),
    emit(event) {
      events.push(event);
      if (event.event === 'trial') {
        records.set(event.trial.trial, event.trial);
        if (executor.evaluated === options.stopAfter) stop.abort();
      }
    },
    signal: stop.signal,
    now: () => (options.budgetSeconds === undefined ? 0 : ticks++),
  });
  journal.close();
  return { end, events, records, evaluated: executor.evaluated };
}

function newFolder(): string {
  return mkdtempSync(join(scratch, `${folders++}-`));
}

/** What has to be equal: the end, the front and every trial's latest result. */
function outcome(sitting: Sitting): unknown {
  // Through JSON, since the journal leaves out what is undefined.
  return JSON.parse(JSON.stringify([sitting.end, [...sitting.records].sort(([a], [b]) => a - b)]));
}

describe('a run', () => {
  it('gives the same trials and front for one worker and for several', async () => {
    const alone = await sit(newFolder(), { slots: 1 });
    assert.equal(alone.end.reason, 'trials');
    assert.ok(alone.end.front.length >= 2);
    for (const slots of [2, 3, 7])
      assert.deepEqual(outcome(await sit(newFolder(), { slots })), outcome(alone));
    assert.notDeepEqual(outcome(await sit(newFolder(), { seed: 4 })), outcome(alone));
  });

  it('ends with a front of fully trained and tested trials', async () => {
    const { end, records } = await sit(newFolder());
    for (const trial of end.front) {
      assert.equal(records.get(trial)?.result?.epochs, 30);
      assert.ok(records.get(trial)?.result?.test !== undefined);
    }
  });

  it('reports progress that never runs backwards and ends complete', async () => {
    const { events } = await sit(newFolder());
    const shares = events.flatMap((event) => ('progress' in event ? [event.progress.share] : []));
    assert.ok(shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share <= 1));
    assert.equal(shares.at(-1), 1);
  });

  for (const strategy of ['nsga2', 'evolution', 'random']) {
    it(`resumes after every record and in the middle of one to the same front (${strategy})`, async () => {
      const whole = newFolder();
      const unbroken = await sit(whole, { strategy, trials: 14 });
      const journal = readFileSync(join(whole, 'journal.jsonl'));
      const cuts: number[] = [];
      for (let at = 0; at <= journal.length; at = journal.indexOf(10, at) + 1) {
        cuts.push(at);
        if (at === journal.length) break;
        cuts.push(at + 1, Math.floor((at + journal.indexOf(10, at)) / 2), journal.indexOf(10, at));
      }
      for (const [i, cut] of cuts.entries()) {
        const folder = newFolder();
        writeFileSync(join(folder, 'journal.jsonl'), journal.subarray(0, cut));
        const resumed = await sit(folder, { strategy, trials: 14, slots: 1 + (i % 3) });
        assert.deepEqual(outcome(resumed), outcome(unbroken), `cut at byte ${cut}`);
      }
    });
  }

  it('stops when told to and goes on from there without repeating what was journaled', async () => {
    const unbroken = await sit(newFolder());
    const folder = newFolder();
    const first = await sit(folder, { stopAfter: 10 });
    assert.equal(first.end.reason, 'stopped');
    const journaled = readJournal(join(folder, 'journal.jsonl')).records.length;
    assert.equal(journaled, 10);
    const second = await sit(folder);
    assert.deepEqual(outcome(second), outcome(unbroken));
    assert.equal(second.evaluated, unbroken.evaluated - journaled);
  });

  it('does nothing on a finished run but tell its front', async () => {
    const folder = newFolder();
    const first = await sit(folder);
    const before = readFileSync(join(folder, 'journal.jsonl'));
    const again = await sit(folder);
    assert.equal(again.evaluated, 0);
    assert.deepEqual(again.end, first.end);
    assert.deepEqual(readFileSync(join(folder, 'journal.jsonl')), before);
  });

  it('keeps to a budget of time and remembers where it was cut', async () => {
    const folder = newFolder();
    const first = await sit(folder, { trials: undefined, budgetSeconds: 400, epochs: [1, 3] });
    assert.equal(first.end.reason, 'budget');
    assert.ok([...first.records.values()].some((record) => record.stage > 0));
    const again = await sit(folder, { trials: undefined, budgetSeconds: 400, epochs: [1, 3], slots: 1 });
    assert.equal(again.evaluated, 0);
    assert.deepEqual(outcome(again), outcome(first));
  });

  it('explores to the end of a small space', async () => {
    const { end, records } = await sit(newFolder(), { problem: nine, trials: 70, strategy: 'random' });
    assert.equal(end.reason, 'exhausted');
    assert.equal(records.size, 9);
  });

  it('ends for the same reason when it is resumed in a later stage', async () => {
    for (const options of [
      { problem: nine, trials: 70, strategy: 'random' },
      // By a clock that hardly moves: time limits the run, but is not what ends the proposals.
      { problem: nine, trials: undefined, strategy: 'random', budgetSeconds: 1e6 },
      { trials: 500, patience: 12 },
    ]) {
      const whole = newFolder();
      const unbroken = await sit(whole, options);
      const journal = readFileSync(join(whole, 'journal.jsonl'));
      for (let at = journal.indexOf(10) + 1; at < journal.length; at = journal.indexOf(10, at) + 1) {
        const folder = newFolder();
        writeFileSync(join(folder, 'journal.jsonl'), journal.subarray(0, at));
        assert.deepEqual(outcome(await sit(folder, options)), outcome(unbroken), `cut at byte ${at}`);
      }
    }
  });

  it('retrains the front alone, for longer, and tests nothing before', async () => {
    const folder = newFolder();
    const epochs = [3, 9, 60];
    const { end, records, events } = await sit(folder, { epochs, retrain: true });
    assert.ok(end.front.length > 1);
    for (const trial of end.front) assert.equal(records.get(trial)?.result?.epochs, 60);
    const stages = readJournal(join(folder, 'journal.jsonl')).records.filter(({ kind }) => kind === 'stage');
    const last = stages.find((stage) => stage.kind === 'stage' && stage.stage === 2);
    const before = events.findLast((event) => event.event === 'trial' && event.trial.stage === 1);
    assert.ok(last?.kind === 'stage' && before?.event === 'trial');
    assert.deepEqual(
      [...last.trials].sort((a, b) => a - b),
      before.fronts[0]?.trials,
    );
    for (const event of events) {
      if (event.event === 'trial')
        assert.equal(event.trial.result?.test !== undefined, event.trial.result?.epochs === 60);
    }
    const again = await sit(folder, { epochs, retrain: true });
    assert.equal(again.evaluated, 0);
    assert.deepEqual(outcome(again), outcome({ end, events, records, evaluated: 0 }));
  });

  it('proposes no more when patience has run out, at the same trial with any number of workers', async () => {
    const few = await sit(newFolder(), { trials: 500, patience: 12, epochs: [3] });
    assert.equal(few.end.reason, 'patience');
    assert.ok(few.records.size > 12 && few.records.size < 300, String(few.records.size));
    const many = await sit(newFolder(), { trials: 500, patience: 12, epochs: [3], slots: 4 });
    assert.deepEqual(outcome(many), outcome(few));
    const patient = await sit(newFolder(), { trials: 500, patience: 40, epochs: [3] });
    assert.ok(patient.records.size > few.records.size);
  });

  it('refuses a journal that another seed wrote', async () => {
    const folder = newFolder();
    await sit(folder, { stopAfter: 3 });
    await assert.rejects(sit(folder, { seed: 99 }), /records another architecture for trial 0/);
  });
});

describe('a journal', () => {
  const line = formatLine({ kind: 'finished', reason: 'trials', elapsed: 1.5 });

  it('keeps a torn last line aside and drops it', () => {
    const path = join(newFolder(), 'journal.jsonl');
    writeFileSync(path, line + line.slice(0, 20));
    const { journal, contents } = Journal.open(path);
    journal.append({ kind: 'finished', reason: 'budget', elapsed: 2 });
    journal.close();
    assert.equal(contents.records.length, 1);
    assert.equal(readFileSync(`${path}.torn`, 'utf8'), `${line.slice(0, 20)}\n`);
    assert.deepEqual(
      readJournal(path).records.map((record) => record.elapsed),
      [1.5, 2],
    );
  });

  it('reads past a torn line without touching it', () => {
    const path = join(newFolder(), 'journal.jsonl');
    writeFileSync(path, line + '{"kind":');
    assert.equal(readJournal(path).records.length, 1);
    assert.equal(readFileSync(path, 'utf8'), line + '{"kind":');
  });

  it('reads every text that a message may hold', () => {
    const path = join(newFolder(), 'journal.jsonl');
    const { journal } = Journal.open(path);
    const backend = 'line\u2028paragraph\u2029next\u0085feed\nquote" \ud800 "crc":"00000000"}';
    journal.append({ kind: 'sitting', backend, data: '', workers: 1, elapsed: 0 });
    journal.close();
    assert.partialDeepStrictEqual(readJournal(path), { records: [{ backend }], torn: undefined });
  });

  it('is not written over by a search that was halted while another took over', () => {
    const path = join(newFolder(), 'journal.jsonl');
    const halted = Journal.open(path).journal;
    halted.append({ kind: 'finished', reason: 'trials', elapsed: 1 });
    const heir = Journal.open(path).journal;
    heir.append({ kind: 'finished', reason: 'budget', elapsed: 2 });
    assert.throws(() => halted.append({ kind: 'finished', reason: 'patience', elapsed: 3 }), {
      code: 'locked',
      message: /If another search took over the run, go on with that one/,
    });
    heir.append({ kind: 'finished', reason: 'exhausted', elapsed: 4 });
    assert.deepEqual(
      readJournal(path).records.map((record) => record.elapsed),
      [1, 2, 4],
    );
    halted.close();
    heir.close();
  });

  it('names a damaged line in the middle and says what to do', () => {
    const path = join(newFolder(), 'journal.jsonl');
    writeFileSync(path, line + line.replace('1.5', '1.6') + line);
    assert.throws(() => readJournal(path), /Line 2 of .*journal\.jsonl is damaged.*delete line 2/);
  });

  it('never accepts a line with any one character changed', () => {
    const path = join(newFolder(), 'journal.jsonl');
    for (let i = 0; i < line.length - 1; i++) {
      writeFileSync(path, `${line.slice(0, i)}${line[i] === '7' ? '8' : '7'}${line.slice(i + 1)}${line}`);
      assert.throws(() => readJournal(path), /Line 1 of/);
    }
  });
});
