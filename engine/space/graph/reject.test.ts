/** Spaces whose choices have so many joint states that some are forgotten, and conditions that then exclude. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded, spaceOf } from '../testing.ts';
import type { Decisions } from '../types.ts';
import { NoArchitecture } from './reject.ts';

const ties = Array.from({ length: 14 }, (_, index) => `t${index}`);

/** Every tie is read twice, so that all of them live at once. */
function crowded(condition: string): string {
  const layers = [...ties, ...ties].map((tie) => `  conv 1x1 -> ${tie}`);
  return `space s {
  input 8x8x1
${ties.map((tie) => `  tie ${tie} = 1..8`).join('\n')}
${layers.join('\n')}
  require ${condition}
}
`;
}

const sum = ties.join(' + ');
const sumOf = (decisions: Decisions): number => ties.reduce((all, tie) => all + (decisions[tie] ?? 0) + 1, 0);

test('a condition on more forgotten choices than can be followed leaves the space an upper limit', () => {
  const space = spaceOf(crowded(`${sum} < 45`));
  assert.deepEqual(space.size(), { count: 8n ** 14n, exact: false });
  assert.ok(space.usable);
});

test('what is drawn, changed and crossed keeps to the conditions', () => {
  const space = spaceOf(crowded(`${sum} < 45`));
  const random = seeded(5);
  let first = space.sample(random);
  for (let count = 0; count < 20; count++) {
    const second = space.mutate(first, random);
    assert.ok(sumOf(second) < 45);
    assert.notDeepEqual(second, first);
    const child = space.crossover(first, space.sample(random), random);
    assert.ok(sumOf(child) < 45);
    first = child;
  }
});

test('the extremes go as far as the conditions allow', () => {
  const space = spaceOf(crowded(`${sum} < 45`));
  assert.equal(sumOf(space.extreme('min')), 14);
  assert.equal(sumOf(space.extreme('max')), 44);
});

test('decisions that a condition excludes are explained, and not tried again and again', () => {
  const space = spaceOf(crowded(`${sum} < 45`));
  const highest = Object.fromEntries(ties.map((tie) => [tie, 7]));
  assert.deepEqual(space.normalize(highest), {
    error: 'The architecture is excluded by the `require` on line 45.',
  });
});

test('a space from which nothing can be drawn says so, and which condition it is', () => {
  const space = spaceOf(crowded(`${sum} == 14`));
  assert.throws(
    () => space.sample(seeded(1)),
    (error) =>
      error instanceof NoArchitecture &&
      /^None of 10,000 combinations .* `require` on line 45\. Loosen/.test(error.message),
  );
  assert.equal(space.trySample(seeded(1)), undefined);
  assert.equal(sumOf(space.extreme('max')), 14);
});
