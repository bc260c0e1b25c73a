/** A board of one's own, from the JSON to every command that can use it. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { invoke } from './testing/capture.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'nasturtium-profiles-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const pages = path.resolve(import.meta.dirname, '../examples/own-board/.nasturtium');
const evaluator = path.resolve(import.meta.dirname, '../engine/search/workers/testing/imagined-evaluator.ts');

const program = `target "teensy-4-1"
dataset fashion-mnist
space s {
  conv 3x3 -> {4 | 8 | 12 | 16} stride 2, bn, relu
  conv 3x3 -> {4 | 8 | 12 | 16}
  gap
  dense -> classes
}
objectives { max accuracy; min latency }
search random { trials 6; fidelity 1..1 epochs; seed 5 }
`;

interface Project {
  readonly file: string;
  readonly board: string;
  readonly folder: string;
}

let projects = 0;
function project(profiles = '.nasturtium'): Project {
  const folder = path.join(scratch, String(projects++));
  cpSync(pages, path.join(folder, profiles), { recursive: true });
  const file = path.join(folder, 'spaces', 'small', 'a.nas');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, program);
  return { file, folder, board: path.join(folder, profiles, 'boards', 'teensy-4-1.json') };
}

const json = async (...args: string[]): Promise<unknown> => {
  const { code, out, err } = await invoke([...args, '--json']);
  assert.equal(code, 0, err);
  return JSON.parse(out);
};

test('check and cost know the boards and runtimes of the folder above a file', async () => {
  const { file } = project();
  assert.equal((await invoke(['check', file])).code, 0);
  const cost = (await json('cost', file)) as { target: string; total: { latency_ms: object | null } };
  assert.equal(cost.target, 'teensy-4-1');
  assert.notEqual(cost.total.latency_ms, null);
  const own = (await json('cost', file, '--runtime', 'my-kernels')) as typeof cost;
  assert.equal(own.total.latency_ms, null);
});

test('--profiles names a folder for check, cost and boards', async () => {
  const { file, folder } = project('mine');
  const missing = await invoke(['check', file]);
  assert.equal(missing.code, 1);
  assert.match(missing.out, /\[target\/unknown\]/);
  const profiles = path.join(folder, 'mine');
  assert.equal((await invoke(['check', '--profiles', profiles, file])).code, 0);
  assert.equal(
    ((await json('cost', file, '--profiles', profiles)) as { target: string }).target,
    'teensy-4-1',
  );
  const { out } = await invoke(['boards', '--profiles', profiles]);
  assert.match(out, /^teensy-4-1 +PJRC Teensy 4\.1/m);
  assert.match(out, /^The board teensy-4-1 is from .*boards\/teensy-4-1\.json\.$/m);
  const { code, err } = await invoke(['boards', '--profiles', path.join(folder, 'none')]);
  assert.equal(code, 3);
  assert.match(err, /none does not exist/);
});

test('a broken profile is told by place: among the problems of check, on standard error elsewhere', async () => {
  const { file, board } = project();
  writeFileSync(board, readFileSync(board, 'utf8').replace('"mcu"', '"mcU"'));
  const checked = await invoke(['check', file]);
  assert.equal(checked.code, 1);
  assert.match(checked.out, /teensy-4-1\.json:5:3: error: The file has "mcU".*\[profile\/schema\]/);
  const { code, out, err } = await invoke(['cost', file, '--target', 'pico']);
  assert.equal(code, 0);
  assert.match(err, /teensy-4-1\.json:1:1: error: The file lacks "mcu"/);
  assert.match(out, /Pico/);
});

test('a run keeps the profiles that it began with, and goes on when they have changed or gone', async () => {
  const whole = project();
  const broken = project();
  const run = (of: Project) => path.join(of.folder, 'run');
  const search = (of: Project, ...more: string[]) =>
    invoke(['search', of.file, '--run', run(of), '--workers', '1', '--evaluator-module', evaluator, ...more]);
  assert.equal((await search(whole)).code, 0);

  const stop = new AbortController();
  stop.abort();
  const args = [
    'search',
    broken.file,
    '--run',
    run(broken),
    '--workers',
    '1',
    '--evaluator-module',
    evaluator,
  ];
  assert.equal((await invoke(args, { stop: stop.signal })).code, 130);
  const settings = JSON.parse(readFileSync(path.join(run(broken), 'run.json'), 'utf8')) as {
    profiles: { boards: { id: string }[]; runtimes: unknown[] };
  };
  assert.deepEqual(
    settings.profiles.boards.map(({ id }) => id),
    ['teensy-4-1'],
  );
  assert.deepEqual(settings.profiles.runtimes, []);
  rmSync(broken.board);
  const resumed = await invoke(['resume', run(broken), '--workers', '1', '--evaluator-module', evaluator]);
  assert.equal(resumed.code, 0, resumed.err);

  const trials = async (of: Project) => {
    const front = (await json('front', run(of), '--all')) as {
      trials: { costs: unknown; decisions: unknown }[];
    };
    return front.trials.map(({ costs, decisions }) => ({ costs, decisions }));
  };
  assert.deepEqual(await trials(broken), await trials(whole));
});

test('check takes a board by itself, and a folder that has boards alone', async () => {
  const { board } = project();
  writeFileSync(board, readFileSync(board, 'utf8').replace('600000000', '"600 MHz"'));
  const shared = path.dirname(path.dirname(board));
  for (const subject of [board, shared]) {
    const { code, out } = await invoke(['check', subject]);
    assert.equal(code, 1, subject);
    assert.match(
      out,
      /teensy-4-1\.json:\d+:\d+: error: "clock\.defaultHz" is "600 MHz", and must be a whole number/,
    );
    assert.doesNotMatch(out, /syntax\//);
  }
  const stray = path.join(path.dirname(shared), 'board.json');
  writeFileSync(stray, '{}');
  const { code, err } = await invoke(['check', stray]);
  assert.equal(code, 2);
  assert.match(err, /is no board or runtime, since those lie in a folder "boards" or "runtimes"/);
});

test('a board that cannot be read is told, as one is that is broken', async () => {
  const { file, folder } = project();
  const lost = path.join(folder, '.nasturtium/boards/lost.json');
  symlinkSync(path.join(folder, 'nowhere'), lost);
  const checked = await invoke(['check', file]);
  assert.equal(checked.code, 1);
  assert.match(checked.out, /lost\.json:1:1: error: This file cannot be read,.* \[profile\/json\]/);
});
