/** Files that are cut off or damaged: priced, or refused in words; never a crash, a hang or a number that is none. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { resolveTarget, shippedProfiles, type Target } from '../cost/index.ts';
import { int8Cases } from '../train/int8/testing.ts';
import { random } from '../train/random.ts';
import { costDetail, costHtml, exportTflite, modelCostReport, priceModel, readTflite } from './index.ts';
import { manyOperators } from './testing/many-operators.ts';
import {
  deepModel,
  hybrid,
  severalGraphs,
  strangeOperators,
  withZeroChannels,
  withZeroChannelsInside,
} from './testing/odd-models.ts';

const fixtures = path.resolve(import.meta.dirname, '../../test/fixtures/tflite');
const fixture = (name: string) => new Uint8Array(readFileSync(path.join(fixtures, `${name}.tflite`)));

const models: Readonly<Record<string, Uint8Array>> = {
  'many operators': exportTflite(manyOperators()),
  'several graphs': severalGraphs(),
  'strange operators': strangeOperators(),
  hybrid: hybrid(),
  'zero channels': withZeroChannels('uint8', 128),
  'zero channels inside': withZeroChannelsInside(),
  'hello world': fixture('tflm_hello_world_int8'),
  'micro speech': fixture('tflm_micro_speech_int8'),
  clothes: fixture('nasturtium_clothes_int8'),
  'variables and a graph that runs once': fixture('field/call_once'),
  'a product of matrices': fixture('field/bmm'),
  'operators with states': fixture('field/svdf3'),
};

/** Of every operator that can be exported. */
const examples = new Map(int8Cases().map(({ name, quantized }) => [name, exportTflite(quantized)]));

function target(board: string, runtime?: string): Target {
  const resolved = resolveTarget(shippedProfiles, { board, runtime });
  assert.ok('target' in resolved);
  return resolved.target;
}

const targets = [target('nucleo-f446re'), target('pico', 'tflm'), target('nucleo-h7a3zi-q', 'x-cube-ai 9')];

/** Of processor time, which a busy machine does not stretch; the usual is a millisecond. */
const limitMs = 1000;

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersOf);
}

/** Returns whether it was priced. */
function survives(bytes: Uint8Array, at: Target): boolean {
  const start = process.cpuUsage();
  const model = readTflite(bytes, 'fuzz.tflite');
  for (const { message } of model.problems) assert.match(message, /^["A-Z0-9].*\.$/s);
  if (model.network === undefined) {
    const [problem] = model.problems;
    // What is wrong, and what to do about it.
    assert.equal(problem?.severity, 'error');
    assert.match(problem.message, /\. (Copy|Convert|Choose) .*\.$/s);
    return false;
  }
  const priced = priceModel(model, at);
  const detail = costDetail(priced, 'fuzz', model.problems);
  for (const number of numbersOf([modelCostReport(priced), detail])) assert.ok(Number.isFinite(number));
  assert.match(costHtml(detail), /<\/html>\n$/);
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  assert.ok(ms < limitMs, `It took ${ms} ms.`);
  return true;
}

describe('a damaged model is priced or refused in words', () => {
  for (const [name, bytes] of Object.entries(models)) {
    test(`${name}, cut at any byte`, () => {
      assert.ok(survives(bytes, targets[0] as Target));
      const step = Math.max(1, Math.floor(bytes.length / 500));
      for (let length = 0; length < bytes.length; length += step) {
        survives(bytes.subarray(0, length), targets[length % 2] as Target);
      }
    });

    test(`${name}, with other bytes in it`, () => {
      const place = fc.oneof(fc.nat(bytes.length - 1), fc.nat(Math.min(bytes.length, 2000) - 1));
      const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128, 255));
      const damage = fc.array(fc.tuple(place, byte), { minLength: 1, maxLength: 6 });
      let priced = 0;
      fc.assert(
        fc.property(damage, fc.constantFrom(...targets), (changes, at) => {
          const damaged = bytes.slice();
          for (const [position, value] of changes) damaged[position] = value;
          if (survives(damaged, at)) priced++;
        }),
        { numRuns: 600, seed: 11 },
      );
      // Damage that is refused at the door would test the door only.
      assert.ok(priced > 50, `Only ${priced} were priced.`);
    });
  }
});

test('a window or a tensor of absurd size costs no time', () => {
  for (const bytes of [exportTflite(manyOperators()), ...examples.values()]) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Every small number of the file in turn becomes a great one: among them are all sizes, strides and windows.
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      const value = view.getInt32(at, true);
      if (value < 1 || value > 64) continue;
      view.setInt32(at, 1 << 19, true);
      survives(bytes, targets[0] as Target);
      view.setInt32(at, value, true);
    }
  }
});

test('no operator is read out of bounds, whichever byte of its file is another', () => {
  for (const [name, bytes] of examples) {
    const source = random(name, 'damage');
    assert.ok(survives(bytes, targets[0] as Target), name);
    for (let at = 0; at < bytes.length; at += 1 + source.int(64)) {
      const before = bytes[at] ?? 0;
      bytes[at] = [0, 1, 127, 128, 255, source.int(256)][source.int(6)] ?? 0;
      survives(bytes, targets[source.int(targets.length)] as Target);
      bytes[at] = before;
    }
  }
});

test('a model of many layers is priced in a moment', () => {
  assert.ok(survives(deepModel(200), targets[0] as Target));
});
