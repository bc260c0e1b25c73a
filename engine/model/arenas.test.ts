/** Arenas as planned beside those of TensorFlow Lite Micro itself: see `test/fixtures/arenas/README.md`. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { resolveTarget, shippedProfiles, type Target } from '../cost/index.ts';
import { priceModel, readTflite } from './index.ts';

const fixtures = path.resolve(import.meta.dirname, '../../test/fixtures');
const unpacked = (name: string): Buffer => gunzipSync(readFileSync(path.join(fixtures, 'arenas', name)));

type Model = ReturnType<typeof readTflite>;

/** By name: those made for the purpose, and published ones. */
function readModels(): (name: string) => Model | undefined {
  const all = unpacked('models.bin.gz');
  const line = all.indexOf('\n');
  const index = JSON.parse(all.toString('utf8', 0, line)) as [string, number][];
  const known = new Map<string, Model>();
  let at = line + 1;
  for (const [name, bytes] of index) {
    known.set(name, readTflite(new Uint8Array(all.subarray(at, at + bytes)), name));
    at += bytes;
  }
  return (name) => {
    const file = path.join(fixtures, 'tflite', `${name}.tflite`);
    if (!known.has(name) && existsSync(file)) known.set(name, readTflite(readFileSync(file), name));
    return known.get(name);
  };
}

const boards = { m4: 'nucleo-f446re', m33: 'nucleo-l552ze-q', m55: 'corstone-300', m0p: 'pico' } as const;

/** The target of a build: its core by a board that has it. */
function targetOf(build: string): Target {
  const core = (['m4', 'm33', 'm55', 'm0p'] as const).find((each) => build.includes(`-${each}-`)) ?? 'm4';
  const isOld = build.startsWith('old-');
  const runtime = build.includes('cn-') ? `tflm + cmsis-nn ${isOld ? '2021.12' : '7.0'}` : 'tflm';
  const resolved = resolveTarget(shippedProfiles, { board: boards[core], runtime });
  assert.ok('target' in resolved, build);
  const { target } = resolved;
  if (!isOld) return target;
  const memory = { ...target.runtime.memory, sourcesOf: '2021-12' };
  return { ...target, runtime: { ...target.runtime, memory } };
}

interface Row {
  readonly model: string;
  readonly head: number;
  readonly tail: number;
  /** 0 where it is not known. */
  readonly least: number;
}

function readRows(): ReadonlyMap<string, readonly Row[]> {
  const [, ...lines] = unpacked('arenas.csv.gz').toString('utf8').trimEnd().split('\n');
  const builds = new Map<string, Row[]>();
  for (const line of lines) {
    const [build = '', model = '', head, tail, least] = line.split(',');
    const row = { model, head: Number(head), tail: Number(tail), least: Number(least) };
    const known = builds.get(build);
    if (known === undefined) builds.set(build, [row]);
    else known.push(row);
  }
  return builds;
}

const rows = readRows();
const modelOf = readModels();

test('there are rows of every build, and models of nearly all', () => {
  assert.equal(rows.size, 12);
  for (const [build, own] of rows) {
    assert.ok(own.filter(({ model }) => modelOf(model) !== undefined).length > 500, build);
  }
});

for (const [build, own] of rows) {
  test(`arenas of ${build} suffice, and are within 2 % or 100 bytes of the least that does`, () => {
    const target = targetOf(build);
    for (const { model, head, tail, least } of own) {
      const read = modelOf(model);
      if (read === undefined) continue;
      const { total, graphs } = priceModel(read, target);
      const memory = graphs[0]?.cost.memory;
      assert.equal(memory?.headBytes, head, `${model}: head`);
      const excess = memory.tailBytes - tail;
      assert.ok(excess >= 0 && excess <= Math.max(100, 0.02 * (head + tail)), `${model}: tail + ${excess}`);
      if (least === 0) continue;
      const over = total.ram.value - least;
      assert.ok(over >= 0 && over <= Math.max(100, 0.02 * least), `${model}: ${least} + ${over}`);
    }
  });
}
