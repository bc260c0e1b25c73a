import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Op } from '../space/network.ts';
import { price } from './price.ts';
import { latencyTerms } from './terms.ts';
import { spaceOf, targetNamed as target } from './testing.ts';

const text =
  'space s {\n  input 32x32x3; conv 3x3 -> 13 stride 2, bn, relu; dwconv 3x3; conv 1x1 -> 20 as a; conv 3x3 -> 20, hswish; add(a); gap; dense -> 10; softmax }';
const space = spaceOf(text);
const network = space.lower(space.extreme('max'));
const shape = (id: number) => network.tensors[id]?.shape ?? [];
const termsOf = (op: Op, on: ReturnType<typeof target>) =>
  latencyTerms(op, op.inputs.map(shape), shape(op.output), on);

for (const board of ['nucleo-f446re', 'nucleo-h743zi', 'pico']) {
  test(`on ${board} the terms of every operator add up to its latency`, () => {
    const on = target({ board });
    const cost = price(network, on);
    for (const [index, op] of network.ops.entries()) {
      const priced = cost.ops[index]?.latencyMs?.value;
      const terms = termsOf(op, on);
      assert.ok(priced !== undefined && terms !== undefined, op.kind);
      const sum = terms.terms.reduce((total, { latencyMs }) => total + latencyMs, 0);
      assert.ok(Math.abs(sum - priced) <= 1e-9 * priced, `${op.kind}: ${sum} and ${priced}`);
      assert.match(terms.basis ?? '', /^What the kernel executes was counted/);
      assert.ok(terms.terms.every(({ counts, amount }) => counts !== '' && amount > 0));
    }
  });
}

test('without data there are no terms', () => {
  const [conv] = network.ops;
  assert.ok(conv !== undefined);
  const { board, runtime, clockHz } = target({ board: 'pico' });
  const unmeasured = { board: { ...board, core: 'another' }, runtime, clockHz };
  assert.equal(termsOf(conv, unmeasured), undefined);
});
