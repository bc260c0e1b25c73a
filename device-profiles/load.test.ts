/** What is wrong with a board or runtime of a workspace, and where. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { boards, runtimes } from './index.ts';
import { loadProfiles, type ProfileFile } from './load.ts';

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, file), 'utf8');
const pico = read('boards/pico.json');

/** Each problem as `code severity "underlined text"`. */
function shown(files: readonly ProfileFile[]): string[] {
  const { problems } = loadProfiles(files);
  return problems.map(({ code, severity, path: file, start, end }) => {
    const text = files.find((each) => each.path === file)?.text ?? '';
    return `${code} ${severity} ${text.slice(start, end)}`;
  });
}

const board = (text: string, name = 'mine') => ({ path: `/w/.nasturtium/boards/${name}.json`, text });
const ownId = (text: string): string =>
  text
    .replace(/"defaultHz": \d+/, '"defaultHz": 133000000')
    .replace('"id": "pico"', '"id": "mine"')
    .replace(/"aliases": \[[^\]]*\]/, '"aliases": ["my-pico"]');
const mine = ownId(pico);

test('a whole board has no problems, and is told from those that ship', () => {
  const loaded = loadProfiles([board(mine)]);
  assert.deepEqual(loaded.problems, []);
  const added = loaded.boards.find(({ id }) => id === 'mine');
  assert.ok(added !== undefined);
  assert.equal(loaded.origins.get(added), '/w/.nasturtium/boards/mine.json');
  assert.equal(loaded.origins.size, 1);
});

test('text that is no JSON is underlined where reading stopped', () => {
  assert.deepEqual(shown([board('{ "id": "a", }')]), ['profile/json error }']);
  assert.deepEqual(shown([board('{ "id" "a" }')]), ['profile/json error "']);
  assert.deepEqual(shown([board('')]), ['profile/json error ']);
  assert.deepEqual(shown([board('[[[[')]), ['profile/json error [']);
  for (let end = 0; end < mine.length; end += 7) {
    for (const { start, end: stop } of loadProfiles([board(mine.slice(0, end))]).problems) {
      assert.ok(0 <= start && start <= stop && stop <= end);
    }
  }
});

test('a byte order mark is passed over, and places stay where they are', () => {
  assert.deepEqual(loadProfiles([board(`\uFEFF${mine}`)]).problems, []);
  const text = `\uFEFF${mine.replace('"mcu"', '"mcU"')}`;
  assert.deepEqual(shown([board(text)]), ['profile/schema error {', 'profile/schema error "mcU"']);
});

test('what the schema refuses is underlined exactly', () => {
  const wrong = mine
    .replace(/"defaultHz": \d+/, '"defaultHz": "133 MHz"')
    .replace('"features": [', '"features": ["gpu", ');
  assert.deepEqual(shown([board(wrong)]).sort(), [
    'profile/schema error "133 MHz"',
    'profile/schema error "gpu"',
  ]);
  const without = mine.replace(/"maxHz": \d+/, '"highestHz": 1');
  assert.deepEqual(shown([board(without)]).sort(), [
    'profile/schema error "clock"',
    'profile/schema error "highestHz"',
  ]);
});

test('names and figures are held against each other', () => {
  const wrong = mine
    .replace(/"defaultRuntime": "[^"]*"/, '"defaultRuntime": "tvm"')
    .replace('"my-pico"', '"nano-33-ble"')
    .replace(/"core": "[^"]*"/, '"core": "cortex-m99"')
    .replace(/"maxHz": \d+/, '"maxHz": 1000000');
  const found = shown([board(wrong)]);
  assert.ok(found.includes('profile/reference error "tvm"'));
  assert.ok(found.includes('profile/reference warning "nano-33-ble"'));
  assert.ok(found.includes('profile/reference information "cortex-m99"'));
  assert.ok(found.includes('profile/reference error 133000000'));
  // It can still be used: only what is said about it is wrong.
  assert.ok(loadProfiles([board(wrong)]).boards.some(({ id }) => id === 'mine'));
});

test('figures of a runtime belong to its paths and to boards that exist', () => {
  const text = read('runtimes/tflm-cmsis-nn.json').replace('"nucleo-f446re"', '"nucleo-f447re"');
  const runtime = JSON.parse(text) as {
    latency: { profiles: { boards: string[]; paths: Record<string, unknown> }[] };
  };
  const at = runtime.latency.profiles.findIndex(({ boards: names }) => names.includes('nucleo-f447re'));
  const profile = runtime.latency.profiles[at];
  assert.ok(profile !== undefined);
  profile.paths = { 'no/such': { cycles: {}, interval: { low: 1, high: 1 }, rows: 1 } };
  const file = { path: '/w/.nasturtium/runtimes/r.json', text: JSON.stringify(runtime) };
  const { problems } = loadProfiles([file]);
  const told = problems.map(
    ({ pointer, start, end }) => `${pointer} ${file.text.slice(start, end).slice(0, 15)}`,
  );
  assert.deepEqual(told, [
    `/latency/profiles/${at}/boards/0 "nucleo-f447re"`,
    `/latency/profiles/${at}/paths/no~1such {"cycles":{},"i`,
  ]);
});

test('an operator that a runtime can run and firmware cannot register is told', () => {
  const text = read('runtimes/tflm.json').replace(/\n *"LEAKY_RELU": "AddLeakyRelu",/, '');
  const found = shown([{ path: '/w/.nasturtium/runtimes/tflm.json', text }]);
  assert.ok(found.length > 0);
  assert.deepEqual([...new Set(found)], ['profile/reference warning "leaky_relu"']);
});

test('a term that no operator has is underlined by its name', () => {
  const text = read('runtimes/tflm.json').replace('"perOperator": {', '"perOperator": { "colour": 1,');
  assert.deepEqual(shown([{ path: '/w/.nasturtium/runtimes/tflm.json', text }]), [
    'profile/schema error "colour"',
  ]);
});

test('of two files with one id the second is told, unless a nearer folder means to replace it', () => {
  assert.deepEqual(shown([board(mine), board(mine, 'again')]), ['profile/duplicate error "mine"']);
  const nearer = {
    path: '/w/deep/.nasturtium/boards/mine.json',
    text: mine.replace('"name": "', '"name": "My '),
  };
  const loaded = loadProfiles([board(mine), nearer]);
  assert.deepEqual(loaded.problems, []);
  assert.match(loaded.boards.find(({ id }) => id === 'mine')?.name ?? '', /^My /);
  assert.equal(loaded.boards.length, boards.length + 1);
});

test('the folder that holds a file says what it is, and not one further up', () => {
  const { problems, boards: all } = loadProfiles([
    { path: '/runtimes/w/.nasturtium/boards/mine.json', text: mine },
  ]);
  assert.deepEqual(problems, []);
  assert.equal(all.length, boards.length + 1);
  assert.equal(loadProfiles([]).runtimes.length, runtimes.length);
});
