import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorFigures } from './figures.ts';
import type { Observation } from './least-squares.ts';
import { fitMembers, leaveHardwareOut, leaveNetworkOut, type Member } from './transfer.ts';

const shape = { a: 2, b: 5 };
const networks = [
  { a: 100, b: 10 },
  { a: 10, b: 90 },
  { a: 50, b: 50 },
  { a: 400, b: 7 },
];

/** A member whose networks cost `pace` times the common shape. */
function member(id: string, pace: number, count: number, hardware = id): Member {
  const observations = networks.slice(0, count).map((terms, index): Observation => ({
    terms,
    cycles: pace * (shape.a * terms.a + shape.b * terms.b),
    extents: {},
    network: `n${index}`,
    board: id,
    kind: 'network',
    label: id,
  }));
  return { id, core: 'c', runtime: 'r', hardware, observations };
}

test('a member with one network gets the shape of the others at its own pace', () => {
  const fit = fitMembers([member('one', 1, 4), member('two', 3, 1)], shape).get('two');
  assert.ok(Math.abs((fit?.a ?? 0) - 6) < 0.01 && Math.abs((fit?.b ?? 0) - 15) < 0.03, JSON.stringify(fit));
});

test('a network that is left out is predicted from the others, and a board from its siblings', () => {
  const members = [member('one', 1, 4), member('two', 1.5, 4), member('three', 1.5, 4)];
  for (const { ratio } of leaveNetworkOut(members, shape))
    assert.ok(Math.abs(ratio - 1) < 0.01, String(ratio));
  const unseen = leaveHardwareOut(members, shape);
  assert.equal(unseen.length, 12);
  // The mean pace of the other two: sqrt(1 x 1.5) for the third board, which truly has 1.5.
  const third = unseen.find((entry) => entry.member.id === 'three');
  assert.ok(Math.abs((third?.ratio ?? 0) - Math.sqrt(1.5) / 1.5) < 0.01, String(third?.ratio));
});

test('a board whose core and runtime have no other board is not predicted without its rows', () => {
  assert.deepEqual(leaveHardwareOut([member('one', 1, 4)], shape), []);
});

test('figures: median, share within 10 %, ranks with ties, and what an interval holds', () => {
  const predictions = [1.02, 0.95, 1.2, 1.01].map((ratio, index) => ({
    network: `n${index}`,
    measured: 100 * (index + 1),
    ratio,
  }));
  const figures = errorFigures(predictions);
  assert.equal(figures?.median, 0.035);
  assert.equal(figures.withinTenPercent, 0.75);
  assert.equal(figures.rankCorrelation, 1);
  assert.equal(errorFigures(predictions, predictions, 0.5)?.covered, 1);
  assert.equal(errorFigures([]), undefined);
});
