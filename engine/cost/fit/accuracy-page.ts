/** The text of `docs/accuracy.md`. Pure. */

import {
  countedTable,
  evidenceNames,
  familyNames,
  kernelTable,
  operatorTable,
  percent,
  setupTable,
  shortTable,
  table,
  unseenTable,
} from './accuracy-tables.ts';
import type { ErrorFigures } from './figures.ts';
import type { MemberFigures } from './fit-library.ts';
import type { Accuracy, Judgement } from './gather.ts';
import { memorySection } from './memory-accuracy.ts';

const where = ({ boards, core }: MemberFigures): readonly string[] => [boards.join(', '), core];

function networkCells(figures: ErrorFigures | undefined): readonly string[] {
  if (figures === undefined) return ['too few', '', '', '', ''];
  return [
    percent(figures.median),
    percent(figures.mean),
    percent(figures.withinTenPercent, 0),
    figures.rankCorrelation?.toFixed(3) ?? '',
    figures.covered === undefined ? '' : percent(figures.covered, 0),
  ];
}

const three = (figures: ErrorFigures | undefined): readonly string[] =>
  figures === undefined
    ? ['', '', '']
    : [percent(figures.median), percent(figures.mean), percent(figures.withinTenPercent, 0)];

const networkHead = [
  'Runtime',
  'Boards',
  'Core',
  'Networks',
  'Rows',
  'Median error',
  'Mean error',
  'Within 10 %',
  'Rank correlation',
  '90 % interval holds',
];

function networkTable(figures: readonly MemberFigures[]): string {
  return table(
    networkHead,
    figures.map((entry) => [
      entry.runtime,
      ...where(entry),
      entry.network === undefined ? '' : String(entry.network.networks),
      String(entry.rows),
      ...networkCells(entry.network),
    ]),
  );
}

const boardHead = [
  'Runtime',
  'Boards',
  'Board unseen: median',
  'mean',
  'within 10 %',
  'MACs alone: median',
  'mean',
  'within 10 %',
  'Linear: median',
  'mean',
  'within 10 %',
];

function boardTable(figures: readonly MemberFigures[]): string {
  return table(
    boardHead,
    figures.map((entry) => [
      entry.runtime,
      entry.boards.join(', '),
      ...three(entry.board),
      ...three(entry.baselines?.macs),
      ...three(entry.baselines?.linear),
    ]),
  );
}

function everyNetwork(judgements: readonly Judgement[]): string {
  const cycles = (value: number): string => Math.round(value).toLocaleString('en');
  return table(
    ['Runtime', 'Board', 'Network', 'Measured cycles', 'Predicted without it', 'Error'],
    judgements.map(({ runtime, board, network, measured, predicted }) => {
      const ratio = predicted / measured;
      const error = `${ratio >= 1 ? '+' : ''}${percent(ratio - 1)}`;
      return [runtime, board, network, cycles(measured), cycles(predicted), error];
    }),
  );
}

function energyTable({ energy }: Accuracy): string {
  return table(
    [
      'Board',
      'Runtime',
      'Power',
      'Runs',
      'Power of other networks x measured latency: median error',
      'mean',
      'x predicted latency: median error',
      'mean',
    ],
    energy.map(({ board, runtime, milliwatts: { value, low, high }, power, whole }) => [
      board,
      runtime,
      `${value} mW (${low} to ${high})`,
      String(power.predictions),
      percent(power.median),
      percent(power.mean),
      whole === undefined ? '' : percent(whole.median),
      whole === undefined ? '' : percent(whole.mean),
    ]),
  );
}

function energySessions({ energySessions: { power, factor, autoencoders } }: Accuracy): string {
  const { sessions, median, low, high } = autoencoders;
  const among = `${low.toFixed(2)} to ${high.toFixed(2)} over ${sessions} sessions`;
  return `Within a session (one build of one submitter on one board) the power of the other networks gives the energy within ${percent(power.median)} in the median and
${percent(power.mean)} in the mean. Sessions on one board differ by up to a factor of ${factor.toFixed(1)}, for reasons such as the supply voltage that their sources do not state: the intervals hold
them all. Autoencoders, which read every weight once, draw ${median.toFixed(2)} of what the other networks of their session do (${among}): too little beside that
for a power by class of memory traffic.`;
}

function chosenAnew({ chosenAnew: cores }: Accuracy): string {
  return cores
    .map(
      ({ core, figures }) =>
        `${percent(figures.median)} in the median and ${percent(figures.withinTenPercent, 0)} within 10 % (${core})`,
    )
    .join(', ');
}

export function accuracyPage(accuracy: Accuracy): string {
  const { coverage } = accuracy;
  return `# How true the numbers are

Written by \`npm run accuracy\` from the measurements in \`device-profiles/measurements\`; how the numbers come about is in
[how-the-numbers-work.md](how-the-numbers-work.md). Nothing is judged by a fit that has seen it. Variants of one architecture
count as one network.

What was chosen on these comparisons, so that the figures are slightly kind to the model. For runtimes that were counted: how
strongly the manual's shares of loads and branches hold, how strongly a kernel is held to its classes, and what a byte of weights
takes that streams from flash without a cache (three numbers), and for each session the counted build that is nearest to what was
measured. For the others: how much a build of another core, board or version counts, and how far a build's pace and shape may
depart from what its core and version say (three numbers, on X-CUBE-AI's rows, where neighbouring values do about as well); for
X-CUBE-AI, that fully connected layers start from 1.7 times the cycles of convolutions per multiply-accumulate, and that convolutions
along one direction have a path of their own (of four accelerometer networks). Nothing is chosen per network. With the first three of
X-CUBE-AI chosen anew for each network of X-CUBE-AI, on the others alone, the errors are ${chosenAnew(accuracy)}.

## In short

${shortTable(accuracy)}

*Before* is the page of ${accuracy.before.date}, when every term of these runtimes was fitted: it had a term of its own for each
family of kernels and board, where now two or three numbers of a board stand.

## Runtimes that were counted

Latency is what a kernel executes, which is known exactly, times what the board takes for it.

${setupTable(accuracy)}

Layers are KIT's, measured alone, a whole sitting left out at a time; operators were timed inside a network, which is left out, or
where there is only one, each without itself. *Kernel left out*: without any row in which the kernel takes nine tenths. The rows of
KIT carry no licence and are not in the project; these figures are from the last \`npm run fit -- --with DIR\`.

By what is known, each board judged by the interval that the other boards give (nine in ten are stated):

${countedTable(accuracy)}

![Errors of networks that were left out, a row per board](accuracy/errors.svg)

![Errors of single layers and operators that were left out](accuracy/layers.svg)

![Errors of networks on boards that were left out](accuracy/boards.svg)

### What is counted, what is fitted, what is guessed

How far the forms lie from the counts that they are made of, in TensorFlow Lite Micro of 2026 with CMSIS-NN and of 2021, on a Cortex-M4 at
-O3. What has no line has no latency there.

${kernelTable()}

Fitted: X-CUBE-AI, TFLM of 2020, ESP-NN, TinyEngine, TFLM on the ESP32 family, what microTVM runs beside CMSIS-NN. Guessed, with
intervals to match: cores that no row is of.

## Other runtimes, from rows in the project

*Network left out* leaves all rows of the network out, on every board and in every version, and fits again; *board unseen* leaves all
rows of the board out. *MACs alone*: cycles proportional to MACs. *Linear*: MACs, values put out and layers, each with a factor. Both
are fitted on the board's other networks.

${unseenTable(accuracy)}

Of networks left out, intervals held ${percent(coverage.outside, 0)} (X-CUBE-AI) and ${percent(coverage.inside, 0)} (the others).

${networkTable(accuracy.inside)}

${boardTable(accuracy.inside)}

A board is unseen only where its version of the kernels was measured on another board.

![Predicted against measured cycles of the other runtimes, a network left out at a time](accuracy/other-runtimes.svg)

## X-CUBE-AI, from rows inside and outside the project

Most of these rows are those of ST's model zoo. They carry no licence: the figures are from the last
\`npm run fit -- --with DIR\`, and only coefficients and errors are in the project. Rows suspected of leaving out channels
whose weights are all zero are not used.

${networkTable(accuracy.outside)}

${boardTable(accuracy.outside)}

![Errors of X-CUBE-AI's networks, each left out of the fit](accuracy/x-cube-ai.svg)

## Single operators of runtimes that were not counted

The interval of a layer is made of the errors of operators that are known as well: each was predicted by a fit that was
robbed of it, of its network, of all operators timed one by one, of its board or of its core, and the error counts for what
the robbed fit still knew. A profile's own errors of a kind decide as far as it has any, then those of the kind on other
profiles, then all; \`basis\` in the runtime files says which. A layer is never surer than the networks of its profile. The interval of a network is not the sum of these: it comes from networks left out.

${operatorTable('Operator', accuracy.operators.families, familyNames)}

${operatorTable('Known from', accuracy.operators.evidences, evidenceNames)}

## Energy

Energy is latency times the power that the board drew in published energy runs (MLPerf Tiny, MicroNets). A runtime whose
power was not measured on a board takes the median over those that were, with the interval of all. The ESP32's is an
estimate from its data sheet, 99 to 224 mW, and says so. On all other boards there is no energy.

${energyTable(accuracy)}

${energySessions(accuracy)}

Average power and battery life of a schedule take what a board draws asleep from its data sheet, typical and at most; no published
measurement says how far off they are.

${memorySection()}

## Every network of runtimes that were not counted

${everyNetwork(accuracy.otherNetworks)}

## What is weak

- A board that nobody measured may be set up in another way than those that were: EdgeMark's programs on the STM32L4R5 take a fifth
  more cycles per instruction than microTVM's on the same board, and nothing in their description says why.
- Which build was measured is seldom said: a session is fitted to the counted build that explains it best. TFLM's reference kernels on the
  STM32H743 fit none, so they speak of that board alone.
- TensorFlow Lite Micro was counted in two versions; the operators around CMSIS-NN of 2022 to 2024 are those of 2026.
- Helium was counted at -Os for TensorFlow Lite Micro's own operators, and rests on four networks of one board.
- The forms of M55 pools, of transpositions and of paddings miss some counts by more than a tenth: the table above says which.
- X-CUBE-AI on a Cortex-M33 and M4 rests on four to ten networks; each of them is the only one with its kind of layer, so
  leaving it out leaves that layer to other cores. 9.0 and later rest on three, because the fourth is suspected of left-out
  channels. Convolutions along one direction were measured on one board: left out, its accelerometer networks of 24x3 values
  are predicted up to a third too fast.
- Networks whose definition does not match the operation count of their table are left out (MicroNet-VWW-2 and the
  DS-CNN baselines of MicroNets): against the nearest definitions at hand they would be 20 to 50 % off.
- Runs on the L4R5 with X-CUBE-AI that Krai submitted drew two thirds more power than STMicroelectronics' own: the interval of
  energy there holds both.
- ESP32-S3 and ESP32-C3 rest on one network of a vendor's page. Activations in PSRAM cost several times more and are
  not priced.
- TinyEngine of 2020 on the STM32F746 takes half as many cycles again as that of 2023 on the STM32H743. That is not the board:
  with Bosch's and Plumerai's engines (MLPerf Tiny) it takes 0.95 to 1.05 of the cycles of an STM32H7A3. One network of 2020 on the
  STM32H743 is all that says what the version does, so the board left out is predicted a seventh too fast.
- No latency, because no data supports one: microTVM's own schedules (four networks, on which
  the model did worse than counting MACs), Ethos-U55, LiteRT with XNNPACK, and float or 16-bit networks anywhere.
`;
}
