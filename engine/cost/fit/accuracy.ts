/**
 * `npm run accuracy`: writes `docs/accuracy.md` from the measurements in the project. With `--check`, writes nothing
 * and fails when the page is not what the measurements give.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Runtime } from '../../../device-profiles/types.ts';
import { price } from '../price.ts';
import { resolveTarget, shippedProfiles } from '../resolve.ts';
import {
  cmsisNnProfiles,
  leaveBoardOut,
  leaveOneNetworkOut,
  type LeftOut,
  type ProfileSpec,
} from './boards.ts';
import { conformalHalfWidth, median } from './intervals.ts';
import { fitCoefficients, predict, type Observation } from './least-squares.ts';
import { TermReader } from './observations.ts';
import { fitProject } from './fit.ts';
import type { ErrorFigures } from './figures.ts';
import type { MemberFigures } from './fit-library.ts';
import outside from './outside.json' with { type: 'json' };
import priors from './priors.json' with { type: 'json' };
import { priorOf } from './priors.ts';
import { loadObservations, measurementsFolder, readNetwork } from './read.ts';

const page = path.join(measurementsFolder, '..', '..', 'docs', 'accuracy.md');
const runtimeFile = path.join(measurementsFolder, '..', 'runtimes', 'tflm-cmsis-nn.json');
const runtime = JSON.parse(readFileSync(runtimeFile, 'utf8')) as Runtime;
const observations = loadObservations(cmsisNnProfiles, new TermReader(runtime.latency.paths));

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
const errors = (ratios: readonly number[]): number[] => ratios.map((ratio) => Math.abs(ratio - 1));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Median and mean error and the share within 10 %, as cells of a table. */
function cells(ratios: readonly number[]): string {
  if (ratios.length === 0) return 'too few networks | |';
  const off = errors(ratios);
  const within = off.filter((error) => error <= 0.1).length / off.length;
  return `${percent(median(off))} | ${percent(mean(off))} | ${percent(within, 0)}`;
}

/** Spearman's rank correlation. */
function rankCorrelation(pairs: readonly LeftOut[]): string {
  if (new Set(pairs.map(({ observation }) => observation.network)).size < 4) return '';
  const rank = (values: readonly number[]): number[] => {
    const sorted = [...values].sort((a, b) => a - b);
    return values.map((value) => sorted.indexOf(value) + 1);
  };
  const measured = rank(pairs.map(({ observation }) => observation.cycles));
  const predicted = rank(pairs.map(({ observation, ratio }) => observation.cycles * ratio));
  const n = pairs.length;
  const squares = measured.reduce((sum, value, i) => sum + (value - (predicted[i] ?? 0)) ** 2, 0);
  return (1 - (6 * squares) / (n * (n * n - 1))).toFixed(3);
}

/** Cycles proportional to MACs, a network left out at a time: the usual proxy. */
function macsBaseline(spec: ProfileSpec): number[] {
  const own = (observations.get(spec.id) ?? []).filter((observation) => observation.kind === 'network');
  const proxy = (observation: Observation): Observation => {
    const macs = price(readNetwork(observation.network), targetOf(spec)).total.macs;
    return { ...observation, terms: { macs } };
  };
  return own.flatMap((observation) => {
    const others = own.filter((other) => other.network !== observation.network);
    if (others.length === 0) return [];
    const rows = others.map((other) => ({ observation: proxy(other), weight: 1 }));
    return [predict(proxy(observation), fitCoefficients(rows, {}, 0)) / observation.cycles];
  });
}

function targetOf(spec: ProfileSpec) {
  const resolved = resolveTarget(shippedProfiles, { board: spec.boards[0] ?? '', runtime: runtime.id });
  if ('problem' in resolved) throw new Error(resolved.problem.message);
  return resolved.target;
}

/** Share of left-out networks whose measurement lies in an interval made from the other networks' residuals. */
function coverage(left: readonly LeftOut[], pool: readonly LeftOut[]): string {
  if (left.length === 0) return '';
  const held = left.filter(({ observation, ratio }) => {
    const others = pool.filter((other) => other.observation.network !== observation.network);
    return Math.abs(Math.log(ratio)) <= conformalHalfWidth(others.map((other) => other.ratio));
  });
  return `${held.length} of ${left.length}`;
}

const leftOut = new Map(
  cmsisNnProfiles.map((spec) => [
    spec.id,
    leaveOneNetworkOut(spec, observations, priorOf(spec.core, spec.layers)),
  ]),
);
const ofCore = (core: string): LeftOut[] =>
  cmsisNnProfiles.filter((spec) => spec.core === core).flatMap((spec) => leftOut.get(spec.id) ?? []);

function summaryRow(spec: ProfileSpec): string {
  const left = leftOut.get(spec.id) ?? [];
  const networks = new Set((observations.get(spec.id) ?? []).map((observation) => observation.network)).size;
  const ratios = left.map(({ ratio }) => ratio);
  return `| ${spec.boards.join(', ')} | ${networks} | ${cells(ratios)} | ${rankCorrelation(left)} | ${coverage(left, ofCore(spec.core))} |`;
}

function baselineRow(spec: ProfileSpec): string {
  const { core } = spec;
  const board = cmsisNnProfiles.filter((other) => other.core === core).length > 1;
  // Nor may the prior have seen the board: the F446RE then leans on the layers of another Cortex-M4.
  const layers = spec.layers === spec.measuredOn ? 'Arduino Nicla Sense ME' : spec.layers;
  const without = board ? leaveBoardOut(spec, observations, priorOf(core, layers)) : [];
  return `| ${spec.boards.join(', ')} | ${cells(without.map(({ ratio }) => ratio))} | ${cells(macsBaseline(spec))} |`;
}

function networkRows(spec: ProfileSpec): string[] {
  return (leftOut.get(spec.id) ?? []).map(({ observation, ratio }) => {
    const board = spec.boards.join(', ');
    const error = `${ratio >= 1 ? '+' : ''}${percent(ratio - 1)}`;
    const cycles = (value: number): string => Math.round(value).toLocaleString('en');
    return `| ${board} | ${observation.network} | ${cycles(observation.cycles)} | ${cycles(observation.cycles * ratio)} | ${error} |`;
  });
}

const arenas = [
  ['tflm_person_detect_int8', 84_436, 'Cortex-M4'],
  ['mlperf_tiny_kws_dscnn_int8', 23_412, 'Cortex-M7'],
  ['mlperf_tiny_ad_autoencoder_int8', 2596, 'nRF52840'],
] as const;

function arenaRows(): string[] {
  const spec = cmsisNnProfiles.find(({ boards }) => boards.includes('nucleo-l4r5zi'));
  if (spec === undefined) return [];
  return arenas.map(([name, published, where]) => {
    const { total, memory } = price(readNetwork(name), targetOf(spec));
    const { value } = total.ramBytes;
    return `| ${name} | ${where} | ${published} | ${value} (head ${memory.headBytes}) | ${percent(value / published - 1)} |`;
  });
}

function figureCells(figures: ErrorFigures | undefined): string {
  if (figures === undefined) return 'too few networks | |';
  const { median: middle, mean: average, withinTenPercent } = figures;
  return `${percent(middle)} | ${percent(average)} | ${percent(withinTenPercent, 0)}`;
}

function libraryRow({ runtime: name, boards, core, network, board, macs }: MemberFigures): string {
  const counted = network === undefined ? '' : `${network.networks} (${network.predictions})`;
  const rank = network?.rankCorrelation?.toFixed(3) ?? '';
  const held = network?.covered === undefined ? '' : percent(network.covered, 0);
  const unseen = board === undefined ? '' : percent(board.median);
  const proxy = macs === undefined ? '' : percent(macs.median);
  return `| ${name} | ${boards.join(', ')} | ${core} | ${counted} | ${figureCells(network)} | ${rank} | ${held} | ${unseen} | ${proxy} |`;
}

const libraryHead = `| Runtime | Board | Core | Networks (rows) | Median error | Mean error | Within 10 % | Rank correlation | 90 % interval holds | Board unseen: median | MACs alone: median |
| ------- | ----- | ---- | --------------- | ------------ | ---------- | ----------- | ---------------- | ------------------- | -------------------- | ------------------ |`;
const inside = fitProject().figures;

const all = [...leftOut.values()].flat();
const text = `# How true the numbers are

Written by \`npm run accuracy\` from the measurements in \`device-profiles/measurements\`. Latencies are those of the
runtime \`${runtime.id}\`. A network is never judged by a fit that has seen it: every figure of the first table leaves
all rows of the network out, on every board, and fits again. The strength of the priors (one number) was chosen on
the same comparison, and so was the factor between the priors of Cortex-M4 and Cortex-M7, so the figures are
slightly kind to the model.

## Whole networks, one left out at a time

| Board | Networks | Median error | Mean error | Within 10 % | Rank correlation | 90 % interval holds |
| ----- | -------- | ------------ | ---------- | ----------- | ---------------- | ------------------- |
${cmsisNnProfiles.map(summaryRow).join('\n')}
| all | ${new Set(all.map(({ observation }) => observation.network)).size} | ${cells(all.map(({ ratio }) => ratio))} | ${rankCorrelation(all)} | |

The RP2040 has one published network with its operators timed; leaving it out leaves nothing. The STM32L552 has 2,432
single layers and no network: what they do not cover is the Cortex-M4's at the Cortex-M33's pace. The intervals of both
are those of the other cores, half as wide again, and at least 25 % for the STM32L552, which no network has validated.

## Against simpler answers

Left: a fit that saw no row of the board, on boards whose core has a sibling. Right: cycles proportional to MACs, fitted on
the board's other networks.

| Board | No row of the board: median | mean | within 10 % | MACs alone: median | mean | within 10 % |
| ----- | --------------------------- | ---- | ----------- | ------------------ | ---- | ----------- |
${cmsisNnProfiles.map(baselineRow).join('\n')}

## Other runtimes, from rows in the project

One network left out at a time. Variants of one architecture count as one network. *Board unseen*: the median error when
all rows of the board are left out and another board with its core stands in. Few networks make a rough figure: the
intervals of these profiles are no narrower than 12 % with fewer than eight networks, 25 % with two, 50 % with one.

${libraryHead}
${inside.map(libraryRow).join('\n')}

## X-CUBE-AI and others, from rows outside the project

Most of these rows are those of ST's model zoo. They carry no licence: the figures are from the last
\`npm run fit -- --with DIR\`. Rows suspected of leaving out channels whose weights are all zero are not used. Thresholds
and priors of these profiles (a feature map that fills the internal RAM, the pull) were chosen on the Cortex-M7 rows, so
their figures are slightly kind to the model.

${libraryHead}
${(outside as readonly MemberFigures[]).map(libraryRow).join('\n')}

## Single layers

Layers of a convolution, addition, mean or softmax measured alone by KIT, in five folds by output channels. The rows carry no
licence and are not in the project; these figures are from the last \`npm run fit -- --with DIR\`.

| Board | Layers | Within 10 % |
| ----- | ------ | ----------- |
${Object.entries(priors.errors)
  .map(([board, error]) => `| ${board} | ${error.rows} | ${percent(error.withinTenPercent)} |`)
  .join('\n')}

## Arena

| Network | Measured on | Published bytes | Planned bytes | Difference |
| ------- | ----------- | --------------- | ------------- | ---------- |
${arenaRows().join('\n')}

## Every network

| Board | Network | Measured cycles | Predicted without it | Error |
| ----- | ------- | --------------- | -------------------- | ----- |
${cmsisNnProfiles.flatMap(networkRows).join('\n')}

## What is weak

- Depthwise convolutions other than 3x3 rest on few networks. Those with a multiplier rest on the first layer of
  person_detect, and on a prior that one network (micro_speech on the nRF52840) set.
- Networks whose definition does not match the operation count of their table are left out (MicroNet-VWW-2 and the
  DS-CNN baselines of MicroNets): against the nearest definitions at hand they would be 20 to 50 % off.
- Fully connected layers differ by a fifth between builds: the nRF52840's (Arduino's default flags) was predicted
  19 % too fast before its own row was used.
- Convolutions other than 1x1, additions, pooling by maximum and fully connected layers have never been measured on an RP2040
  by anyone whose figures could be read: they are carried over from the Cortex-M4, with intervals to match.
- Energy is latency times one measured power per board. Where power was not measured there is no energy.
- The STM32H743 rows (TFLM with CMSIS-NN, TinyEngine) state no clock: 480 MHz is assumed, at which the same table's
  X-CUBE-AI column is within 8 % of what other STM32H7 boards take. Kernels of 2020, which the F746ZG and F767ZI have, would
  take a quarter more.
- X-CUBE-AI on a Cortex-M33 or M4 rests on four to ten networks and is not within 10 % for most of them; 9.0 and later on
  three, because the fourth is suspected of left-out channels.
- Helium (Cortex-M85) and CMSIS-NN of 2020 rest on four networks each: better than counting MACs, and no more.
- ESP32-S3 and ESP32-C3 rest on one network of a vendor's page. Activations in PSRAM cost several times more and are
  not priced.
- TinyEngine on the STM32F746 is of 2020, also without a clock (216 MHz assumed), and takes half as many cycles again as
  that of 2023 on the STM32H743: neither predicts the other. In-place and patch-wise execution are not planned, so its arena and
  X-CUBE-AI's are upper bounds.
- No latency, because no data supports one: TFLM reference kernels, microTVM's own schedules (four networks, on which
  the model did worse than counting MACs), Ethos-U55, LiteRT with XNNPACK, and float or 16-bit networks anywhere.
`;

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
if (values.check === true) {
  if (readFileSync(page, 'utf8') !== text) {
    console.error('docs/accuracy.md is stale: run npm run accuracy.');
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, text);
  console.log(`Wrote ${path.relative(process.cwd(), page)}.`);
}
