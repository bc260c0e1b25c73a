import { runtimesOf } from '../../../device-profiles/able.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { boards, runtimes, type LatencyProfile } from '../../../device-profiles/index.ts';
import { powerFigures, readEnergy } from './energy.ts';
import { fitProject } from './fit.ts';
import { gatherAccuracy } from './gather.ts';
import { conformalHalfWidth, heldByOtherBoards, median } from './intervals.ts';
import { fitCoefficients, type Observation } from './least-squares.ts';
import { fitOutside, mergeProfiles, priorProfile, readRuntime } from './libraries-fit.ts';
import { measurementsFolder } from './read.ts';
import outside from './outside.json' with { type: 'json' };
import { layersWithinTenPercent } from './operators-outside.ts';
import operatorsOutside from './operators-outside.json' with { type: 'json' };

const runtime = runtimes.find((entry) => entry.id === 'tflm + cmsis-nn');
const project = fitProject();

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

test('a board left out is judged by the interval that the others give, and by none where it is alone', () => {
  const others = Array.from({ length: 10 }, () => ({ board: 'a', ratio: 1.1 }));
  const board = (ratio: number) => ({ board: 'b', ratio });
  assert.deepEqual(heldByOtherBoards([...others, board(1.05), board(1.2)]).slice(10), [true, false]);
  assert.deepEqual(heldByOtherBoards(others.slice(0, 1)), [undefined]);
});

test('on a board unseen of a library with one or two boards the interval is at least a quarter', () => {
  const own = project.profiles.get('microtvm-cmsis-nn')?.find(({ id }) => id === 'cortex-m33-nrf5340');
  assert.ok((own?.network.otherBoards?.high ?? 0) >= 1.28);
});

/** The runtime's file holds the profiles as they were fitted, in their order, and no others. */
function assertInFile(file: string, fitted: readonly LatencyProfile[]): void {
  const written = readRuntime(file).latency.profiles;
  assert.deepEqual(
    written.map(({ id }) => id),
    fitted.map(({ id }) => id),
    file,
  );
  fitted.forEach((profile, at) => {
    // Through JSON, which drops what is undefined.
    assert.deepEqual(JSON.parse(JSON.stringify(profile)), written[at], `${file}: ${profile.id}`);
  });
}

test('the profiles in the project are those that the measurements give', () => {
  for (const [file, profiles] of project.profiles) {
    assertInFile(file, profiles);
  }
});

const shareWithin = (errors: readonly number[], limit: number): number =>
  errors.filter((error) => error <= limit).length / errors.length;

test('left out of the fit, whole networks are within 5 % in the median, on every board, and 85 % within 10 %', () => {
  for (const [profile, left] of project.baseModel.leftOut) {
    if (left.length === 0) continue;
    const errors = left.map(({ ratio }) => Math.abs(ratio - 1));
    assert.ok(median(errors) <= 0.05, `${profile}: ${median(errors)}`);
    assert.ok(shareWithin(errors, 0.1) >= 0.85, profile);
  }
});

test('boards that were not seen are within 12 % in the median', () => {
  for (const [profile, left] of project.baseModel.boardOut) {
    const errors = left.map(({ ratio }) => Math.abs(ratio - 1));
    if (errors.length > 0) assert.ok(median(errors) <= 0.12, `${profile}: ${median(errors)}`);
  }
});

test('a Cortex-M33 with CMSIS-NN, on the one board that has networks, is within 7 % and 80 % within 10 %', () => {
  const figures = project.libraries.flatMap((library) => library.figures);
  const network = figures.find(({ profile }) => profile === 'cortex-m33-nrf5340')?.network;
  assert.ok(network !== undefined && network.median <= 0.07 && network.withinTenPercent >= 0.8);
});

test('intervals that state nine in ten hold 85 to 95 % of the networks left out, over each family', () => {
  const { coverage } = gatherAccuracy();
  for (const [family, share] of Object.entries(coverage)) {
    assert.ok(share >= 0.85 && share <= 0.95, `${family}: ${share}`);
  }
});

test('the power of the boards is what the published energies give', () => {
  for (const [id, power] of powerFigures(readEnergy())) {
    const board = boards.find((entry) => entry.id === id);
    assert.deepEqual(JSON.parse(JSON.stringify(power)), board?.power, id);
  }
});

test('no core of a board that a runtime has rows for is left without a latency, and what is carried over says so', () => {
  for (const board of boards) {
    const { id, core } = board;
    for (const { id: name, latency } of runtimesOf({ runtimes }, board)) {
      if (latency.profiles.length === 0) continue;
      const profile = latency.profiles.find((entry) => entry.core === core);
      assert.ok(profile !== undefined, `${id} with ${name}`);
      if (profile.carriedFrom === undefined) continue;
      assert.ok(profile.network.high >= 1.5 && profile.boards.length === 0, `${id} with ${name}`);
      for (const { note } of Object.values(profile.paths)) assert.match(note ?? '', /no row is of this core/);
    }
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
      ['new', second.invokeCycles],
      [second.id, 1],
      [first.id, first.invokeCycles],
    ],
  );
});

test('rows come from sources that permit it, and the errors of the others tell no measured value', () => {
  const permitted =
    /^(mlcommons\/tiny_results_|MicroNets |raspberrypi\/pico-tflmicro|avionicharshit-byte\/mcufit-bench|Black3rror\/EdgeMark|espressif\/esp-nn|mit-han-lab\/)/;
  for (const file of ['networks_and_operators.csv', 'other_runtimes.csv', 'energy.csv']) {
    const rows: { source: string }[] = parse(readFileSync(path.join(measurementsFolder, file)), {
      columns: true,
    });
    assert.ok(rows.length > 0);
    for (const { source } of rows) assert.match(source, permitted, file);
  }
  assert.deepEqual(Object.keys(outside).sort(), ['boardRatios', 'checks', 'chosenAnew', 'figures', 'ratios']);
  for (const entry of outside.ratios) assert.deepEqual(Object.keys(entry), ['runtime', 'core', 'ratio']);
  for (const entry of outside.boardRatios)
    assert.deepEqual(Object.keys(entry), ['runtime', 'core', 'ratio', 'held']);
  assert.doesNotMatch(JSON.stringify(outside), /stzoo|cycles|latency|measured/);
});

test('of operators outside the project only errors are in it', () => {
  const fields = ['evidence', 'family', 'networks', 'operators', 'profile', 'ratios'];
  for (const group of operatorsOutside.groups) {
    assert.ok(Object.keys(group).every((field) => fields.includes(field)));
    assert.ok(group.ratios.length <= Math.max(20, group.networks?.length ?? 0));
  }
});

test('the intervals of single operators hold about nine errors in ten, of each kind that enough are of', () => {
  const { operators } = project;
  const kinds = new Set(operators.residuals.map(({ family }) => family));
  for (const kind of kinds) {
    const those = operators.residuals.filter(({ family }) => family === kind);
    const held = those.filter((entry) => operators.holds(entry)).length / those.length;
    if (those.length >= 50) assert.ok(held >= 0.88, `${kind}: ${held}`);
  }
  const all =
    operators.residuals.filter((entry) => operators.holds(entry)).length / operators.residuals.length;
  assert.ok(all >= 0.88 && all <= 0.96, String(all));
});

test('a layer that was timed alone is surer than one of which only networks are known, and each says why', () => {
  const profile = project.profiles.get('tflm-cmsis-nn')?.find(({ id }) => id === 'cortex-m4-f446re');
  const conv = profile?.paths.conv;
  const depthwise = profile?.paths.depthwise;
  assert.ok(conv !== undefined && depthwise !== undefined);
  assert.ok(conv.interval.high < 1.1 && depthwise.interval.high > 1.2);
  assert.match(conv.basis ?? '', /on this profile that were timed as single layers/);
  assert.match(depthwise.basis ?? '', /part of whole networks.*too few of its own/);
});

test('the shipped profiles say the single layers of their boards within 10 %', () => {
  for (const board of ['NUCLEO-F446RE', 'NUCLEO-L552ZE-Q']) {
    assert.ok((layersWithinTenPercent[board] ?? 0) >= 0.97, board);
  }
  assert.ok((layersWithinTenPercent['Arduino Nicla Sense ME'] ?? 0) >= 0.9);
});

const folder = path.join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');

test(
  'profiles from rows outside the project are what they give; X-CUBE-AI on Cortex-M7 is within 6 % and 80 %',
  { skip: existsSync(folder) ? false : 'the rows that carry no licence are not here' },
  () => {
    const fitted = fitOutside(
      folder,
      priorProfile(readRuntime('tflm-cmsis-nn').latency.profiles),
      project.operators,
    );
    assert.deepEqual(JSON.parse(JSON.stringify(fitted.flatMap(({ figures }) => figures))), outside.figures);
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

test('docs/accuracy.md and its plots are what the measurements give', () => {
  const script = path.join(import.meta.dirname, 'accuracy.ts');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
