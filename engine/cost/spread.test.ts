/** Every quantity of every operator that a frame encloses lies between those of its corners. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyLayer } from '../space/program/layer.ts';
import type { LayerOp } from '../space/program/layer.ts';
import { TensorTypes } from '../space/program/tensor-types.ts';
import type { Value } from '../operators/values.ts';
import { measureQuantities, quantityNames } from './quantities.ts';
import { compileForm, formIn } from './form.ts';
import { hullOf } from './spread.ts';

const types = new TensorTypes();

interface Case {
  readonly operator: string;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly size: readonly number[];
  /** What the number of channels put out is called, if it is written. */
  readonly channels?: string;
  readonly inputs?: number;
}

const cases: readonly Case[] = [
  ...[1, 3, 5].flatMap((operand) =>
    [1, 2].flatMap((stride): Case[] => [
      { operator: 'conv', attributes: { operand, stride }, size: [7, 6], channels: 'output' },
      { operator: 'dwconv', attributes: { operand, stride }, size: [7, 6], channels: 'multiplier' },
      { operator: 'maxpool', attributes: { operand, stride, padding: 'valid' }, size: [7, 6] },
    ]),
  ),
  {
    operator: 'conv',
    attributes: { operand: 3, dilation: 2, bias: 'off' },
    size: [8, 8],
    channels: 'output',
  },
  { operator: 'dense', attributes: {}, size: [], channels: 'output' },
  { operator: 'dense', attributes: {}, size: [3, 3], channels: 'output' },
  { operator: 'pad', attributes: { operand: 1 }, size: [5, 4], channels: 'channels' },
  { operator: 'gap', attributes: {}, size: [5, 4] },
  { operator: 'flatten', attributes: {}, size: [5, 4] },
  { operator: 'hswish', attributes: {}, size: [5, 4] },
  { operator: 'upsample', attributes: { operand: 2 }, size: [5, 4] },
  { operator: 'add', attributes: {}, size: [5, 4], inputs: 2 },
];

const numbers: readonly (readonly [low: number, high: number, step: number])[] = [
  [1, 19, 1],
  [2, 18, 2],
  [4, 20, 4],
  [16, 48, 16],
];

function built(
  { operator, attributes, size, channels, inputs = 1 }: Case,
  given: number,
  made: number,
): LayerOp {
  const input = types.of([...size, given], 'int8');
  const result = applyLayer({
    operator,
    attributes: new Map<string, Value>([
      ...Object.entries(attributes),
      ...(channels === undefined ? [] : [[channels, made] as const]),
    ]),
    followers: [],
    inputs: Array.from({ length: inputs }, () => input),
    types,
    remedy: undefined,
  });
  assert.ok('ops' in result);
  const [op] = result.ops;
  assert.ok(op !== undefined);
  return op;
}

/** What loops over a few values at a time leave of each quantity that channels decide. */
const divided = (['inputChannels', 'outputChannels', 'windowSize', 'outputs', 'weights'] as const).flatMap(
  (name) => [
    { [`floor(${name}/4)`]: 3, [`${name}%4`]: -2 },
    { [`floor(${name}%16/4)*ceil(outputChannels/16)`]: 1, [`[${name}%4==1]*pixels`]: -1 },
    { [`[${name}<16]`]: 5, [`[${name}==8]*${name}%2`]: 1, '1': 7 },
  ],
);

const measured = ({ template, inputs, output }: LayerOp): ReturnType<typeof measureQuantities> =>
  measureQuantities(
    template,
    inputs.map(({ shape }) => shape),
    output.shape,
  );

for (const each of cases) {
  const { operator, attributes, channels } = each;
  test(`${operator} ${JSON.stringify(attributes)} is enclosed by its corners`, () => {
    for (const [low, high, step] of numbers) {
      const made = channels === undefined ? [1, 1] : [low, high];
      const corners = [low, high].flatMap((given) => made.map((count) => built(each, given, count)));
      const makes = operator === 'conv' || operator === 'dense' ? step : 1;
      const hull = hullOf({ corners, inputStep: step, outputStep: makes });
      for (let given = low; given <= high; given += step) {
        for (let count = made[0] ?? 1; count <= (made[1] ?? 1); count += step) {
          const inside = measured(built(each, given, count));
          for (const name of quantityNames) {
            const where = `${name} of ${given} to ${count}: ${inside[name]}`;
            assert.ok(hull.low[name] <= inside[name] && inside[name] <= hull.high[name], where);
          }
          for (const form of divided) {
            const [value, bounds] = [compileForm(form)(inside), formIn(form, hull)];
            const where = `${JSON.stringify(form)} of ${given} to ${count}: ${value}`;
            assert.ok(bounds.low <= value && value <= bounds.high, where);
          }
        }
      }
    }
  });
}
