import { able, runtimesOf } from './able.ts';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isQuantityName, quantityNames } from '../engine/cost/quantities.ts';
import {
  boards,
  debugProbes,
  interpreterNamed,
  interpreters,
  kernelLibrary,
  kernelLibraryIds,
  runtimes,
} from './index.ts';
import { checkBoard, checkInterpreter, checkKernels, checkRuntime, loadProfiles } from './load.ts';
import { boardProblems, runtimeProblems } from './references.ts';
import runtimeSchema from './schema/runtime.schema.json' with { type: 'json' };

const here = import.meta.dirname;
const json = (folder: string) =>
  readdirSync(path.join(here, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      path: `${folder}/${name}`,
      text: readFileSync(path.join(here, folder, name), 'utf8'),
    }));

test('every board file is as its schema says and is in the index', () => {
  const files = json('boards');
  for (const { path: file, text } of files) {
    const checked = checkBoard(JSON.parse(text));
    assert.ok('value' in checked, `${file}: ${JSON.stringify(checked)}`);
  }
  assert.deepEqual(
    boards.map((board) => board.id.replace(':', '-')).sort(),
    files.map(({ path: file }) => path.basename(file, '.json')).sort(),
  );
});

test('debug probes are what a board shows on USB, can be spoken to, and are on no board', () => {
  const checked = checkBoard({ ...boards[0], usb: debugProbes });
  assert.ok('value' in checked, JSON.stringify(checked));
  const shown = boards.flatMap(({ usb }) => usb).map(({ vendorId, productId }) => `${vendorId}:${productId}`);
  for (const { vendorId, productId, name, speaks } of debugProbes) {
    assert.ok(speaks !== undefined && !shown.includes(`${vendorId}:${productId}`), name);
  }
});

test('every runtime file is as its schema says and is in the index', () => {
  const files = json('runtimes');
  for (const { path: file, text } of files) {
    const checked = checkRuntime(JSON.parse(text));
    assert.ok('value' in checked, `${file}: ${JSON.stringify(checked)}`);
  }
  assert.equal(runtimes.length, files.length);
});

test('every interpreter file is as its schema says, is in the index and can be named by a runtime', () => {
  const files = json('interpreters');
  for (const { path: file, text } of files) {
    const checked = checkInterpreter(JSON.parse(text));
    assert.ok('value' in checked, `${file}: ${JSON.stringify(checked)}`);
    const { id } = checked.value;
    assert.ok(interpreterNamed(id).memory.length > 0, id);
  }
  const ids = interpreters.map(({ id }) => id);
  assert.equal(ids.length, files.length);
  assert.deepEqual(runtimeSchema.properties.memory.properties.interpreter.enum.toSorted(), ids.toSorted());
});

test('a rule of an interpreter counts for the months that it names, and its own before those of its base', () => {
  const { kept, memory } = interpreterNamed('tflm + cmsis-nn');
  const dense = kept.filter(({ operators }) => operators.includes('FULLY_CONNECTED'));
  assert.deepEqual(dense[0]?.bytes, 72);
  assert.equal(memory[0]?.setUp.request, 12);
  assert.equal(memory[1]?.before, memory[0].since);
  assert.throws(() => interpreterNamed('nobody’s'), /no interpreter "nobody’s"/);
});

test('every file of kernels is as its schema says and is found by its id', () => {
  const files = json('kernels');
  for (const { path: file, text } of files) {
    const checked = checkKernels(JSON.parse(text));
    assert.ok('value' in checked, `${file}: ${JSON.stringify(checked)}`);
    assert.equal(`kernels/${checked.value.id}.json`, file);
    assert.deepEqual(kernelLibrary(checked.value.id), checked.value);
  }
  assert.equal(kernelLibraryIds.length, files.length);
  assert.equal(kernelLibrary('cmsis-nn-v1-m4-O3'), undefined);
});

test('a term of a form is a product of quantities and of whole numbers made of one', () => {
  const [id = ''] = kernelLibraryIds;
  const library = kernelLibrary(id);
  assert.ok(library !== undefined);
  const [kernel] = library.kernels;
  const withTerm = (term: string) => ({ ...library, kernels: [{ ...kernel, form: { [term]: [1, 1, 0] } }] });
  for (const term of ['1', 'pixels*windowSize%4', 'floor(pixels%16/4)*[pixels<2]', 'ceil(pixels/4)'])
    assert.ok('value' in checkKernels(withTerm(term)), term);
  for (const term of ['', 'pixel', '2*pixels', 'pixels*', 'floor(pixels)', '[pixels>2]', 'pixels*pixels/2'])
    assert.ok('errors' in checkKernels(withTerm(term)), term);
});

test('a runtime runs where it names the core, and on other boards where these name it', () => {
  const [board] = boards.filter(({ id }) => id === 'pico');
  const [runtime] = runtimes.filter(({ id }) => id === 'x-cube-ai 9');
  assert.ok(board !== undefined && runtime !== undefined);
  const stm = { ...board, core: 'cortex-m4', mcu: 'STM32F446RE', runtimes: [] };
  assert.equal(able(runtime, stm), true);
  assert.equal(able(runtime, { ...stm, mcu: 'RP2040' }), false);
  assert.equal(able(runtime, { ...stm, core: 'cortex-m0plus' }), false);
  assert.equal(able(runtime, { ...board, runtimes: [runtime.id] }), true);
  const { cores, mcus, ...silent } = runtime;
  assert.ok(cores !== undefined && mcus !== undefined);
  assert.equal(able(silent, { ...stm, mcu: 'RP2040' }), true, 'where its latencies are of');
});

test('boards name runtimes that exist, and no two boards share a name', () => {
  const ids = new Set(runtimes.map((runtime) => runtime.id));
  const names = boards.flatMap((board) => [board.id, ...board.aliases]);
  assert.equal(new Set(names).size, names.length);
  for (const board of boards) {
    assert.equal(runtimesOf({ runtimes }, board)[0]?.id, board.defaultRuntime, board.id);
    for (const runtime of board.runtimes ?? []) assert.ok(ids.has(runtime), `${board.id}: ${runtime}`);
    assert.ok(board.clock.defaultHz <= board.clock.maxHz, board.id);
  }
});

test('what ships agrees with itself: names exist, figures belong together, operators can be registered', () => {
  const known = { boards, runtimes };
  const found = [
    ...boards.flatMap((board) => boardProblems(board, known)),
    ...runtimes.flatMap((runtime) => runtimeProblems(runtime, known)),
  ];
  // That a core has no latencies yet is no mistake.
  assert.deepEqual(
    found.filter(({ severity }) => severity !== 'information'),
    [],
  );
});

test('a figure outside of its own limits is an error at its place, running and asleep', () => {
  const known = { boards, runtimes };
  const board = boards.find(({ sleep }) => sleep?.retained !== undefined);
  assert.ok(board?.sleep?.retained !== undefined);
  const wrong = { value: 3, low: 1, high: 2 };
  const { sleep } = board;
  for (const [pointer, changed] of [
    ['/sleep/microwatts', { ...board, sleep: { ...sleep, microwatts: wrong } }],
    [
      '/sleep/retained/microwatts',
      { ...board, sleep: { ...sleep, retained: { blockBytes: 64, microwatts: wrong } } },
    ],
    [
      '/power/0/milliwatts',
      { ...board, power: [{ clockHz: 1, milliwatts: wrong, source: { title: 'x', date: '2026' } }] },
    ],
  ] as const) {
    const errors = boardProblems(changed, known).filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      errors.map((problem) => problem.pointer),
      [pointer],
    );
  }
});

test('the schema and the engine know the same quantities', () => {
  assert.deepEqual(runtimeSchema.definitions.quantity.enum, [...quantityNames]);
  assert.ok(!isQuantityName('constructor'));
});

test('every fitted path belongs to a path of its runtime, and uses its terms alone', () => {
  for (const runtime of runtimes) {
    const families = new Map(runtime.latency.paths.map((entry) => [entry.family, entry.terms]));
    for (const profile of runtime.latency.profiles) {
      for (const [family, fitted] of Object.entries(profile.paths)) {
        const terms = families.get(family);
        assert.ok(terms !== undefined, `${profile.id}: ${family}`);
        for (const term of Object.keys(fitted.cycles)) assert.ok(terms.includes(term), `${family}: ${term}`);
      }
    }
  }
});

test('a workspace adds a board, and one of the same id replaces the shipped one', () => {
  const pico = json('boards').find(({ path: file }) => file.endsWith('pico.json'));
  assert.ok(pico !== undefined);
  const mine = {
    path: 'boards/mine.json',
    text: pico.text.replace('"id": "pico"', '"id": "mine"').replace(/"aliases": \[[^\]]*\]/, '"aliases": []'),
  };
  const faster = { path: 'boards/pico.json', text: pico.text.replaceAll('133000000', '200000000') };
  const loaded = loadProfiles([mine, faster]);
  assert.deepEqual(loaded.problems, []);
  assert.equal(loaded.boards.length, boards.length + 1);
  assert.equal(loaded.boards.find((board) => board.id === 'pico')?.clock.maxHz, 200_000_000);
});

test('what is wrong with an added file is said by place and cure', () => {
  const loaded = loadProfiles([
    { path: 'boards/a.json', text: '{ "id": "a" ' },
    { path: 'boards/b.json', text: '{ "id": "b", "colour": "green" }' },
  ]);
  assert.equal(loaded.boards.length, boards.length);
  assert.match(loaded.problems[0]?.message ?? '', /not valid JSON/);
  const messages = loaded.problems.slice(1).map((problem) => problem.message);
  assert.ok(
    messages.some((message) => message.startsWith('The file lacks "mcu": add it.')),
    messages.join('\n'),
  );
  assert.ok(messages.some((message) => message.includes('"colour", which means nothing here')));
});

test('an added board whose runtime does not exist says so', () => {
  const pico = json('boards').find(({ path: file }) => file.endsWith('pico.json'));
  const text = (pico?.text ?? '').replace('"defaultRuntime": "tflm + cmsis-nn"', '"defaultRuntime": "tvm"');
  const [problem] = loadProfiles([{ path: 'boards/pico.json', text }]).problems;
  assert.equal(problem?.pointer, '/defaultRuntime');
});

test('the board in the README is whole', () => {
  const readme = readFileSync(path.join(here, 'README.md'), 'utf8');
  const text = /```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const loaded = loadProfiles([{ path: 'boards/feather-m4.json', text }]);
  assert.deepEqual(loaded.problems, []);
  assert.equal(loaded.boards.at(-1)?.id, 'feather-m4');
});

test('each row of each runtime says what it was read in, in the version that the runtime names', () => {
  for (const { id, versions = [], support, slowPaths } of runtimes) {
    assert.ok(versions.length > 0, id);
    for (const { operators, source } of [...support, ...slowPaths]) {
      const row = `${id}: ${operators.join(', ')}`;
      assert.ok(source.title.length > 0, row);
      // What was read instead of that version says so, and then is another.
      assert.ok(versions.includes(source.insteadOf ?? source.version), `${row} is of ${source.version}`);
      assert.notEqual(source.version, source.insteadOf, row);
    }
  }
});

test('no row is out of reach behind others that decide all that it says', () => {
  for (const { id, support } of runtimes) {
    const decided = new Set<string>();
    for (const { operators, dtypes, when } of support) {
      // What is left over may be named beside "other", which takes every number format.
      if (operators.includes('other')) continue;
      const keys = operators.flatMap((operator) => dtypes.map((dtype) => `${operator} ${dtype}`));
      for (const key of keys) assert.ok(!decided.has(key), `${id}: ${key} is out of reach`);
      if (when === undefined) for (const key of keys) decided.add(key);
    }
  }
});
