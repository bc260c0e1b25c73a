/** Tables of `docs/accuracy.md`. Pure. */

import { kernelLibrary } from '../../../device-profiles/index.ts';
import type { RuntimeError } from './fit-library.ts';
import type { KeptSetup } from './fit-paces.ts';
import type { Figures } from './paces-judged.ts';
import type { Accuracy } from './gather.ts';
import { mean, median, withinTenPercent } from './intervals.ts';

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((name) => '-'.repeat(name.length))), ...rows.map(line)].join('\n');
}

/** What the goals of the project speak of, beside what the model before said. */
export function shortTable({ setups, before, outsideErrors }: Accuracy): string {
  const errorsOf = (
    accepts: (setup: KeptSetup) => boolean,
    of: (setup: KeptSetup) => readonly number[],
  ): number[] => setups.filter(accepts).flatMap((setup) => of(setup).map((ratio) => Math.abs(ratio - 1)));
  const networks =
    (core: string) =>
    ({ core: own, flags }: KeptSetup): boolean =>
      own === core && flags !== 'Os';
  const leftOut = ({ errors }: KeptSetup): readonly number[] => errors.networks;
  const cube = (core: string): number[] =>
    outsideErrors.filter((entry) => entry.core === core).map(({ ratio }) => Math.abs(ratio - 1));
  const row = (
    name: string,
    errors: readonly number[],
    goal: string,
    earlier?: { readonly median: number; readonly within: number },
  ): readonly string[] => [
    name,
    String(errors.length),
    percent(median(errors)),
    percent(withinTenPercent(errors), 0),
    earlier === undefined ? '' : `${percent(earlier.median)}, ${percent(earlier.within, 0)}`,
    goal,
  ];
  return table(
    ['Networks left out', 'Predictions', 'Median error', 'Within 10 %', 'Before', 'Goal'],
    [
      row('CMSIS-NN, Cortex-M4', errorsOf(networks('cortex-m4'), leftOut), '4 %; 90 %', before.M4),
      row('CMSIS-NN, Cortex-M7', errorsOf(networks('cortex-m7'), leftOut), '4 %; 90 %', before.M7),
      row('CMSIS-NN, Cortex-M33', errorsOf(networks('cortex-m33'), leftOut), '4 %; 90 %', before.M33),
      row(
        'CMSIS-NN at -Os, of a board measured so',
        errorsOf(({ flags }) => flags === 'Os', leftOut),
        '7 %',
      ),
      row(
        'operators of the RP2040',
        errorsOf(
          ({ board }) => board === 'pico',
          ({ errors }) => errors.operators,
        ),
        '4 %',
      ),
      row(
        'any counted runtime, board unseen',
        errorsOf(
          () => true,
          ({ unseen }) => unseen.networks,
        ),
        '6 %; 80 %',
        before.unseen,
      ),
      row('X-CUBE-AI, Cortex-M7', cube('cortex-m7'), '6 %; 85 %'),
      row('X-CUBE-AI, Cortex-M33', cube('cortex-m33'), '6 %; 85 %'),
      row('X-CUBE-AI, Cortex-M4', cube('cortex-m4'), '6 %; 85 %'),
    ],
  );
}

/** Each board with a runtime, and how its rows fare when they are left out. */
export function setupTable({ setups }: Accuracy): string {
  const cell = (figures: Figures | undefined): string =>
    figures === undefined
      ? ''
      : `${figures.rows}: ${percent(figures.median)}, ${percent(figures.withinTenPercent, 0)}`;
  return table(
    [
      'Board',
      'Runtime',
      'Measured build',
      'Cycles per instruction, load, branch',
      'Layers',
      'Operators',
      'Networks',
      'Kernel left out',
    ],
    setups.map(({ board, runtime, builds, costs: { cycles }, figures }) => [
      board,
      runtime,
      builds.join('; '),
      [cycles.instruction, cycles.load, cycles.branch].map((each) => each.toFixed(2)).join(', '),
      cell(figures['layers']),
      cell(figures['operators']),
      cell(figures['networks']),
      cell(figures['kernels']),
    ]),
  );
}

export function countedTable({ counted }: Accuracy): string {
  return table(
    ['What is known', 'Errors', 'Median error', 'Within 10 %', '90 % interval holds'],
    counted.map(({ name, errors, median: middle, withinTenPercent: within, covered }) => [
      name,
      String(errors),
      percent(middle),
      percent(within, 0),
      percent(covered, 0),
    ]),
  );
}

/** How well the forms of TensorFlow Lite Micro say their counts. */
export function kernelTable(): string {
  const of = (id: string): ReadonlyMap<string, string> =>
    new Map(
      (kernelLibrary(id)?.kernels ?? []).map(
        ({ operators, kernel, wraps, shapes, median: middle, worst }) => [
          `${operators.join(', ')}${wraps === true ? ' (around its kernel)' : ''}|${kernel}`,
          `${shapes}: ${percent(middle)}, ${percent(worst)}`,
        ],
      ),
    );
  const builds = [of('tflm-2026-cn-m4-O3'), of('tflm-2021-cn-m4-O3')];
  const names = [...new Set(builds.flatMap((build) => [...build.keys()]))].sort();
  return table(
    ['Operator', '2026: shapes, median and worst error', '2021'],
    names.map((name) => [name.split('|')[0] ?? '', ...builds.map((build) => build.get(name) ?? '')]),
  );
}

/** All predictions without the board, by runtime. */
export function unseenTable({ unseenBoards }: Accuracy): string {
  const families = new Map<string, RuntimeError[]>();
  for (const error of unseenBoards) {
    const name = error.runtime.replace(/ \d+$/, '');
    families.set(name, [...(families.get(name) ?? []), error]);
  }
  const row = (name: string, list: readonly RuntimeError[]): readonly string[] => {
    const errors = list.map(({ ratio }) => Math.abs(ratio - 1));
    const held = list.flatMap((entry) => (entry.held === undefined ? [] : [entry.held]));
    return [
      name,
      String(errors.length),
      percent(median(errors)),
      percent(mean(errors)),
      percent(withinTenPercent(errors), 0),
      held.length === 0 ? '' : percent(held.filter(Boolean).length / held.length, 0),
      'median 12 %',
    ];
  };
  return table(
    [
      'Board unseen',
      'Predictions',
      'Median error',
      'Mean error',
      'Within 10 %',
      '90 % interval of other boards holds',
      'Goal',
    ],
    [...[...families].map(([name, list]) => row(name, list)), row('All together', unseenBoards)],
  );
}

export const familyNames: Readonly<Record<string, string>> = {
  'conv-1x1': '1x1 convolution',
  conv: 'other convolution',
  'conv-line': 'convolution along one direction',
  depthwise: 'depthwise convolution',
  'depthwise-multiplier': 'depthwise convolution with a multiplier',
  'fully-connected': 'fully connected',
  elementwise: 'addition',
  mean: 'mean',
  'average-pool': 'average pooling',
  softmax: 'softmax',
  copy: 'reshape',
};
export const evidenceNames: Readonly<Record<string, string>> = {
  timed: 'operators timed in networks of the board, or networks of nearly nothing else',
  networks: 'part of four or more networks of the board',
  core: 'other boards with the core',
  elsewhere: 'other cores, or too few networks',
};

export function operatorTable(
  head: string,
  figures: Accuracy['operators']['families'],
  names: Readonly<Record<string, string>>,
): string {
  return table(
    [head, 'Errors', 'Profiles', 'Median error', '90 % interval holds'],
    figures.map(({ name, errors, profiles, median: middle, covered }) => [
      names[name] ?? name,
      String(errors),
      String(profiles),
      percent(middle),
      percent(covered, 0),
    ]),
  );
}
