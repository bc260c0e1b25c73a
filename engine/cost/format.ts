/** The one place where numbers become text: hovers, the command line, reports and the pages of the editor share it. */

import { type Metric, metrics, type Measure } from '../space/metrics.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** `[size of the unit, name]`, greatest first. */
type Scale = readonly (readonly [size: number, name: string])[];

const scales = {
  /** Milliseconds. */
  time: [
    [60_000, 'min'],
    [1000, 's'],
    [1, 'ms'],
    [0.001, 'µs'],
  ],
  /** 1 KB is 1024 B, as in the language and in embedded tools. */
  bytes: [
    [1024 ** 3, 'GB'],
    [1024 ** 2, 'MB'],
    [1024, 'KB'],
    [1, 'B'],
  ],
  /** Microjoules. */
  energy: [
    [1e6, 'J'],
    [1000, 'mJ'],
    [1, 'µJ'],
    [0.001, 'nJ'],
  ],
  /** Microwatts. */
  power: [
    [1e6, 'W'],
    [1000, 'mW'],
    [1, 'µW'],
    [0.001, 'nW'],
  ],
  /** Days. */
  life: [
    [365.25, 'years'],
    [1, 'days'],
    [1 / 24, 'h'],
    [1 / 1440, 'min'],
  ],
  count: [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
    [1, ''],
  ],
  share: [[0.01, '%']],
  frequency: [
    [1e6, 'MHz'],
    [1e3, 'kHz'],
    [1, 'Hz'],
  ],
} as const satisfies Readonly<Record<Measure | 'frequency', Scale>>;

export interface FormatOptions {
  /** Significant digits; three unless given. */
  readonly digits?: number;
  /** Between the ends of a range: a dash unless given. */
  readonly between?: string;
}

/** `0.8–2.1 ms`, with one unit for both ends; `0.8 ms` for a number, or where both ends read the same. */
export function formatAmount(
  measure: keyof typeof scales,
  amount: Range | number,
  { digits = 3, between = '–' }: FormatOptions = {},
): string {
  const { low, high } = typeof amount === 'number' ? { low: amount, high: amount } : amount;
  const scale: Scale = scales[measure];
  // As it will read: 999.9 is a thousand.
  const shown = Math.abs(Number(high.toPrecision(digits)));
  const [size, name] = scale.find(([step]) => (high === 0 ? step === 1 : shown >= step)) ??
    scale.at(-1) ?? [1, ''];
  const ends = [low, high].map((end) => formatNumber(end / size, digits, digits));
  const text = ends[0] === ends[1] ? (ends[0] ?? '') : ends.join(between);
  return name === '' ? text : `${text} ${name}`;
}

export const formatTime = (ms: Range | number): string => formatAmount('time', ms);
export const formatBytes = (bytes: Range | number): string => formatAmount('bytes', bytes);
export const formatEnergy = (uj: Range | number): string => formatAmount('energy', uj);
export const formatHertz = (hertz: number): string => formatAmount('frequency', hertz, { digits: 4 });
/** With a noun: `1.2–3.4 M MACs`. */
export function formatCount(count: Range | number, noun = ''): string {
  const text = formatAmount('count', count);
  return noun === '' ? text : `${text} ${noun}`;
}

/** A value of a metric, or what a space can give. */
export function formatMetric(metric: Metric, amount: Range | number): string {
  const { measure } = metrics[metric];
  return measure === 'share' ? formatPercent(amount) : formatAmount(measure, amount);
}

/** `88.4 %`, `86.0 to 88.4 %`: with one decimal, as accuracies stand below each other. */
export function formatPercent(share: Range | number, decimals = 1): string {
  const ends = typeof share === 'number' ? [share] : [share.low, share.high];
  return `${ends.map((end) => (100 * end).toFixed(decimals)).join(' to ')} %`;
}

/** `12.4 ms (11.5 to 13.3 ms)`; the value alone where the interval is a point. */
export function formatEstimate(
  metric: Metric,
  { value, low, high }: Range & { readonly value: number },
): string {
  const { measure } = metrics[metric];
  const text = formatAmount(measure, value);
  const interval = formatAmount(measure, { low, high }, { between: ' to ' });
  return interval === text ? text : `${text} (${interval})`;
}

/** So many significant digits, without an exponent or trailing zeros. */
export function formatNumber(value: number, digits = 3, mostDecimals = 9): string {
  if (!Number.isFinite(value)) return 'unbounded';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.min(Math.max(digits - 1 - magnitude, 0), mostDecimals);
  return String(Number(value.toFixed(decimals)));
}

/** `14,680,064`, or `1.47 × 10^19` when nobody would read the digits. */
export function formatBig(value: bigint): string {
  const text = value.toString();
  if (text.length <= 15) return text.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${text.charAt(0)}.${text.slice(1, 3)} × 10^${text.length - 1}`;
}

/** `37 %`, `0.4 %`, `< 0.01 %`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0001) return '< 0.01 %';
  if (share > 0.9999 && share < 1) return '> 99.99 %';
  return formatAmount('share', share);
}

/** `28x28x1` */
export const formatShape = (shape: readonly number[]): string => shape.join('x');
