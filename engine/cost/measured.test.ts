import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Board, MeasuredLayer } from '../../device-profiles/types.ts';
import { template } from '../operators/catalogue.ts';
import type { Shape } from '../space/network.ts';
import { compiledTarget } from './compile.ts';
import { priceOperator } from './operator.ts';
import type { Target } from './target.ts';
import { targetNamed } from './testing.ts';

const shape: Shape = [14, 14, 8];
const output: Shape = [14, 14, 24];
const layer: MeasuredLayer = {
  kind: 'conv_2d',
  attributes: { kernel: [1, 1], filters: 24 },
  inputs: [shape],
  output,
  cycles: { least: 700_000, median: 700_100 },
};

function measuredTarget(layers: readonly MeasuredLayer[], clockHz?: number): Target {
  const target = targetNamed({ board: 'nucleo-f446re', runtime: 'tflm + cmsis-nn' });
  const board: Board = {
    ...target.board,
    measured: [
      {
        runtime: target.runtime.id,
        clockHz: clockHz ?? target.clockHz,
        date: '2026-12-01',
        image: '0'.repeat(64),
        counter: 'CYCCNT',
        layers,
      },
    ],
  };
  return { ...target, board };
}

const formats = { input: 'int8', output: 'int8' } as const;
const conv = template('conv_2d', { kernel: [1, 1], filters: 24 });

test('a layer that was measured costs what it took, and says when', () => {
  const target = measuredTarget([layer]);
  const { cycles, origin, note } = priceOperator(compiledTarget(target), conv, [shape], output, formats);
  assert.equal(origin, 'measured');
  assert.equal(cycles?.value, 700_100);
  assert.ok(cycles.low < 700_000 && cycles.high > 700_100);
  assert.equal(note, `Measured on ${target.board.name} on 2026-12-01.`);
});

test('activation and folded batch normalisation take nothing of their own: the layer is the same', () => {
  const folded = template('conv_2d', { kernel: [1, 1], filters: 24, activation: 'relu', batchNorm: true });
  const { origin } = priceOperator(compiledTarget(measuredTarget([layer])), folded, [shape], output, formats);
  assert.equal(origin, 'measured');
});

test('other clocks and what is no layer stay as they were', () => {
  const target = targetNamed({ board: 'nucleo-f446re', runtime: 'tflm + cmsis-nn' });
  const price = (measured: Target) => priceOperator(compiledTarget(measured), conv, [shape], output, formats);
  const plain = price(target);
  for (const measured of [
    measuredTarget([layer], 84e6),
    measuredTarget([{ ...layer, kind: 'gone' }]),
    // A file may be anybody's: what is no layer counts as not measured.
    measuredTarget([{ ...layer, attributes: { kernel: 'x' } }]),
    measuredTarget([{ ...layer, kind: 'transpose', attributes: { axes: 5 } }]),
  ]) {
    assert.deepEqual(price(measured), plain);
  }
});

test('the same layer in another number format was not measured', () => {
  const floats = { input: 'float32', output: 'float32' } as const;
  const { origin } = priceOperator(compiledTarget(measuredTarget([layer])), conv, [shape], output, floats);
  assert.notEqual(origin, 'measured');
});
