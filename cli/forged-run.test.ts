/**
 * Runs that nobody recorded: every field of every file of a small run is left out or replaced by what no search writes.
 * Whatever stands there is told or used; it is never a fault of the program, and touches nothing outside of the run.
 */

import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { writeDataFacts } from '../engine/search/run/data-facts.ts';
import { formatLine, type JournalRecord, readJournal } from '../engine/search/run/journal.ts';
import { readRun } from '../engine/search/index.ts';
import { exitCode } from './exit-codes.ts';
import { invoke } from './testing/capture.ts';

const root = path.resolve(import.meta.dirname, '..');
const evaluator = path.join(root, 'engine/search/workers/testing/imagined-evaluator.ts');
const trained = path.join(root, 'test/fixtures/tflite/nasturtium_clothes_int8.tflite');
const scratch = mkdtempSync(path.join(tmpdir(), 'nasturtium-forged-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const at = (...names: string[]): string => path.join(scratch, ...names);
const [recorded, run, out] = [at('recorded'), at('place', 'run'), at('place', 'out')];

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** In the place of any value. JSON has no NaN, but text may say so. */
const replacements: readonly Json[] = [
  null,
  'text',
  '',
  'NaN',
  '../../../elsewhere',
  '/etc/passwd',
  -1,
  0.5,
  1e308,
  2 ** 53,
  [],
  {},
  true,
  [null],
  JSON.parse('{"__proto__":{"trial":1},"constructor":1}') as Json,
];

/** The value with one field left out or replaced, for every field at any depth. */
function* mutations(value: Json): Generator<Json> {
  yield* replacements;
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    for (const [i, each] of list.entries()) {
      yield list.toSpliced(i, 1);
      for (const other of mutations(each)) yield list.with(i, other);
    }
  } else if (typeof value === 'object' && value !== null) {
    const object = value as { readonly [name: string]: Json };
    for (const [name, each] of Object.entries(object)) {
      yield Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));
      for (const other of mutations(each)) yield { ...object, [name]: other };
      yield { ...object, [`${name}/../../x`]: each };
    }
  }
}

/** What lies around the run, with the times at which it was written. */
function around(): string {
  return readdirSync(at('place', 'victim'), { recursive: true, encoding: 'utf8' })
    .map((name) => `${name} ${statSync(at('place', 'victim', name)).mtimeMs}`)
    .concat(readdirSync(at('place')))
    .join('\n');
}

const commands = {
  front: ['front', run, '--json', '--all'],
  table: ['front', run, '--all'],
  print: ['front', run, '--print', '1'],
  export: ['export', run, '--trial', '1', '-o', out],
  resume: ['resume', run, '--workers', '1', '--evaluator-module', evaluator],
} as const;

let surroundings = '';

/** The greatest exit code. */
async function tries(names: readonly (keyof typeof commands)[], what: string): Promise<number> {
  let greatest = 0;
  for (const name of names) {
    const { code = 0, err } = await invoke(commands[name]);
    assert.notEqual(code, exitCode.internal, `${name} after ${what}: ${err}`);
    if (code !== 0) assert.match(err, /error: .+\.\n/, `${name} after ${what} says no sentence`);
    rmSync(out, { recursive: true, force: true });
    greatest = Math.max(greatest, code);
  }
  assert.equal(around(), surroundings, `after ${what} something outside of the run has changed`);
  return greatest;
}

/** Whatever `front` cannot read the others do not read either. */
async function triesAll(what: string): Promise<boolean> {
  const isRead = (await tries(['front'], what)) === 0;
  if (isRead) await tries(['table', 'print', 'export'], what);
  return isRead;
}

const kinds = ['evaluation', 'finished', 'sitting', 'stage'];
const restore = (name: string): void =>
  cpSync(path.join(recorded, name), path.join(run, name), { recursive: true });

describe('a run that nobody recorded', () => {
  before(async () => {
    const file = at('space.nas');
    writeFileSync(
      file,
      `target "pico"
       dataset fashion-mnist
       space a { conv {3 | 5} -> {8 | 12 | 16} stride 2, relu; gap; dense -> classes }
       search random { trials 3; fidelity 1..2 epochs; seed 3 }
       constraints { accuracy >= 20 % }\n`,
    );
    const common = ['--workers', '1', '--evaluator-module', evaluator];
    const { code, err } = await invoke(['search', file, '--run', recorded, ...common]);
    assert.equal(code, 0, err);
    for (const trial of ['0', '1', '2']) {
      for (const epochs of ['1', '2']) {
        mkdirSync(path.join(recorded, 'trials', trial, epochs), { recursive: true });
        cpSync(trained, path.join(recorded, 'trials', trial, epochs, 'model.tflite'));
      }
    }
    writeDataFacts(recorded, {
      classNames: ['one', 'two'],
      shape: [28, 28, 1],
      values: 'bytes',
      normalization: { scale: 1 / 255, offset: 128 },
      columns: [{ name: 'a', mean: 1, deviation: 2 }],
      samples: { train: 8, validation: 1, test: 1 },
    });
    mkdirSync(at('place', 'victim', 'trials', '1', '1'), { recursive: true });
    writeFileSync(at('place', 'victim', 'trials', '1', '1', 'kept.1.tmp'), 'kept');
    cpSync(recorded, run, { recursive: true });
    surroundings = around();
    assert.equal(await tries(['front', 'table', 'print', 'export'], 'nothing'), 0);
  });

  it('by its settings', async () => {
    const settings = path.join(run, 'run.json');
    const whole = JSON.parse(readFileSync(settings, 'utf8')) as Json;
    for (const mutated of mutations(whole)) {
      const text = JSON.stringify(mutated);
      writeFileSync(settings, text);
      await triesAll(text);
    }
    for (const text of ['', '{', '[', '\0', '['.repeat(100_000), '{"a":'.repeat(100_000)]) {
      writeFileSync(settings, text);
      assert.equal(await tries(['front', 'export', 'resume'], text.slice(0, 20)), exitCode.io);
    }
    restore('run.json');
  });

  it('by its journal', async () => {
    const journal = path.join(run, 'journal.jsonl');
    const { records } = readJournal(journal);
    const seen = new Set<string>();
    let count = 0;
    for (const [i, record] of records.entries()) {
      const stage = record.kind === 'evaluation' ? record.record.stage : '';
      if (seen.has(`${record.kind} ${stage}`)) continue;
      seen.add(`${record.kind} ${stage}`);
      for (const mutated of mutations(record as unknown as Json)) {
        const lines = records.with(i, mutated as unknown as JournalRecord).map(formatLine);
        writeFileSync(journal, lines.join(''));
        const what = JSON.stringify(mutated);
        // Going on starts a process each time, so that only some are tried.
        if ((await triesAll(what)) && ++count % 40 === 0) await tries(['resume'], what);
        restore('journal.jsonl');
      }
    }
    assert.deepEqual([...new Set([...seen].map((each) => each.split(' ')[0]))].sort(), kinds);
    const isStage = (record: JournalRecord): boolean => record.kind === 'stage';
    const forged: readonly (readonly JournalRecord[])[] = [
      records.map((record) => (record.kind === 'stage' ? { ...record, trials: [99] } : record)),
      records.filter((record) => !isStage(record)),
      records.toReversed(),
      [...records, ...records],
      [],
    ];
    for (const [i, lines] of forged.entries()) {
      writeFileSync(journal, lines.map(formatLine).join(''));
      const code = await tries(['front', 'resume'], `forged journal ${i}`);
      if (i === 0) assert.equal(code, exitCode.search);
      restore('journal.jsonl');
    }
  });

  it('by what it tells of its data', async () => {
    const facts = path.join(run, 'data.json');
    const whole = JSON.parse(readFileSync(facts, 'utf8')) as Json;
    for (const mutated of mutations(whole)) {
      const text = JSON.stringify(mutated);
      writeFileSync(facts, text);
      await tries(['export'], text);
    }
    restore('data.json');
  });

  it('by links that lead out of it', { skip: process.platform === 'win32' }, async () => {
    const victim = at('place', 'victim');
    writeFileSync(path.join(victim, 'run.json'), readFileSync(path.join(recorded, 'run.json')));
    writeFileSync(path.join(victim, 'journal.jsonl'), readFileSync(path.join(recorded, 'journal.jsonl')));
    surroundings = around();
    const epochs = readRun(recorded).trials[1]?.result?.epochs ?? 0;
    const places: readonly (readonly [string, string, keyof typeof commands])[] = [
      ['trials', victim, 'export'],
      ['trials', victim, 'resume'],
      ['trials/1', path.join(victim, 'trials/1'), 'export'],
      [`trials/1/${epochs}`, path.join(victim, 'trials/1/1'), 'export'],
      [`trials/1/${epochs}/model.tflite`, trained, 'export'],
      ['run.json', path.join(victim, 'run.json'), 'front'],
      ['run.json', path.join(victim, 'run.json'), 'resume'],
      ['journal.jsonl', path.join(victim, 'journal.jsonl'), 'front'],
      ['journal.jsonl', path.join(victim, 'journal.jsonl'), 'resume'],
      ['journal.jsonl.torn', path.join(victim, 'trials/1/1/kept.1.tmp'), 'resume'],
      ['data.json', path.join(victim, 'run.json'), 'export'],
      ['data.json', path.join(victim, 'run.json'), 'resume'],
      ['lock', victim, 'resume'],
      ['owner.json', path.join(victim, 'run.json'), 'resume'],
    ];
    for (const [name, target, command] of places) {
      const place = path.join(run, name);
      rmSync(place, { recursive: true, force: true });
      symlinkSync(target, place);
      assert.notEqual(await tries([command], `${command} with a link at ${name}`), 0, name);
      rmSync(place, { recursive: true, force: true });
      cpSync(recorded, run, { recursive: true });
    }
  });
});
