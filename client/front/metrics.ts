/** How the views name, read and write each metric. Pure: used by the pages and by the extension. */

import type { Metric, Point } from './messages.ts';

interface MetricWords {
  /** With its unit, for an axis. */
  readonly label: string;
  readonly better: 'higher' | 'lower';
  /** Value in the unit of the label. */
  readonly scale: number;
  readonly format: (value: number) => string;
}

function digits(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function count(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6)} M`;
  if (value >= 1e3) return `${digits(value / 1e3)} k`;
  return digits(value);
}

/** KB are 1024 bytes, as everywhere in the field and in the language. */
const bytesPerKb = 1024;

function bytes(value: number): string {
  if (value < bytesPerKb) return `${Math.round(value)} B`;
  if (value < bytesPerKb ** 2) return `${digits(value / bytesPerKb)} KB`;
  return `${digits(value / bytesPerKb ** 2)} MB`;
}

const milliseconds = (value: number): string =>
  value > 0 && value < 0.995 ? `${digits(value * 1000)} µs` : `${digits(value)} ms`;

const microjoules = (value: number): string =>
  value >= 1000 ? `${digits(value / 1000)} mJ` : `${digits(value)} µJ`;

export const metricWords: Readonly<Record<Metric, MetricWords>> = {
  accuracy: {
    label: 'Validation accuracy (%)',
    better: 'higher',
    scale: 100,
    format: (value) => `${(value * 100).toFixed(1)} %`,
  },
  latency: { label: 'Latency (ms)', better: 'lower', scale: 1, format: milliseconds },
  ram: {
    label: 'RAM (KB)',
    better: 'lower',
    scale: 1 / bytesPerKb,
    format: bytes,
  },
  flash: {
    label: 'Flash (KB)',
    better: 'lower',
    scale: 1 / bytesPerKb,
    format: bytes,
  },
  energy: { label: 'Energy (µJ)', better: 'lower', scale: 1, format: microjoules },
  macs: { label: 'MACs (million)', better: 'lower', scale: 1e-6, format: count },
  parameters: { label: 'Parameters (thousand)', better: 'lower', scale: 1e-3, format: count },
};

/** `3 of 12 epochs`; below one, a share of the images */
export function epochsText(epochs: number, full: number | undefined): string {
  return `${epochs}${full === undefined ? '' : ` of ${full}`} epoch${(full ?? epochs) === 1 ? '' : 's'}`;
}

/** `undefined` where no number is known, for example the latency on a board without measurements. */
export function valueOf(point: Point, metric: Metric, target: string | undefined): number | undefined {
  if (metric === 'accuracy') return point.accuracy;
  return target === undefined ? undefined : point.costs[target]?.[metric];
}

/** The points that no other point beats in both metrics, in the order of `x`. */
export function staircase<T extends { readonly x: number; readonly y: number }>(
  points: readonly T[],
  betterX: 'higher' | 'lower',
  betterY: 'higher' | 'lower',
): T[] {
  const signX = betterX === 'lower' ? 1 : -1;
  const signY = betterY === 'lower' ? 1 : -1;
  const fromBest = [...points].sort((a, b) => signX * (a.x - b.x) || signY * (a.y - b.y));
  const kept: T[] = [];
  let bestY = Number.POSITIVE_INFINITY;
  for (const point of fromBest) {
    if (signY * point.y >= bestY) continue;
    bestY = signY * point.y;
    kept.push(point);
  }
  return kept.sort((a, b) => a.x - b.x);
}
