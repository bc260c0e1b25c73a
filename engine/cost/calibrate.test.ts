import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Board, MeasuredLayer } from '../../device-profiles/types.ts';
import { seededRandom } from './random-source.ts';
import { compiledTarget } from './compile.ts';
import { originOfLatency } from './origin.ts';
import { predictLayers } from './predicted.ts';
import { priceOperator } from './operator.ts';
import type { Target } from './target.ts';
import { targetNamed } from './testing.ts';
import { template } from '../operators/catalogue.ts';

type Layer = Omit<MeasuredLayer, 'cycles'>;

/** Layers of three kernels, of many sizes. */
const layers: readonly Layer[] = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n): readonly Layer[] => {
  const side = 4 + n;
  const channels = 4 * n;
  const shape = [side, side, channels];
  const window = { kernel: [3, 3], padding: 'same' };
  return [
    {
      kind: 'conv_2d',
      attributes: { kernel: [1, 1], filters: 16 },
      inputs: [shape],
      output: [side, side, 16],
    },
    { kind: 'conv_2d', attributes: { ...window, filters: 8 }, inputs: [shape], output: [side, side, 8] },
    { kind: 'depthwise_conv_2d', attributes: window, inputs: [shape], output: shape },
  ];
});

const plain = targetNamed({ board: 'nucleo-f446re', runtime: 'tflm + cmsis-nn' });

function withMeasured(measured: readonly MeasuredLayer[]): Target {
  const board: Board = {
    ...plain.board,
    measured: [
      {
        runtime: plain.runtime.id,
        clockHz: plain.clockHz,
        date: '2026-12-01',
        image: '',
        counter: 'CYCCNT',
        layers: measured,
      },
    ],
  };
  return { ...plain, board };
}

/** A board that is a third slower, whose depthwise kernel is a fifth slower still, with two per cent of chance. */
function truth(): readonly MeasuredLayer[] {
  const random = seededRandom(4);
  return predictLayers(plain, layers).map((predicted, at) => {
    const layer = layers[at];
    assert.ok(layer !== undefined && predicted !== undefined);
    const own = layer.kind === 'depthwise_conv_2d' ? 1.6 : 1.33;
    const cycles = predicted.value * own * (1 + 0.02 * (random.nextInt(2001) / 1000 - 1));
    return { ...layer, cycles: { least: cycles, median: cycles } };
  });
}

const formats = { input: 'int8', output: 'int8' } as const;

function priced(target: Target, { kind, attributes, inputs, output }: Layer) {
  const op = template(kind as 'conv_2d', attributes as { filters: number });
  return priceOperator(compiledTarget(target), op, inputs, output, formats);
}

test('ten measured layers tell how fast the board is with the others, and which kernel departs', () => {
  const all = truth();
  const session = all.filter((_, at) => at % 5 < 2);
  assert.equal(session.length, 10);
  const target = withMeasured(session);
  const errors: number[] = [];
  let held = 0;
  for (const layer of all.filter((_, at) => at % 5 >= 2)) {
    const { cycles, origin } = priced(target, layer);
    assert.equal(origin, 'fitted');
    assert.ok(cycles !== undefined);
    errors.push(Math.abs(cycles.value / layer.cycles.median - 1));
    if (cycles.low <= layer.cycles.median && layer.cycles.median <= cycles.high) held++;
  }
  errors.sort((a, b) => a - b);
  // Before, they were off by a quarter at least.
  assert.ok((errors[errors.length >> 1] ?? 1) <= 0.03, String(errors));
  assert.ok(held >= 0.8 * errors.length, `${held} of ${errors.length} in their intervals`);
  assert.match(originOfLatency(target), /10 measurements of your own on ST Nucleo-64 STM32F446RE/);
});

test('one layer moves the others a little, and none leaves them as they were', () => {
  const [first, second] = truth();
  assert.ok(first !== undefined && second !== undefined);
  const before = priced(plain, second).cycles?.value ?? 0;
  const after = priced(withMeasured([first]), second).cycles?.value ?? 0;
  assert.ok(after > 1.03 * before && after < 1.33 * before, `${before} and ${after}`);
  assert.deepEqual(priced(withMeasured([]), second).cycles, priced(plain, second).cycles);
});

test('layers of which nothing is known leave the pace as it was', () => {
  const unknown: MeasuredLayer = {
    kind: 'gelu',
    attributes: {},
    inputs: [[4]],
    output: [4],
    cycles: { least: 5, median: 5 },
  };
  const [first] = layers;
  assert.ok(first !== undefined);
  assert.deepEqual(priced(withMeasured([unknown]), first).cycles, priced(plain, first).cycles);
});
