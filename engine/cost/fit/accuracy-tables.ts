/** Tables of `docs/accuracy.md` on boards unseen and on single operators. Pure. */

import type { RuntimeError } from './fit-library.ts';
import type { Accuracy } from './gather.ts';
import { mean, median } from './intervals.ts';

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((name) => '-'.repeat(name.length))), ...rows.map(line)].join('\n');
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
      percent(errors.filter((error) => error <= 0.1).length / errors.length, 0),
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
  alone: 'single layers of the board',
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
