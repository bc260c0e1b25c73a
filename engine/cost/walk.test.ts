/** The one walk for all costs beside the space's own, which visits every operator through a measure of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundSpace } from './bounds.ts';
import { compiledTarget } from './compile.ts';
import { priceOperator } from './operator.ts';
import { measureQuantities } from './quantities.ts';
import { statementBounds } from '../space/testing/statement-bounds.ts';
import type { AdditiveMeasure } from '../space/types.ts';
import { spaceOf, targetNamed } from './testing.ts';

const statement = fc.constantFrom(
  'conv {1 | 3} -> {4 | 6 | 10}, relu',
  'conv 3x3 -> c stride {1 | 2}, bn, hswish ?',
  'U({4 | 8}) x0..2',
  'U(c) x1..2 same',
  '{ conv 1x1 -> 8; maxpool 2x2 stride 2 } x0..1',
  'choice { a: conv 5x5 -> c; b: { dwconv 3; U(6) } }',
  'conv 3x3 -> 8 groups {1 | 2}',
);
const target = targetNamed({ board: 'nucleo-f446re' });
const int8 = { input: 'int8', output: 'int8' } as const;
const badness = { fast: 0, slow: 1, none: 2 } as const;

test('sums, instances and support are those of a walk that asks for each operator by itself', () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 4 }), (lines) => {
      const space = spaceOf(
        `block U(out) { conv 1x1 -> out, relu; dwconv {3 | 5}; skip add when out == in }
         space s { input 12x12x4; tie c = {4 | 8}; ${lines.join('; ')}; gap; dense -> 3 }`,
      );
      const measure: AdditiveMeasure = {
        width: 3,
        measure(op, inputs, output, out) {
          const { macs, parameters } = measureQuantities(op, inputs, output);
          const { support } = priceOperator(compiledTarget(target), op, inputs, output, int8);
          out.set([macs, parameters, badness[support.level]]);
        },
      };
      const bounds = boundSpace(space, target);
      const [macs, parameters] = space.bounds(measure);
      assert.deepEqual(bounds.total.macs, macs);
      assert.deepEqual(bounds.total.parameters, parameters);
      const found = new Map([...bounds.statements, ...bounds.holders].map((each) => [each.statement, each]));
      for (const each of statementBounds(space, measure)) {
        const own = found.get(each.statement);
        // What never comes to an operator has no account.
        if (own === undefined) {
          assert.ok(each.high.every((high) => high === 0));
          continue;
        }
        assert.deepEqual(own.instances, { low: each.least, high: each.most });
        const near = (actual: number, wanted: number | undefined): void =>
          assert.ok(Math.abs(actual - (wanted ?? NaN)) <= 1e-6 * Math.max(1, actual));
        near(own.metrics.macs.low, each.low[0]);
        near(own.metrics.macs.high, each.high[0]);
        near(own.metrics.parameters.low, each.low[1]);
        near(own.metrics.parameters.high, each.high[1]);
        if (own.example !== undefined) {
          assert.equal(own.support.worst.level === 'fast', each.high[2] === 0);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a layer is always as badly off only when every instance is', () => {
  const space = spaceOf('space s { input 12x12x4; conv 3x3 -> {8 | 10}; conv 3x3 -> 10; gap; dense -> 4 }');
  const levels = boundSpace(space, target).statements.map(({ support }) => [
    support.worst.level,
    support.always,
  ]);
  assert.deepEqual(levels.slice(0, 2), [
    ['slow', false],
    ['slow', true],
  ]);
});
