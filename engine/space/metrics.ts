/**
 * The metrics, a row each: what an architecture is judged by. The language, the search, the views and the reference all
 * read these. A cost that is made from others needs nothing but its row; any other is computed in `engine/cost`.
 */

import type { Dimension } from './units.ts';

/** What a number counts, which decides how it is written in the language and shown to a person. */
export type Measure = 'time' | 'bytes' | 'energy' | 'power' | 'life' | 'count' | 'share';

/** How a measure is written in a limit. */
export const measures: Readonly<
  Record<
    Measure,
    {
      readonly dimensions: readonly Dimension[];
      /** From the base unit of the dimension to that in which the metric is kept, which is `unit`. */
      readonly scale: number;
      readonly unit: string;
    }
  >
> = {
  time: { dimensions: ['time'], scale: 1e3, unit: 'ms' },
  bytes: { dimensions: ['bytes'], scale: 1, unit: 'bytes' },
  energy: { dimensions: ['energy'], scale: 1e6, unit: 'µJ' },
  power: { dimensions: ['power'], scale: 1e6, unit: 'µW' },
  life: { dimensions: ['time'], scale: 1 / 86_400, unit: 'days' },
  count: { dimensions: ['none'], scale: 1, unit: '1' },
  share: { dimensions: ['share', 'none'], scale: 1, unit: 'a share from 0 to 1' },
};

/** A cost that others give. */
export interface Derived {
  readonly of: readonly BaseMetric[];
  /** Must grow, or stay, with each of them: so the limits of these give its own. */
  readonly value: (...values: readonly number[]) => number;
}

export interface MetricRow {
  /** In a table, on an axis and in a sentence, without a unit. */
  readonly label: string;
  /** A sentence. */
  readonly documentation: string;
  readonly measure: Measure;
  readonly better: 'higher' | 'lower';
  /** A limit as people write it; what can be changed in it is a number that may have a unit. */
  readonly limit: string;
  /** Unit of an axis, and what a value is multiplied by to be drawn. */
  readonly axis: { readonly unit: string; readonly scale: number };
  /**
   * `trained`: measured after training. `priced`: by `engine/cost`, on each target. `counted`: in the same way, and the
   * same on every target. `program`: of the whole program, written as the metric it belongs to and `total`, in limits only.
   * `scheduled`: of the whole network, on targets with a schedule.
   */
  readonly from: 'trained' | 'priced' | 'counted' | 'program' | 'scheduled' | Derived;
  /** Priced on every target: no data can be missing. */
  readonly known: boolean;
}

const KB = { unit: 'KB', scale: 1 / 1024 };

export const metrics = {
  latency: {
    label: 'Latency',
    documentation: 'Time of one inference on the target.',
    measure: 'time',
    better: 'lower',
    limit: '20 ms',
    axis: { unit: 'ms', scale: 1 },
    from: 'priced',
    known: false,
  },
  ram: {
    label: 'RAM',
    documentation:
      "The tensor arena that setting the network up needs: activations, scratch and the interpreter's data, and more where making the plan takes more.",
    measure: 'bytes',
    better: 'lower',
    limit: '64 KB',
    axis: KB,
    from: 'priced',
    known: true,
  },
  flash: {
    label: 'Flash',
    documentation: 'Size of the model file, without the runtime and its kernels.',
    measure: 'bytes',
    better: 'lower',
    limit: '256 KB',
    axis: KB,
    from: 'priced',
    known: true,
  },
  energy: {
    label: 'Energy',
    documentation: 'Energy of one inference.',
    measure: 'energy',
    better: 'lower',
    limit: '3 mJ',
    axis: { unit: 'µJ', scale: 1 },
    from: 'priced',
    known: false,
  },
  'average power': {
    label: 'Average power',
    documentation:
      "What the microcontroller draws on average over the target's schedule: inference, wake-up and sleep.",
    measure: 'power',
    better: 'lower',
    limit: '500 uW',
    axis: { unit: 'µW', scale: 1 },
    from: 'scheduled',
    known: false,
  },
  'battery life': {
    label: 'Battery life',
    documentation: "How long the target's battery lasts at the average power.",
    measure: 'life',
    better: 'higher',
    limit: '180 days',
    axis: { unit: 'days', scale: 1 },
    from: 'scheduled',
    known: false,
  },
  macs: {
    label: 'MACs',
    documentation: 'Multiply-accumulates of one inference.',
    measure: 'count',
    better: 'lower',
    limit: '5000000',
    axis: { unit: 'million', scale: 1e-6 },
    from: 'counted',
    known: true,
  },
  parameters: {
    label: 'Parameters',
    documentation: 'Weights and biases.',
    measure: 'count',
    better: 'lower',
    limit: '50000',
    axis: { unit: 'thousand', scale: 1e-3 },
    from: 'counted',
    known: true,
  },
  accuracy: {
    label: 'Validation accuracy',
    documentation: 'Share of the validation split that the int8 network gets right.',
    measure: 'share',
    better: 'higher',
    limit: '90 %',
    axis: { unit: '%', scale: 100 },
    from: 'trained',
    known: false,
  },
  'ram total': {
    label: 'RAM total',
    documentation: 'All RAM of the program: the arena, static data and the stack.',
    measure: 'bytes',
    better: 'lower',
    limit: '96 KB',
    axis: KB,
    from: 'program',
    known: false,
  },
  'flash total': {
    label: 'Flash total',
    documentation: 'The model file, the runtime and its kernels.',
    measure: 'bytes',
    better: 'lower',
    limit: '256 KB',
    axis: KB,
    from: 'program',
    known: false,
  },
} as const satisfies Readonly<Record<string, RowOf<string>>>;

/** A row, whatever its derivation is of: that is checked where it is read. */
type RowOf<Name extends string> = Omit<MetricRow, 'from'> & {
  readonly from:
    Exclude<MetricRow['from'], Derived> | (Omit<Derived, 'of'> & { readonly of: readonly Name[] });
};

type Rows = typeof metrics;
type From<F> = { [K in keyof Rows]: Rows[K]['from'] extends F ? K : never }[keyof Rows];

export type Metric = keyof Rows;
/** Costs that `engine/cost` computes for every network. */
export type BaseMetric = From<'priced' | 'counted'>;
/** Costs of a target's schedule. */
export type ScheduledMetric = From<'scheduled'>;
/** Everything that is known of a network before it is trained. */
export type CostMetric = Exclude<Metric, From<'trained'>>;
/** What of that is computed, not made of others. */
export type ComputedMetric = Exclude<CostMetric, From<Derived>>;
/** Costs that are known on every target. */
export type KnownMetric = Extract<
  BaseMetric,
  { [K in Metric]: Rows[K]['known'] extends true ? K : never }[Metric]
>;

/** A value for each of these; of those that data may not support, perhaps none. */
export type Costs<K extends CostMetric, Value> = { readonly [M in K & KnownMetric]: Value } & {
  readonly [M in Exclude<K, KnownMetric>]: Value | undefined;
};

export const metricNames = Object.keys(metrics) as readonly Metric[];

export function isMetric(name: string): name is Metric {
  return Object.hasOwn(metrics, name);
}

const rowOf = (name: Metric): MetricRow => metrics[name];

export function isCostMetric(name: string): name is CostMetric {
  return isMetric(name) && rowOf(name).from !== 'trained';
}

export const costMetrics: readonly CostMetric[] = metricNames.filter(isCostMetric);

export const baseMetrics = metricNames.filter((name): name is BaseMetric => {
  const { from } = rowOf(name);
  return from === 'priced' || from === 'counted';
});

export const scheduledMetrics = metricNames.filter(
  (name): name is ScheduledMetric => rowOf(name).from === 'scheduled',
);

/** What objectives, axes and columns are of. */
export const mainMetrics: readonly Metric[] = metricNames.filter((name) => rowOf(name).from !== 'program');

export const derivedMetrics: readonly (readonly [name: CostMetric, Derived])[] = costMetrics.flatMap(
  (name) => {
    const { from } = rowOf(name);
    return typeof from === 'string' ? [] : [[name, from] as const];
  },
);

/** Of values of a metric, such as those on several targets. */
export function worstOf(metric: Metric, values: readonly number[]): number {
  return metrics[metric].better === 'higher' ? Math.min(...values) : Math.max(...values);
}

/** A limit as people write it: `latency < 20 ms`. */
export function exampleLimit(metric: Metric): string {
  const { better, limit } = metrics[metric];
  return `${metric} ${better === 'lower' ? '<' : '>'} ${limit}`;
}

/** Its label in the middle of a sentence: `latency`, `RAM`, `MACs`. */
export function metricWord(metric: Metric): string {
  const { label } = metrics[metric];
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}
