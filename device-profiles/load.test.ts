/** What is wrong with a board or runtime of a workspace, and where. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { boards, runtimes } from './index.ts';
import { loadProfiles, longestProfile, mostProblems, type ProfileFile } from './load.ts';

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
  const text = read('runtimes/tinyengine.json').replace('"nucleo-h743zi"', '"nucleo-f447re"');
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

test('a build that nobody counted is told, of a runtime and of a board', () => {
  const runtime = read('runtimes/tflm-cmsis-nn.json').replace('"cmsis-nn-v410"', '"cmsis-nn-v409"');
  assert.deepEqual(shown([{ path: '/w/.nasturtium/runtimes/tflm-cmsis-nn.json', text: runtime }]), [
    'profile/reference error "cmsis-nn-v409"',
  ]);
  const board = read('boards/pico.json').replace('"version": "4.1"', '"version": "4.2"');
  const [problem] = loadProfiles([{ path: '/w/.nasturtium/boards/pico.json', text: board }]).problems;
  assert.match(problem?.message ?? '', /was not counted with the version "4\.2", but with "7\.0", "6\.0"/);
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

test('each kind of fault is told with what stands there and what should', () => {
  const faults = (
    change: (entry: Record<string, unknown>) => void,
    kind: 'boards' | 'runtimes' = 'boards',
  ) => {
    const entry = JSON.parse(kind === 'boards' ? mine : read('runtimes/tflm.json')) as Record<
      string,
      unknown
    >;
    change(entry);
    return loadProfiles([{ path: `/w/.nasturtium/${kind}/mine.json`, text: JSON.stringify(entry) }])
      .problems.filter(({ code }) => code === 'profile/schema')
      .map(({ message }) => message);
  };
  const sram = (bank: object) => (board: Record<string, unknown>) =>
    (board['sram'] = [{ name: 'SRAM', bytes: 1024, ...bank }]);
  const source = { title: 'Kernels', version: '1.0' };
  const support = (entry: object) => (runtime: Record<string, unknown>) =>
    (runtime['support'] = [{ operators: ['add'], dtypes: ['int8'], level: 'fast', source, ...entry }]);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [faults((board) => delete board['flash']), /^The file lacks "flash": add it\. Memory that holds program/],
    [
      faults((board) => (board['featurs'] = [])),
      /"featurs", which means nothing here: did you mean "features"\?$/,
    ],
    [
      faults((board) => (board['colour'] = 1)),
      /"colour", which means nothing here: remove it or check its spelling\.$/,
    ],
    [faults((board) => (board['aliases'] = 'x')), /^"aliases" is "x", and must be a list in \[ \]\. /],
    [faults((board) => (board['runtimes'] = [])), /^"runtimes" is empty: write at least one entry\./],
    [faults((board) => (board['features'] = ['fpu', 'fpu'])), /has the same entry twice/],
    [faults(sram({ bytes: 0 })), /^"sram\.0\.bytes" is 0, and must be greater than 0\. Size in bytes\.$/],
    [faults(sram({ bytes: '64 KB' })), /^"sram\.0\.bytes" is "64 KB", and must be a whole number\./],
    [
      faults(sram({ address: 5 })),
      /"sram\.0\.address" is 5, and must be a text in quotes\. Where the data bus/,
    ],
    [
      faults(sram({ address: '20000000' })),
      /is "20000000", and must be of the form \^0x.* e\.g\. 0x20000000/,
    ],
    [
      faults(sram({ use: 'flash' })),
      /^"sram\.0\.use" is "flash", which is not one of data, code, reserved\.$/,
    ],
    [faults(support({ level: 'none' }), 'runtimes'), /^"support\.0" lacks "rule": add it\./],
    [faults(support({ source: { title: 'Kernels' } }), 'runtimes'), /^"support\.0\.source" lacks "version"/],
    [faults(support({ source: undefined }), 'runtimes'), /^"support\.0" lacks "source": add it\./],
    [
      faults(support({ operators: ['conv2d'] }), 'runtimes'),
      /is "conv2d", which is not known: did you mean "conv_2d"\?$/,
    ],
    [
      faults(support({ when: [{ quantity: 'macs' }] }), 'runtimes'),
      /needs "quantity" and exactly one of "equals"/,
    ],
    [
      faults(support({ remedy: { kind: 'set-channel' } }), 'runtimes'),
      /"support\.0\.remedy" must have a "kind" that/,
    ],
    [
      faults(support({ remedy: { kind: 'set-channels' } }), 'runtimes'),
      /"support\.0\.remedy" lacks "multipleOf"/,
    ],
    [
      faults((runtime) => (runtime['hybrid'] = false), 'runtimes'),
      /"hybrid" is false, and must be true, or be left out/,
    ],
  ];
  for (const [messages, expected] of cases) {
    assert.ok(
      messages.some((message) => expected.test(message)),
      `${String(expected)}: ${messages.join(' ')}`,
    );
    for (const message of messages) assert.match(message, /[.?]$/);
  }
  // One fault, one message: no second one for the choice between forms.
  assert.equal(faults(support({ remedy: { kind: 'set-channel' } }), 'runtimes').length, 1);
});

test('a name whose file has errors leads to that file', () => {
  const broken = { path: '/w/.nasturtium/runtimes/fast.json', text: '{ "id": "fast kernels" }' };
  const named = board(mine.replace(/"runtimes": \[/, '"runtimes": ["fast kernels", '));
  const { problems, unusable } = loadProfiles([named, broken, board('{', 'torn')]);
  assert.deepEqual([...unusable.keys()], ['fast kernels', 'torn']);
  assert.ok(
    problems.some(({ message }) => message.includes('"fast kernels", whose file has errors: correct')),
  );
});

test('a file with thousands of members too many is told the first ones, and how many there are', () => {
  const members = Array.from({ length: 2000 }, (_, index) => `"x${index}": 1,`).join('\n');
  const files = [board(mine.replace('"mcu"', () => `${members}\n"mcu"`))];
  const { problems } = loadProfiles(files);
  assert.equal(problems.length, mostProblems + 1);
  assert.deepEqual(shown(files).slice(0, 2), ['profile/schema error "x0"', 'profile/schema error "x1"']);
  assert.match(problems.at(-1)?.message ?? '', /^This file has 1900 more problems/);
});

test('a file that is longer than a profile is left out without being read', () => {
  const text = `{ "id": "${'a'.repeat(longestProfile.board)}" }`;
  const loaded = loadProfiles([board(text), board(mine, 'whole')]);
  assert.deepEqual(
    loaded.problems.map(({ code, path: file }) => [code, path.basename(file)]),
    [['profile/too-large', 'mine.json']],
  );
  assert.match(loaded.problems[0]?.message ?? '', /65,536: take out/);
  assert.equal(loaded.unusable.get('mine'), '/w/.nasturtium/boards/mine.json');
  assert.equal(loaded.origins.size, 1);
});

test('names of any length stay short in sentences', () => {
  const [problem] = loadProfiles([board(mine.replace('"mcu"', `"${'n'.repeat(5000)}": 1, "mcu"`))]).problems;
  assert.ok((problem?.message.length ?? Infinity) < 200);
});
