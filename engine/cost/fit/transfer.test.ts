import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calibration, type Residual } from './calibration.ts';
import { errorFigures } from './figures.ts';
import type { Observation } from './least-squares.ts';
import { leaveNetworkOutNested } from './nested.ts';
import { estimateScaleFactors } from './scale-factors.ts';
import { fitMembers, leaveHardwareOut, leaveNetworkOut, type Member } from './transfer.ts';

const shape = { a: 2, b: 5 };
const networks = [
  { a: 100, b: 10 },
  { a: 10, b: 90 },
  { a: 50, b: 50 },
  { a: 400, b: 7 },
];

/** A member whose networks cost `scaleFactor` times the common shape. */
function member(
  id: string,
  scaleFactor: number,
  count: number,
  { core = 'c', version = 'v', hardware = id }: Partial<Member> = {},
): Member {
  const observations = networks.slice(0, count).map((terms, index): Observation => ({
    terms,
    cycles: scaleFactor * (shape.a * terms.a + shape.b * terms.b),
    extents: {},
    network: `n${index}`,
    board: id,
    kind: 'network',
    label: id,
  }));
  return { id, core, version, runtime: 'r', hardware, observations };
}

const near = (actual: number | undefined, expected: number, share: number): void => {
  assert.ok(Math.abs((actual ?? 0) / expected - 1) < share, `${actual}, not ${expected}`);
};

test('a core with one measured network gets the shape of the others nearly at its own scale', () => {
  const members = [member('one', 1, 4), member('two', 3, 1, { core: 'd' })];
  const fit = fitMembers(members, shape).get('two');
  near(fit?.a, 6, 0.1);
  near((fit?.b ?? 0) / (fit?.a ?? 1), 2.5, 0.2);
});

test('a board that departs from its core and version with one row is believed only in part', () => {
  const members = [member('one', 1, 4), member('two', 1, 4), member('three', 2, 1)];
  const three = fitMembers(members, shape).get('three');
  const predicted = ((three?.a ?? 0) * 100 + (three?.b ?? 0) * 10) / 250;
  assert.ok(predicted > 1.2 && predicted < 2, String(predicted));
});

test('a network that is left out is predicted from the others, and a board from its core and version', () => {
  const members = [
    member('new on c', 1, 4),
    member('old on c', 1.5, 4, { version: 'old', hardware: 'other' }),
    member('new on d', 2, 4, { core: 'd' }),
    member('old on d', 3, 4, { core: 'd', version: 'old' }),
  ];
  for (const { ratio } of leaveNetworkOut(members, shape)) near(ratio, 1, 0.02);
  const unseen = leaveHardwareOut(members, shape).filter((entry) => entry.member.id === 'old on d');
  assert.equal(unseen.length, 4);
  // What the core takes more and what the version takes more go together: 2 x 1.5.
  // Each part is drawn towards 0, so a little is missing.
  for (const { ratio } of unseen) near(ratio, 1, 0.15);
});

test('a board whose core or version no other board has is not predicted without its rows', () => {
  assert.deepEqual(leaveHardwareOut([member('one', 1, 4)], shape), []);
  const unrelated = [member('one', 1, 4), member('two', 1, 4, { version: 'w' })];
  assert.deepEqual(leaveHardwareOut(unrelated, shape), []);
});

test('a build with one network is not judged by leaving it out', () => {
  const judged = leaveNetworkOut([member('one', 1, 4), member('two', 3, 1)], shape);
  assert.deepEqual([...new Set(judged.map((entry) => entry.member.id))], ['one']);
});

test('settings chosen without the network predict every network once', () => {
  const members = [member('one', 1, 4), member('two', 2, 4, { core: 'd' })];
  const nested = leaveNetworkOutNested(members, shape, ({ id }) => id === 'two');
  assert.deepEqual(nested.map(({ observation }) => observation.network).sort(), ['n0', 'n1', 'n2', 'n3']);
  for (const { ratio } of nested) near(ratio, 1, 0.05);
});

test('a known core without rows starts from what CMSIS-NN takes on it', () => {
  const factor = estimateScaleFactors(
    [
      { id: 'seen', core: 'cortex-m4', version: 'v' },
      { id: 'asked', core: 'cortex-m33', version: 'v' },
    ],
    new Map([['seen', { mean: 1, count: 4 }]]),
    4,
  );
  const seen = factor({ id: 'seen', core: 'cortex-m4', version: 'v' });
  const asked = factor({ id: 'asked', core: 'cortex-m33', version: 'v' });
  near((asked ?? 0) - (seen ?? 0), Math.log(0.82), 0.01);
  assert.equal(factor({ id: 'x', core: 'unheard-of', version: 'v' }), undefined);
});

test('intervals: a thin profile leans on its family, and pooled they hold about what they state', () => {
  const residual = (profile: string, at: number, size: number): Residual => ({
    profile,
    network: `${profile}-${at}`,
    ratio: Math.exp(size * Math.sin(3 * at + 1)),
  });
  const calm = Array.from({ length: 30 }, (_, at) => residual('calm', at, 0.05));
  const wild = Array.from({ length: 30 }, (_, at) => residual('wild', at, 0.3));
  const thin = [residual('thin', 1, 0.01), residual('thin', 2, 0.01)];
  const calibration = new Calibration([...calm, ...wild, ...thin]);
  const width = (profile: string): number => calibration.halfWidth(profile) ?? 0;
  assert.ok(width('calm') < 0.12 && width('wild') > 0.25, `${width('calm')} ${width('wild')}`);
  assert.ok(width('thin') > 1.5 * width('calm'), 'two lucky residuals promise nothing');
  const covered = calibration.coverage() ?? 0;
  assert.ok(covered >= 0.85 && covered <= 0.97, String(covered));
  assert.equal(new Calibration([]).halfWidth('any'), undefined);
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
  assert.equal(errorFigures(predictions, 0.75)?.covered, 0.75);
  assert.equal(errorFigures([]), undefined);
});
