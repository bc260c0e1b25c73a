import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceOf, type Known } from './evidence.ts';
import type { Observation } from './least-squares.ts';
import { OperatorCalibration } from './operator-intervals.ts';
import type { OperatorResidual } from './operator-residuals.ts';

const residuals = (
  profile: string,
  family: string,
  errors: readonly number[],
  evidence: OperatorResidual['evidence'] = 'core',
): OperatorResidual[] =>
  errors.map((error, at) => ({
    profile,
    family,
    evidence,
    network: `${profile} ${at}`,
    ratio: Math.exp(error),
  }));
const spread = (scale: number, count = 19): number[] =>
  Array.from({ length: count }, (_, at) => (scale * (at + 1)) / count);

test('a family that is predicted badly has wider intervals, and so has a profile', () => {
  const calibration = new OperatorCalibration([
    ...residuals('a', 'conv', spread(0.1)),
    ...residuals('b', 'conv', spread(0.3)),
    ...residuals('a', 'softmax', spread(0.8)),
  ]);
  const width = (profile: string, family: string): number =>
    calibration.halfWidth(profile, family, 'core') ?? NaN;
  assert.ok(width('a', 'conv') < width('b', 'conv'));
  assert.ok(width('b', 'conv') < width('a', 'softmax'));
  // A profile without errors of its own has those of the family, and a family without those of all.
  assert.ok(width('c', 'conv') > width('a', 'conv') && width('c', 'conv') < width('c', 'softmax'));
  assert.ok(width('c', 'pool') > width('c', 'conv'));
  assert.equal(calibration.halfWidth('a', 'conv', 'timed'), undefined);
});

test('nine in ten of equal errors lie in the interval that the others give', () => {
  const all = residuals('a', 'conv', spread(0.2, 200));
  const calibration = new OperatorCalibration(all);
  const held = all.filter((entry) => calibration.holds(entry)).length / all.length;
  assert.ok(held >= 0.85 && held <= 0.95, String(held));
});

test('an interval says whose errors it comes from', () => {
  const calibration = new OperatorCalibration(residuals('a', 'conv', spread(0.1)));
  assert.deepEqual(calibration.basis('a', 'conv', 'core'), { from: 'profile', errors: 19 });
  assert.deepEqual(calibration.basis('b', 'conv', 'core'), { from: 'family', errors: 19 });
  assert.deepEqual(calibration.basis('b', 'pool', 'core'), { from: 'evidence', errors: 19 });
  assert.equal(calibration.basis('b', 'pool', 'timed'), undefined);
});

const row = (network: string, kind: Observation['kind'], terms: Record<string, number>): Observation => ({
  terms,
  cycles: 1,
  extents: {},
  network,
  board: '',
  kind,
  label: '',
});
const nothing: Known = {
  own: [],
  sameCore: [],
  anywhere: [],
  coefficients: { 'conv.macs': 1, 'pool.reads': 1 },
};
const networks = (count: number, terms: Record<string, number>): Observation[] =>
  Array.from({ length: count }, (_, at) => row(`n${at}`, 'network', terms));

test('how well a kernel is known goes by what was measured of it, and where', () => {
  const evidence = (known: Partial<Known>): string => evidenceOf('conv', { ...nothing, ...known }).evidence;
  const half = { 'conv.macs': 5, 'pool.reads': 5 };
  assert.equal(evidence({}), 'elsewhere');
  assert.equal(evidence({ sameCore: networks(1, half) }), 'core');
  assert.equal(evidence({ own: networks(4, half) }), 'networks');
  assert.equal(evidence({ own: networks(3, half) }), 'elsewhere');
  assert.equal(evidence({ own: networks(4, { 'conv.macs': 1, 'pool.reads': 99 }) }), 'elsewhere');
  assert.equal(evidence({ own: networks(2, { 'conv.macs': 1 }) }), 'timed');
  assert.equal(evidence({ own: [1, 2, 3, 4, 5].map(() => row('n', 'operators', half)) }), 'timed');
});

test('a kernel of one network alone, or of another board or core, says so', () => {
  const note = (known: Partial<Known>) => evidenceOf('conv', { ...nothing, ...known }).note;
  assert.match(note({ own: networks(1, { 'conv.macs': 1 }) }) ?? '', /Only one/);
  assert.match(note({ sameCore: networks(1, { 'conv.macs': 1 }) }) ?? '', /another board/);
  assert.match(note({ anywhere: networks(1, { 'conv.macs': 1 }) }) ?? '', /another core/);
  assert.match(note({}) ?? '', /inner loop/);
  assert.equal(note({ own: networks(4, { 'conv.macs': 1 }) }), undefined);
});
