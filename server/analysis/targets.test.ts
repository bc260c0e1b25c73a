/** Targets that nobody knows: for a few of them what was meant is looked for, and thousands are told all the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../testing/fixture.ts';
import { resolvedTargets } from './targets.ts';

test('of very many wrong targets the first are told what was meant', () => {
  const targets = Array.from({ length: 2000 }, (_, index) => `target "nucleo-f446r${index}"\n`);
  const { snapshot } = fixture(targets.join(''));
  const problems = resolvedTargets(snapshot).map(({ problem }) => problem);
  assert.equal(problems.length, 2000);
  assert.equal(problems[0]?.suggestion, 'nucleo-f446re');
  assert.match(problems.at(-1)?.message ?? '', /There is no board "nucleo-f446r1999"/);
  assert.ok(problems.filter((problem) => problem?.suggestion !== undefined).length < 200);
});
