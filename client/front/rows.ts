/** The table of the front view as texts, and what a trial is to its neighbours. Pure. */

import { formatMetric } from '../../engine/cost/format.ts';
import { isTargetOn } from '../../engine/cost/target-name.ts';
import { isCostMetric, type Metric, metrics, scheduledMetrics } from '../../engine/space/metrics.ts';
import type { FrontState, Goal, Point } from './messages.ts';
import { valueOf } from './metrics.ts';

/** What is being looked at. */
export interface Look {
  /** One, or all of the run. */
  readonly targets: readonly string[];
  /** Only what has had the last training. */
  readonly trained: boolean;
}

/** The trials that are looked at. */
export function visible(points: readonly Point[], { trained }: Look): readonly Point[] {
  return trained ? points.filter(({ fullyTrained }) => fullyTrained) : points;
}

/** Those of the targets looked at on whose front the trial is. */
export function frontsOf(point: Point, { targets, trained }: Look): readonly string[] {
  return (trained ? point.frontOfTrained : point.front).filter((target) => targets.includes(target));
}

export const isOnFront = (point: Point, look: Look): boolean => frontsOf(point, look).length > 0;

/** `on the front`, `beaten`, or which limits it breaks. */
export function standingOf(point: Point, look: Look): string {
  if (point.breaks.length > 0) return `breaks ${point.breaks.join(' and ')}`;
  const fronts = frontsOf(point, look);
  if (fronts.length === 0) return 'beaten';
  return look.targets.length < 2 ? 'on the front' : `on the front of ${fronts.join(' and ')}`;
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

const usual = ['latency', 'ram', 'flash', 'energy', ...scheduledMetrics] as const;

/**
 * Whatever ranks on a target that is looked at has a column, so that no trial of its front is beaten in all that is shown.
 * Of several targets, what is usual besides would be too much for a page.
 */
export function tableColumns(
  { points, fullEpochs, objectives }: Pick<FrontState, 'points' | 'fullEpochs' | 'objectives'>,
  look: Look,
): TableColumn[] {
  const { targets } = look;
  const [only] = targets.length === 1 ? targets : [];
  const isKnown = ({ metric, target: on }: Goal): boolean =>
    points.some((point) => valueOf(point, metric, on) !== undefined);
  const asked = objectives.filter(({ metric }) => isCostMetric(metric));
  const everywhere = only === undefined ? [] : usual.map((metric): Goal => ({ metric, target: only }));
  const wanted = [...everywhere, ...asked].flatMap(({ metric, target: on }): Goal[] =>
    on === undefined ? targets.map((target) => ({ metric, target })) : [{ metric, target: on }],
  );
  const costs = new Map(wanted.map((goal) => [`${goal.metric} ${goal.target ?? ''}`, goal]));
  return [
    {
      title: 'Accuracy',
      note: 'Of the int8 network on the validation split. It alone ranks.',
      cell: ({ accuracy }) => ({ text: formatMetric('accuracy', accuracy) }),
    },
    ...[...costs.values()].filter(isKnown).map((goal) => costColumn(goal, look)),
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

/** Beside others, the column of a target says of each trial whether it is on the front of that. */
function costColumn({ metric, target: on }: Goal, look: Look): TableColumn {
  const { label } = metrics[metric];
  const isOne = look.targets.length < 2;
  return {
    title: isOne && on === look.targets[0] ? label : `${label} on ${on ?? ''}`,
    note: `Predicted${on === undefined ? '' : ` on ${on}`}.`,
    cell: (point) => {
      const value = valueOf(point, metric, on);
      const text = value === undefined ? '–' : formatMetric(metric, value);
      return !isOne && frontsOf(point, look).includes(on ?? '') ? { text, more: 'on the front' } : { text };
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
  targets: readonly string[],
): string {
  const isShown = (on: string | undefined): boolean =>
    on === undefined || targets.some((target) => isTargetOn(target, on));
  const names = objectives
    .filter(({ metric, target: on }) => !axes.includes(metric) || (isCostMetric(metric) && !isShown(on)))
    .map(({ metric, target: on }) => `${metrics[metric].label}${isShown(on) ? '' : ` on ${on ?? ''}`}`);
  if (names.length === 0) return '';
  const [verb, what] = names.length === 1 ? ['is', 'an objective'] : ['are', 'objectives'];
  return `${names.join(' and ')} ${verb} ${what} too and not drawn: a trial of the front may be behind another in both axes.`;
}
