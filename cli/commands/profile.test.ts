import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { boards, type Board } from '../../device-profiles/index.ts';
import { exitCode } from '../exit-codes.ts';
import { invoke, violations } from '../testing/capture.ts';

const text = `target "virtual:rp2040"
space s {
  input 8x8x3
  conv 3 -> {4 | 8}, bn, relu
  dwconv 3, bn, relu
  gap
  dense -> 4
}
`;

function space(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-profile-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'space.nas');
  writeFileSync(file, text);
  return file;
}

interface Document {
  readonly file: string;
  readonly layers: readonly { readonly layer: string; readonly cycles_median: number }[];
}

const measuredIn = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as Board).measured ?? [];

test('the layers of a space run on a virtual board, and from then on cost what they took', async (t) => {
  const file = space(t);
  const { code, out } = await invoke(['profile', file, '--repeats', '2', '--json']);
  assert.equal(code, exitCode.ok);
  const document = JSON.parse(out) as Document;
  assert.deepEqual(violations('profile', document), []);
  assert.equal(document.layers.length, 8);
  assert.equal(document.file, path.join(path.dirname(file), '.nasturtium', 'boards', 'virtual-rp2040.json'));
  const { out: costs } = await invoke(['cost', file, '--arch', 'max']);
  assert.equal(costs.match(/ measured$/gm)?.length, 4);
  // A virtual board says nothing of the real one.
  const { out: real } = await invoke(['cost', file, '--arch', 'max', '--target', 'pico']);
  assert.doesNotMatch(real, / measured$/m);
});

test('a session goes on where it was, in the order in which layers tell most', async (t) => {
  const file = space(t);
  const run = async (...more: string[]) => invoke(['profile', file, '--repeats', '1', ...more]);
  const { out, code } = await run('--layers', '3', '--events');
  assert.equal(code, exitCode.ok);
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; layers?: number; known?: number; whole?: boolean });
  assert.deepEqual(
    events.map(({ event }) => event),
    ['started', 'measured', 'measured', 'measured', 'finished'],
  );
  const again = await run('--layers', '5', '--events');
  assert.match(again.out, /"layers":5,"known":3/);
  const place = path.join(path.dirname(file), '.nasturtium', 'boards', 'virtual-rp2040.json');
  assert.equal(measuredIn(place)[0]?.layers.length, 5);
});

test('what is done is kept when a person stops, and the exit code says so', async (t) => {
  const file = space(t);
  const stop = new AbortController();
  stop.abort();
  const { code } = await invoke(['profile', file, '--events'], { stop: stop.signal });
  assert.equal(code, exitCode.interrupted);
});

test('a board of the workspace that was measured keeps what its file has besides', async (t) => {
  const file = space(t);
  const [virtual] = boards.filter(({ id }) => id === 'virtual:rp2040');
  const place = path.join(path.dirname(file), '.nasturtium', 'boards', 'mine.json');
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, JSON.stringify({ ...virtual, name: 'My own virtual board' }));
  const { code } = await invoke(['profile', file, '--arch', 'min', '--repeats', '1']);
  assert.equal(code, exitCode.ok);
  const board = JSON.parse(readFileSync(place, 'utf8')) as Board;
  assert.equal(board.name, 'My own virtual board');
  assert.equal(board.measured?.[0]?.layers.length, 4);
  assert.ok(!existsSync(path.join(path.dirname(place), 'virtual-rp2040.json')));
});

test('what cannot be profiled is said with what to do, and nothing is written', async (t) => {
  const file = space(t);
  for (const [args, exit, message] of [
    [['--board', 'nobody'], exitCode.usage, /nobody/],
    [['--board', 'pixel-4'], exitCode.usage, /Pixel 4/],
    [['--repeats', '0'], exitCode.usage, /repeats/],
    [['--repeats', '33'], exitCode.usage, /give 1 to 32/],
  ] as const) {
    const { code, err } = await invoke(['profile', file, ...args]);
    assert.equal(code, exit, err);
    assert.match(err, message);
  }
  assert.ok(!existsSync(path.join(path.dirname(file), '.nasturtium')));
});

test('a file that is no board is not written over', async (t) => {
  const file = space(t);
  const place = path.join(path.dirname(file), '.nasturtium', 'boards', 'virtual-rp2040.json');
  mkdirSync(path.dirname(place), { recursive: true });
  for (const text of ['{ "half": ', '{ "id": "something" }']) {
    writeFileSync(place, text);
    const { code, err } = await invoke(['profile', file, '--arch', 'min']);
    assert.equal(code, exitCode.problems);
    assert.match(err, /virtual-rp2040\.json, which is no valid file of a board: mend it or move it away/);
    assert.equal(readFileSync(place, 'utf8'), text);
  }
});
