import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runtimes, type LatencyProfile } from '../../../device-profiles/index.ts';
import { cmsisNnProfiles, leaveOneNetworkOut } from './boards.ts';
import { fitProject } from './fit.ts';
import { conformalHalfWidth, median } from './intervals.ts';
import { fitCoefficients, type Observation } from './least-squares.ts';
import { fitOutside, mergeProfiles, priorProfile, readRuntime } from './libraries-fit.ts';
import { TermReader } from './observations.ts';
import outside from './outside.json' with { type: 'json' };
import { priorOf } from './priors.ts';
import { loadObservations } from './read.ts';

const runtime = runtimes.find((entry) => entry.id === 'tflm + cmsis-nn');
const paths = runtime?.latency.paths ?? [];

const observation = (terms: Record<string, number>, cycles: number): Observation => ({
  terms,
  cycles,
  extents: {},
  network: 'n',
  board: 'b',
  kind: 'network',
  label: '',
});

test('exact data give back their coefficients', () => {
  const rows = [
    { a: 1, b: 10 },
    { a: 5, b: 2 },
    { a: 100, b: 3 },
  ].map((terms) => ({ observation: observation(terms, 7 * terms.a + 3 * terms.b), weight: 1 }));
  const fit = fitCoefficients(rows, {}, 0);
  assert.ok(Math.abs((fit.a ?? 0) - 7) < 1e-6 && Math.abs((fit.b ?? 0) - 3) < 1e-6);
});

test('no coefficient is negative, whatever the data say', () => {
  const rows = [
    { observation: observation({ a: 1, b: 1 }, 1), weight: 1 },
    { observation: observation({ a: 2, b: 1 }, 4), weight: 1 },
  ];
  for (const value of Object.values(fitCoefficients(rows, {}, 0))) assert.ok(value >= 0);
});

test('a strong prior wins over one row, a weak one does not, and a term without rows keeps its prior', () => {
  const rows = [{ observation: observation({ a: 1 }, 10), weight: 1 }];
  assert.ok(Math.abs((fitCoefficients(rows, { a: 5, z: 2 }, 1e6).a ?? 0) - 5) < 0.01);
  assert.ok(Math.abs((fitCoefficients(rows, { a: 5, z: 2 }, 1e-6).a ?? 0) - 10) < 0.01);
  assert.equal(fitCoefficients(rows, { a: 5, z: 2 }, 1).z, 2);
});

test('a conformal interval holds nine in ten, and grows when there are too few residuals', () => {
  const ratios = Array.from({ length: 99 }, (_, i) => Math.exp((i + 1) / 100));
  assert.ok(Math.abs(conformalHalfWidth(ratios) - 0.9) < 1e-9);
  assert.ok(conformalHalfWidth([1.1, 1.2]) > Math.log(1.2));
});

/** Each of the profiles stands in its runtime's file as it was fitted. */
function assertInFile(file: string, fitted: readonly LatencyProfile[]): void {
  const written = new Map(readRuntime(file).latency.profiles.map((profile) => [profile.id, profile]));
  for (const profile of fitted) {
    // Through JSON, which drops what is undefined.
    assert.deepEqual(JSON.parse(JSON.stringify(profile)), written.get(profile.id), `${file}: ${profile.id}`);
  }
}

test('the profiles in the project are those that the measurements give', () => {
  for (const [file, profiles] of fitProject().profiles) {
    assertInFile(file, profiles);
  }
});

test('left out of the fit, whole networks are predicted within 5 % in the median and 85 % within 10 %', () => {
  const observations = loadObservations(cmsisNnProfiles, new TermReader(paths));
  for (const core of ['cortex-m4', 'cortex-m7']) {
    const errors = cmsisNnProfiles
      .filter((spec) => spec.core === core)
      .flatMap((spec) => leaveOneNetworkOut(spec, observations, priorOf(spec.core, spec.layers)))
      .map(({ ratio }) => Math.abs(ratio - 1));
    assert.ok(median(errors) <= 0.05, `${core}: ${median(errors)}`);
    assert.ok(errors.filter((error) => error <= 0.1).length / errors.length >= 0.85, core);
  }
});

test('a fit replaces the profiles that it made and leaves the others', () => {
  const [first, second] = runtime?.latency.profiles ?? [];
  assert.ok(first !== undefined && second !== undefined);
  const anew = { ...second, invokeCycles: 1 };
  const added = { ...second, id: 'new' };
  const merged = mergeProfiles([first, second], [added, anew]);
  assert.deepEqual(
    merged.map(({ id, invokeCycles }) => [id, invokeCycles]),
    [
      [first.id, first.invokeCycles],
      [second.id, 1],
      ['new', second.invokeCycles],
    ],
  );
});

const folder = path.join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');

test(
  'profiles from rows outside the project are what they give; X-CUBE-AI on Cortex-M7 is within 6 % and 80 %',
  { skip: existsSync(folder) ? false : 'the rows that carry no licence are not here' },
  () => {
    const fitted = fitOutside(folder, priorProfile(readRuntime('tflm-cmsis-nn').latency.profiles));
    assert.deepEqual(JSON.parse(JSON.stringify(fitted.flatMap(({ figures }) => figures))), outside);
    for (const { profiles } of fitted) {
      for (const [file, list] of profiles) {
        assertInFile(file, list);
      }
    }
    const errors = fitted
      .flatMap(({ judged }) => judged)
      .filter(({ member }) => member.core === 'cortex-m7' && member.runtime.startsWith('x-cube-ai'))
      .map(({ ratio }) => Math.abs(ratio - 1));
    assert.ok(median(errors) <= 0.06, String(median(errors)));
    assert.ok(errors.filter((error) => error <= 0.1).length / errors.length >= 0.8);
  },
);

test('docs/accuracy.md is what the measurements give', () => {
  const script = path.join(import.meta.dirname, 'accuracy.ts');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
