/** The text of `docs/accuracy.md`. Pure. */

import { evidenceNames, familyNames, operatorTable, percent, table, unseenTable } from './accuracy-tables.ts';
import type { ErrorFigures } from './figures.ts';
import type { MemberFigures } from './fit-library.ts';
import type { Accuracy, Judgement } from './gather.ts';
import { mean, median } from './intervals.ts';
import { layersWithinTenPercent } from './operators-outside.ts';
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

const errorsOf = (judgements: readonly Judgement[]): number[] =>
  judgements.map(({ measured, predicted }) => Math.abs(predicted / measured - 1));

/** What the goals of the project speak of: whole networks on one core, whatever the board. */
function coreTable(accuracy: Accuracy): string {
  const row = (name: string, errors: readonly number[], goal: string): readonly string[] => [
    name,
    String(errors.length),
    percent(median(errors)),
    percent(mean(errors)),
    percent(errors.filter((error) => error <= 0.1).length / errors.length, 0),
    goal,
  ];
  const all = [...accuracy.networks, ...accuracy.otherNetworks];
  const of = (runtime: string, core: string): number[] =>
    errorsOf(all.filter((entry) => entry.runtime === runtime && entry.core === core));
  const cube = (core: string): number[] =>
    accuracy.outsideErrors.filter((entry) => entry.core === core).map(({ ratio }) => Math.abs(ratio - 1));
  return table(
    ['Runtime and core', 'Predictions', 'Median error', 'Mean error', 'Within 10 %', 'Goal'],
    [
      row('TFLM + CMSIS-NN, Cortex-M4', of('tflm + cmsis-nn', 'cortex-m4'), '5 %; 85 % within 10 %'),
      row('TFLM + CMSIS-NN, Cortex-M7', of('tflm + cmsis-nn', 'cortex-m7'), '7 %; 80 % within 10 %'),
      row(
        'CMSIS-NN, Cortex-M33 (microTVM, and TFLM on a board unseen)',
        [
          ...of('microtvm + cmsis-nn', 'cortex-m33'),
          ...accuracy.checks
            .filter(({ core }) => core === 'cortex-m33')
            .map(({ ratio }) => Math.abs(ratio - 1)),
        ],
        '7 %; 80 % within 10 %',
      ),
      row('X-CUBE-AI, Cortex-M7', cube('cortex-m7'), '6 %; 80 % within 10 %'),
      row('X-CUBE-AI, Cortex-M33', cube('cortex-m33'), 'none'),
      row('X-CUBE-AI, Cortex-M4', cube('cortex-m4'), 'none'),
    ],
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

Written by \`npm run accuracy\` from the measurements in \`device-profiles/measurements\`. A network is never judged by a fit
that has seen it: *network left out* leaves all rows of the network out, on every board and in every version, and fits
again; *board unseen* leaves all rows of the board out. Variants of one architecture count as one network.

What was chosen on these comparisons, so that the figures are slightly kind to the model: for TFLM with CMSIS-NN, the
strength of the priors (one number), the factor between the priors of Cortex-M4 and Cortex-M7, and the term of fully
connected layers per input; for the other libraries, how much a build of another core, board or version counts, and how
far a build's pace and shape may depart from what its core and version say (three numbers, on X-CUBE-AI's rows, where neighbouring
values do about as well); how strongly single layers hold, a board's own and another's (two numbers, on the layers and networks of
the Cortex-M4); for
X-CUBE-AI, that fully connected layers start from 1.7 times the cycles of convolutions per multiply-accumulate (CMSIS-NN's take
1.4 to 2 times; with 2 times, the mean error of X-CUBE-AI's networks is a percentage point more), and that convolutions along one
direction have a path of their own (of four accelerometer networks). Nothing is chosen per board or per network. With the first three of X-CUBE-AI chosen anew for each network of
X-CUBE-AI, on the others alone, the errors are ${chosenAnew(accuracy)}.

## In short

${coreTable(accuracy)}

${unseenTable(accuracy)}

Intervals are stated to hold nine measurements in ten. Of networks left out, they held ${percent(coverage.baseModel, 0)} (TFLM with CMSIS-NN),
${percent(coverage.outside, 0)} (X-CUBE-AI) and ${percent(coverage.inside, 0)} (all other libraries together). A profile's interval is a split-conformal quantile over
its family, scaled by the profile's own residuals as far as it has any: four networks alone say little. On a board that
no row comes from, the interval is that of boards left out, and at least a quarter where fewer than three could be; where a layer is larger or smaller than any that was
measured, it widens with the distance and says so.

![Predicted against measured cycles of TFLM with CMSIS-NN, a network left out at a time](accuracy/tflm-cmsis-nn.svg)

![Errors of the same predictions, a row per board](accuracy/errors.svg)

## TFLM with CMSIS-NN, whole networks

${networkTable(accuracy.baseModel)}

The RP2040 has one published network with its operators timed; leaving it out leaves nothing. The STM32L552 has 2,432
single layers and no network: what they do not cover is the Cortex-M4's at the Cortex-M33's pace. The intervals of both
are those of the other cores, half as wide again, and at least 25 % for the STM32L552.

## Boards that were not seen, and simpler answers

*Board unseen* is a fit without any row of the board, on boards whose core has a sibling. *MACs alone*: cycles proportional
to MACs. *Linear*: MACs, values put out and layers, each with a factor. Both are fitted on the board's other networks.

${boardTable(accuracy.baseModel)}

![Predicted against measured cycles on boards left out](accuracy/boards.svg)

Two networks on boards that no profile was fitted to, from rows outside the project:

${table(
  ['Board', 'Core', 'Network', 'Profile', 'Error', 'In the interval'],
  accuracy.checks.map(({ board, core, network, profile, ratio, covered }) => [
    board,
    core,
    network,
    profile,
    `${ratio >= 1 ? '+' : ''}${percent(ratio - 1)}`,
    covered ? 'yes' : 'no',
  ]),
)}

## Other runtimes, from rows in the project

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

## Single layers

Layers of a convolution, addition, mean or softmax measured alone by KIT, in five folds by output channels. The rows carry no
licence and are not in the project; these figures are from the last \`npm run fit -- --with DIR\`. The shipped profiles are
fitted to networks too, whose builds are others; that of the Arduino Nicla Sense ME is the nRF52840's.

${table(
  ['Board', 'Layers', 'Within 10 %, fitted to layers alone', 'Within 10 %, shipped profile'],
  Object.entries(accuracy.layers).map(([board, error]) => [
    board,
    String(error.rows),
    percent(error.withinTenPercent),
    percent(layersWithinTenPercent[board] ?? 0),
  ]),
)}

## Single operators

The interval of a layer is made of the errors of operators that are known as well: each was predicted by a fit that was
robbed of it, of its network, of all operators timed one by one, of its board or of its core, and the error counts for what
the robbed fit still knew. A profile's own errors of a kind decide as far as it has any, then those of the kind on other
profiles, then all; \`basis\` in the runtime files says which. A layer is never surer than the networks of its profile, except where
it was timed alone. The interval of a network is not the sum of these: it comes from networks left out.

${operatorTable('Operator', accuracy.operators.families, familyNames)}

${operatorTable('Known from', accuracy.operators.evidences, evidenceNames)}

Of single layers, twenty quantiles of a profile's errors count instead of each layer. Softmax, reshapes and small pooling layers
take less than a hundredth of a network's time, some of them near the resolution of the timers, and few networks say what:
their errors are large, and their intervals, wide as they are, hold less often than stated.

## Energy

Energy is latency times the power that the board drew in published energy runs (MLPerf Tiny, MicroNets). A runtime whose
power was not measured on a board takes the median over those that were, with the interval of all. The ESP32's is an
estimate from its data sheet, 99 to 224 mW, and says so. On all other boards there is no energy.

${energyTable(accuracy)}

${memorySection()}

## Every network

${everyNetwork([...accuracy.networks, ...accuracy.otherNetworks])}

## What is weak

- Cortex-M33 with TFLM rests on single layers of the STM32L552, on what microTVM with the same kernels takes on the nRF5340,
  and on one network of a Silicon Labs board above. No other network of TFLM on a Cortex-M33 was at hand.
- X-CUBE-AI on a Cortex-M33 and M4 rests on four to ten networks; each of them is the only one with its kind of layer, so
  leaving it out leaves that layer to other cores. 9.0 and later rest on three, because the fourth is suspected of left-out
  channels. Convolutions along one direction were measured on one board: left out, its accelerometer networks of 24x3 values
  are predicted up to a third too fast.
- Depthwise convolutions other than 3x3 rest on few networks. Those with a multiplier rest on the first layer of
  person_detect, and on a prior that one network (micro_speech on the nRF52840) set.
- Networks whose definition does not match the operation count of their table are left out (MicroNet-VWW-2 and the
  DS-CNN baselines of MicroNets): against the nearest definitions at hand they would be 20 to 50 % off.
- Arduino's default flags (-Os) make fully connected layers a third slower than -O3: there the nRF52840 leans on EdgeMark's -Os
  builds of the L4R5, whose convolutions take 28 to 51 % more at -Os. Those of the nRF52840 that were timed do not, so its others
  are taken to be KIT's. Other boards built with -Os are predicted too fast.
- Convolutions other than 1x1, additions, pooling by maximum and fully connected layers have never been measured on an RP2040
  by anyone whose figures could be read: they are carried over from the Cortex-M4, with intervals to match.
- The STM32H743 rows (TFLM with CMSIS-NN, TinyEngine, X-CUBE-AI) state no clock: 480 MHz is assumed. Kernels of 2020, which
  the F746ZG and F767ZI have, take a quarter more; a Cortex-M7 that was not measured is priced with those of 2023.
- Where only whole networks were timed, how their time divides among kernels is known badly: on an STM32H745 the convolutions
  of one network took 21 % more and the depthwise ones 30 % less than the STM32H743's profile says, the whole 1 to 4 % off.
  Intervals of single operators allow for that.
- Helium (Cortex-M85) and CMSIS-NN of 2020 rest on four networks each: better than counting MACs, and no more. Of eight layers of
  MobileNetV2 that were timed on the Cortex-M55 of an Alif E8 (ExecuTorch, issue 17651), the profile carried to that core says
  the 1x1 convolutions within 16 %, and the depthwise and the first one, with activations of a megabyte, up to half too fast.
- Runs on the L4R5 with X-CUBE-AI that Krai submitted drew two thirds more power than STMicroelectronics' own: the interval of
  energy there holds both.
- ESP32-S3 and ESP32-C3 rest on one network of a vendor's page. Activations in PSRAM cost several times more and are
  not priced.
- TinyEngine of 2020 on the STM32F746 takes half as many cycles again as that of 2023 on the STM32H743. That is not the board:
  with Bosch's and Plumerai's engines (MLPerf Tiny) it takes 0.95 to 1.05 of the cycles of an STM32H7A3. One network of 2020 on the
  STM32H743 is all that says what the version does, so the board left out is predicted a seventh too fast.
- TFLM's reference kernels rest on five networks of one table (STM32H743) and one network each on ESP32-S3 and ESP32-C3; on other
  cores they are carried over.
- Cores that no row of a runtime is of (TFLM with CMSIS-NN on a Cortex-M55, TinyEngine on a Cortex-M4) are carried over from
  another core, with an interval of a factor of 1.65 that says so.
- No latency, because no data supports one: microTVM's own schedules (four networks, on which
  the model did worse than counting MACs), Ethos-U55, LiteRT with XNNPACK, Nasturtium's probe kernels, and float or 16-bit
  networks anywhere.
`;
}
