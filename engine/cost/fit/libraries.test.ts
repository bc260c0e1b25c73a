import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { loadProfiles } from '../../../device-profiles/load.ts';
import type { Runtime } from '../../../device-profiles/types.ts';
import { price } from '../price.ts';
import { template } from '../../operators/catalogue.ts';
import type { Op } from '../../space/network.ts';
import { resolveTarget, shippedProfiles } from '../resolve.ts';
import { fitLibrary } from './fit-library.ts';
import { OperatorCalibration } from './operator-intervals.ts';
import { parseLibraries } from './libraries.ts';
import type { MeasuredRow } from './observations.ts';
import { readNetwork } from './read.ts';

const docs = path.join(import.meta.dirname, '..', '..', '..', 'docs');
const example = (file: string) => ({
  path: file,
  text: readFileSync(path.join(docs, '..', 'examples', 'own-board', '.nasturtium', file), 'utf8'),
});
const files = [example('boards/teensy-4-1.json'), example('runtimes/my-kernels.json')];

/** The fit that docs/adding-a-board.md shows. */
function documentedLibrary() {
  const page = readFileSync(path.join(docs, 'adding-a-board.md'), 'utf8');
  const text = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const [library] = parseLibraries(`{ "libraries": [${text}] }`);
  assert.ok(library !== undefined);
  return library;
}

const row = (network: string, cycles: number): MeasuredRow => ({
  source: 'test',
  board: 'Teensy 4.1',
  mcu: 'MIMXRT1062',
  core: 'Cortex-M7',
  clock_mhz: '600',
  runtime: 'my-kernels 1',
  kernels: 'C',
  model_or_layer: network,
  cycles: String(cycles),
  model_json: network,
  kind: 'e2e',
  note: '',
});

test('the board and the runtime of the page load, and give memory without latency before there are measurements', () => {
  const loaded = loadProfiles(files);
  assert.deepEqual(loaded.problems, []);
  const resolved = resolveTarget(loaded, { board: 'teensy41', runtime: 'my-kernels' });
  assert.ok('target' in resolved);
  const cost = price(readNetwork('mlperf_tiny_kws_dscnn_int8'), resolved.target);
  assert.equal(cost.total.latency, undefined);
  assert.ok(cost.total.ram.value > 16_000);
  assert.match(cost.ops[0]?.note ?? '', /No published measurement supports a latency of My own kernels/);
});

/** No errors to judge by: intervals are those of operators of which nothing is known. */
const operators = new OperatorCalibration([]);

test('two measured networks and the JSON of the page give it a latency', () => {
  const library = documentedLibrary();
  const runtime = loadProfiles(files).runtimes.find(({ id }) => id === 'my-kernels');
  assert.ok(runtime !== undefined);
  const runtimes = new Map([['my-kernels', { id: runtime.id, paths: runtime.latency.paths }]]);
  const rows = [
    row('mlperf_tiny_kws_dscnn_int8', 16e6),
    row('mlperf_tiny_ic_resnet8_int8', 60e6),
    { ...row('mlperf_tiny_ad_autoencoder_int8', 9e9), board: 'another board' },
  ];
  const fitted = fitLibrary({ library, prior: library.prior, rows, runtimes, readNetwork, operators });
  const profiles = fitted.profiles.get('my-kernels') ?? [];
  assert.equal(profiles[0]?.network.rows, 2);
  const withLatency: Runtime = { ...runtime, latency: { ...runtime.latency, profiles } };
  const loaded = loadProfiles(files.slice(0, 1));
  const resolved = resolveTarget(
    { boards: loaded.boards, runtimes: [withLatency] },
    { board: 'teensy-4-1', runtime: 'my-kernels' },
  );
  assert.ok('target' in resolved);
  const latency = price(readNetwork('mlperf_tiny_kws_dscnn_int8'), resolved.target).total.latency;
  assert.ok(
    latency !== undefined && Math.abs(latency.value / (16e6 / 600e3) - 1) < 0.25,
    String(latency?.value),
  );
  assert.ok(latency.high / latency.low > 1.5, 'two networks make a rough figure, and the interval says so');
});

test('two boards with one core make a profile for boards that were not measured, and a core can be carried to', () => {
  const library = documentedLibrary();
  const runtime = loadProfiles(files).runtimes.find(({ id }) => id === 'my-kernels');
  const [first] = library.members;
  assert.ok(first !== undefined && runtime !== undefined);
  const second: typeof first = {
    ...first,
    id: 'second',
    boards: [],
    hardware: 'another board',
    helper: true,
    accepts: ({ board }) => board === 'another board',
  };
  const carriedTo = [{ runtimeFile: 'my-kernels', core: 'cortex-m33', from: first.id, pace: 2 }];
  const networks = ['kws_dscnn', 'ic_resnet8'].map((name) => `mlperf_tiny_${name}_int8`);
  const rows = networks.flatMap((name, at) => [
    row(name, 20e6 * (at + 1)),
    { ...row(name, 24e6 * (at + 1)), board: 'another board' },
  ]);
  const fitted = fitLibrary({
    library: { ...library, carriedTo, members: [first, second] },
    prior: library.prior,
    rows,
    runtimes: new Map([['my-kernels', { id: runtime.id, paths: runtime.latency.paths }]]),
    readNetwork,
    operators,
  });
  const profiles = fitted.profiles.get('my-kernels') ?? [];
  assert.deepEqual(
    profiles.map(({ id, boards }) => [id, boards.length]),
    [
      ['cortex-m7', 0],
      [first.id, 1],
      ['cortex-m33-carried', 0],
    ],
  );
  const [unseen, own, carried] = profiles.map(({ paths }) => paths.conv?.cycles.macs ?? 0);
  assert.ok((unseen ?? 0) > (own ?? 0), 'between the two boards');
  assert.ok(Math.abs((carried ?? 0) / (own ?? 1) - 2) < 1e-3);
  assert.equal(profiles[2]?.carriedFrom, 'cortex-m7');
});

test('a fit that is not as its schema says is told by place', () => {
  const text = JSON.stringify({
    libraries: [{ id: 'x', rows: 'somewhere', prior: 'cmsis-nn', profiles: [] }],
  });
  assert.throws(() => parseLibraries(text), /libraries\.json: \/libraries\/0\/rows/);
});

test('adding and multiplying with ESP-NN lie beside its own unit tests', () => {
  const elements = 12_800;
  const perOutput = (board: string, kind: 'add' | 'mul'): number => {
    const answer = resolveTarget(shippedProfiles, { board });
    assert.ok('target' in answer);
    const tensors = [0, 1, 2].map((id) => ({ id, shape: [elements], dtype: 'int8' as const }));
    const source = { file: 'a', line: 0, start: 0, end: 0 };
    const op: Op = {
      ...template(kind, {}),
      index: 0,
      name: kind,
      inputs: [0, 1],
      output: 2,
      moreOutputs: [],
      source,
    };
    const { ops } = price({ name: 'a', tensors, inputs: [0, 1], outputs: [2], ops: [op] }, answer.target);
    return (ops[0]?.cycles?.value ?? NaN) / elements;
  };
  // Cycles per output with data outside the chip: esp-nn, README.md, kernelwise performance. In assembly on the ESP32-S3:
  for (const [kind, published] of [
    ['add', 74_440 / 1615],
    ['mul', 35_002 / 1615],
  ] as const) {
    const ratio = perOutput('esp32-s3-devkitc-1', kind) / published;
    assert.ok(ratio > 0.6 && ratio < 1.05, `${kind}: ${ratio}`);
  }
  // In C, which the ESP32 and the ESP32-C3 run, on the same chip:
  for (const [kind, published] of [
    ['add', 281_337 / 1615],
    ['mul', 122_703 / 1615],
  ] as const) {
    for (const board of ['esp32-devkitc', 'esp32-c3-devkitm-1']) {
      const ratio = perOutput(board, kind) / published;
      assert.ok(ratio > 0.6 && ratio < 1.3, `${board} ${kind}: ${ratio}`);
    }
  }
});
