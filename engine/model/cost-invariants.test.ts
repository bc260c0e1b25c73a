/** What must hold of the cost of any model, whatever operators it has in whatever number formats, on any runtime. */

import { runtimesOf } from '../../device-profiles/able.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveTarget, shippedProfiles, type Target } from '../cost/index.ts';
import { random } from '../train/random.ts';
import { modelCostReport, priceModel, readTflite } from './index.ts';
import { type AnyOperator, type AnyTensor, writeAnyModel } from './testing/any-model.ts';

const targets: readonly Target[] = shippedProfiles.boards.flatMap((board) =>
  runtimesOf(shippedProfiles, board).flatMap(({ id: runtime }) => {
    const resolved = resolveTarget(shippedProfiles, { board: board.id, runtime });
    return 'target' in resolved ? [resolved.target] : [];
  }),
);

const kinds = [
  ['BATCH_MATMUL', 2],
  ['SVDF', 2],
  ['FULLY_CONNECTED', 2],
  ['ADD', 2],
  ['MUL', 2],
  ['RELU', 1],
  ['LOGISTIC', 1],
  ['TRANSPOSE', 1],
  ['DEQUANTIZE', 1],
  ['ABS', 1],
  ['SELECT_V2', 3],
  ['MyKernel', 1],
] as const;
const formats = ['int8', 'int16', 'uint8', 'float32', 'int32', 'bool', 'float16'] as const;

/** A chain of operators on 8x8 numbers whose further inputs are constants, some of them shared. */
function anyChain(seed: number): Uint8Array {
  const source = random(seed, 'chain');
  const pick = <T>(options: readonly T[]): T => {
    const chosen = options[source.int(options.length)];
    assert.ok(chosen !== undefined);
    return chosen;
  };
  const type = pick(formats);
  const tensors: AnyTensor[] = [{ shape: [8, 8], type, scale: [0.5] }];
  const operators: AnyOperator[] = [];
  const constants: number[] = [];
  let last = 0;
  for (let length = 1 + source.int(6); length > 0; length--) {
    const [kind, arity] = pick(kinds);
    const more = Array.from({ length: arity - 1 }, () => {
      const shared = constants[source.int(2 * constants.length + 1)];
      if (shared !== undefined) return shared;
      const data = new Uint8Array(
        64 * (type === 'float32' || type === 'int32' ? 4 : type.endsWith('16') ? 2 : 1),
      );
      constants.push(tensors.push({ shape: [8, 8], type, data, scale: [0.25] }) - 1);
      return tensors.length - 1;
    });
    const output = tensors.push({ shape: [8, 8], type, scale: [0.5] }) - 1;
    operators.push({ kind, inputs: [last, ...more], outputs: [output] });
    last = output;
  }
  return writeAnyModel([{ name: 'main', tensors, inputs: [0], outputs: [last], operators }]);
}

test('parts are no larger than the file, arithmetic has no price of bytes, and a sum is no surer than its parts', () => {
  let priced = 0;
  for (let seed = 0; seed < 150; seed++) {
    const bytes = anyChain(seed);
    const model = readTflite(bytes, 'x');
    assert.notEqual(model.network, undefined, JSON.stringify(model.problems));
    for (const target of targets) {
      const where = `seed ${seed}, ${target.board.id}, ${target.runtime.id}`;
      const { layers, total } = modelCostReport(priceModel(model, target));
      const flash = layers.reduce((sum, layer) => sum + layer.flash_bytes, 0);
      assert.ok(flash <= bytes.length && total.flash_bytes === bytes.length, where);
      // Counts know arithmetic; where there are none, bytes say nothing of it.
      for (const { op, macs, latency_ms } of layers)
        assert.ok(target.build !== undefined || op !== 'other' || macs === 0 || latency_ms === null, where);
      const timed = layers.flatMap(({ latency_ms }) => latency_ms ?? []);
      if (total.latency_ms === null) continue;
      priced += 1;
      assert.equal(timed.length, layers.length, where);
      const { value, low, high } = total.latency_ms;
      for (const part of timed) {
        if (part.value < value / 2) continue;
        // Numbers of a report have six digits.
        assert.ok(value - low >= (part.value - part.low) * 0.9999, where);
        assert.ok(high - value >= (part.high - part.value) * 0.9999, where);
      }
    }
  }
  assert.ok(priced > 100, `${priced} with a latency`);
});
