/** The table of the front view as texts, and what a trial is to its neighbours. Pure. */

import { formatMetric } from '../../engine/cost/format.ts';
import { isCostMetric, type Metric, metrics } from '../../engine/space/metrics.ts';
import type { FrontState, Goal, Point } from './messages.ts';
import { valueOf } from './metrics.ts';

/** What is being looked at. */
export interface Look {
  readonly target: string | undefined;
  /** Only what has had the last training. */
  readonly trained: boolean;
}

/** The trials that are looked at. */
export function visible(points: readonly Point[], { trained }: Look): readonly Point[] {
  return trained ? points.filter(({ fullyTrained }) => fullyTrained) : points;
}

export function isOnFront(point: Point, { target, trained }: Look): boolean {
  return target !== undefined && (trained ? point.frontOfTrained : point.front).includes(target);
}

/** `on the front`, `beaten`, or which limits it breaks. */
export function standingOf(point: Point, look: Look): string {
  if (point.breaks.length > 0) return `breaks ${point.breaks.join(' and ')}`;
  return isOnFront(point, look) ? 'on the front' : 'beaten';
}

export interface TableColumn {
  readonly title: string;
  /** What the title stands for, in a full sentence. */
  readonly note: string;
  readonly cell: (point: Point) => Cell;
}

export interface Cell {
  readonly text: string;
  /** On a line of its own below the text. */
  readonly more?: string;
}

const usual = ['latency', 'ram', 'flash', 'energy'] as const;

/** Whatever ranks on the target has a column, so that no trial of its front is beaten in all that is shown. */
export function tableColumns(
  { points, fullEpochs, objectives }: Pick<FrontState, 'points' | 'fullEpochs' | 'objectives'>,
  target: string | undefined,
): TableColumn[] {
  const isKnown = ({ metric, target: on }: Goal): boolean =>
    points.some((point) => valueOf(point, metric, on) !== undefined);
  const asked = objectives.filter(({ metric }) => isCostMetric(metric));
  const wanted = [...usual.map((metric): Goal => ({ metric, target })), ...asked].map(
    ({ metric, target: on }): Goal => ({ metric, target: on ?? target }),
  );
  const costs = new Map(wanted.map((goal) => [`${goal.metric} ${goal.target ?? ''}`, goal]));
  return [
    {
      title: 'Accuracy',
      note: 'Of the int8 network on the validation split. It alone ranks.',
      cell: ({ accuracy }) => ({ text: formatMetric('accuracy', accuracy) }),
    },
    ...[...costs.values()].filter(isKnown).map((goal) => costColumn(goal, target)),
    {
      title: 'Epochs',
      note: 'Of training so far, and of the last training.',
      cell: ({ epochs }) => ({
        text: fullEpochs === undefined ? String(epochs) : `${epochs} of ${fullEpochs}`,
      }),
    },
    {
      title: 'Split',
      note: 'On which splits of the data the trial has been judged.',
      cell: ({ test }) =>
        test === undefined ? { text: 'validation' } : { text: 'validation', more: 'and test' },
    },
    {
      title: 'Test',
      note: 'Accuracy of the int8 network on the test split with its 95 % interval, after the last training. It does not rank.',
      cell: testCell,
    },
  ];
}

function costColumn({ metric, target: on }: Goal, target: string | undefined): TableColumn {
  const title = metrics[metric].label;
  return {
    title: on === target ? title : `${title} on ${on ?? ''}`,
    note: `Predicted${on === undefined ? '' : ` on ${on}`}.`,
    cell: (point) => {
      const value = valueOf(point, metric, on);
      return { text: value === undefined ? '–' : formatMetric(metric, value) };
    },
  };
}

function testCell({ test }: Point): Cell {
  if (test === undefined) return { text: '' };
  const text = formatMetric('accuracy', test.accuracy);
  const { low, high } = test;
  const isKnown = low !== undefined && high !== undefined;
  return { text, more: isKnown ? formatMetric('accuracy', { low, high }) : 'size unknown' };
}

/** Says which objectives the axes leave out; empty when they show all. */
export function undrawnText(
  objectives: readonly Goal[],
  axes: readonly Metric[],
  target: string | undefined,
): string {
  const names = objectives
    .filter(
      ({ metric, target: on }) =>
        !axes.includes(metric) || (on !== undefined && on !== target && isCostMetric(metric)),
    )
    .map(
      ({ metric, target: on }) =>
        `${metrics[metric].label}${on === undefined || on === target ? '' : ` on ${on}`}`,
    );
  if (names.length === 0) return '';
  const [verb, what] = names.length === 1 ? ['is', 'an objective'] : ['are', 'objectives'];
  return `${names.join(' and ')} ${verb} ${what} too and not drawn: a trial of the front may be behind another in both axes.`;
}
