/** All flash and all RAM: no architecture takes less or more than is said, visited or not. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundSpace, type SpaceBounds } from './bounds.ts';
import { createPricer } from './pricer.ts';
import { spaceOf, targetNamed } from './testing.ts';
import type { Bound } from './types.ts';
import { constraintVerdict } from './verdict.ts';

const targets = [
  targetNamed({ board: 'nucleo-f446re' }),
  targetNamed({ board: 'nucleo-h743zi', runtime: 'tinyengine' }),
  targetNamed({ board: 'nucleo-h7a3zi-q', runtime: 'x-cube-ai 8' }),
];

const statement = fc.constantFrom(
  'conv {1 | 3} -> {4 | 6}, relu ?',
  'dwconv {3 | 5}, hswish ?',
  'U({4 | 8}) x0..2',
  '{conv 1x1 -> 4 | maxpool 2x2}',
  'choice { a: conv 3x3 -> 4; b: none }',
  'conv 3x3 -> 64 stride 2',
);
const text = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map(
    (lines) =>
      `block U(out) { conv 1x1 -> out, relu; skip add when out == in } space s { input 12x12x3; ${lines.join('; ')}; gap; dense -> 3 }`,
  );

function holds(bound: Bound | undefined, value: number | undefined, what: string): void {
  assert.equal(bound === undefined, value === undefined, what);
  if (bound === undefined || value === undefined) return;
  assert.ok(bound.low <= value && value <= bound.high, `${what}: ${value} in ${bound.low} to ${bound.high}`);
}

test('all that a program takes lies within its bounds', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(...targets), (source, target) => {
      const space = spaceOf(source);
      if (space.size().count > 600n) return;
      const pricer = createPricer(space, target);
      // Visited, and by sums alone.
      const all: readonly SpaceBounds[] = [
        boundSpace(space, target),
        boundSpace(space, target, { visit: 0n }),
      ];
      for (const decisions of space.enumerate()) {
        const totals = pricer.price(decisions);
        for (const { program, runtimeFlashBytes } of all) {
          holds(program.flashBytes, totals['flash total']?.value, 'flash total');
          holds(program.ramBytes, totals['ram total']?.value, 'ram total');
          holds(runtimeFlashBytes, totals.runtimeFlashBytes?.value, 'runtime');
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a limit on all flash counts the runtime, and is unknown where its size is', () => {
  const space = spaceOf('space s { input 8x8x3; conv 3x3 -> {4 | 8}; gap; dense -> 2 }');
  const limit = (total: boolean) => ({
    metric: total ? ('flash total' as const) : ('flash' as const),
    operator: '<' as const,
    bound: 32 * 1024,
    on: undefined,
    source: { file: 'x', line: 0, start: 0, end: 0 },
  });
  const verdict = (target: (typeof targets)[number], total: boolean) =>
    constraintVerdict(boundSpace(space, target), limit(total)).verdict;
  const [known] = targets;
  assert.ok(known !== undefined);
  assert.equal(verdict(known, false), 'always');
  assert.equal(verdict(known, true), 'impossible');
  assert.equal(verdict(targetNamed({ board: 'pico', runtime: 'nasturtium-probe' }), true), 'unknown');
});
