/** Numbers as a person reads them; the hover, the command line and the report share them. */

import type { Bound, Estimate } from './types.ts';

/** Three significant digits without an exponent. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return 'unbounded';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.max(0, digits - 1 - magnitude);
  return String(Number(value.toFixed(Math.min(decimals, 9))));
}

/** 1 KB = 1024 B, as memory is counted in the embedded field. */
export function formatBytes(bytes: number): string {
  if (Math.abs(bytes) < 1024) return `${Math.round(bytes)} B`;
  if (Math.abs(bytes) < 1024 * 1024) return `${formatNumber(bytes / 1024)} KB`;
  if (Math.abs(bytes) < 1024 ** 3) return `${formatNumber(bytes / 1024 ** 2)} MB`;
  return `${formatNumber(bytes / 1024 ** 3)} GB`;
}

export function formatMilliseconds(ms: number): string {
  if (ms !== 0 && Math.abs(ms) < 0.995) return `${formatNumber(ms * 1000)} µs`;
  if (Math.abs(ms) >= 10_000) return `${formatNumber(ms / 1000)} s`;
  return `${formatNumber(ms)} ms`;
}

export function formatMicrojoules(uj: number): string {
  return Math.abs(uj) >= 1000 ? `${formatNumber(uj / 1000)} mJ` : `${formatNumber(uj)} µJ`;
}

export function formatCount(count: number): string {
  if (Math.abs(count) >= 1e9) return `${formatNumber(count / 1e9)} G`;
  if (Math.abs(count) >= 1e6) return `${formatNumber(count / 1e6)} M`;
  if (Math.abs(count) >= 1e4) return `${formatNumber(count / 1e3)} k`;
  return String(Math.round(count));
}

type Format = (value: number) => string;

/** `12.4 ms (11.5 ms to 13.3 ms)`; the value alone where the interval is a point. */
export function formatEstimate(estimate: Estimate, format: Format): string {
  const { value, low, high } = estimate;
  const text = format(value);
  if (format(low) === text && format(high) === text) return text;
  return `${text} (${format(low)} to ${format(high)})`;
}

/** `3.1 to 9.4 ms` when both ends have one unit, else both in full; one value when they are equal. */
export function formatBound(bound: Pick<Bound, 'low' | 'high'>, format: Format): string {
  const low = format(bound.low);
  const high = format(bound.high);
  if (low === high) return low;
  const [lowNumber, lowUnit] = low.split(' ');
  const [, highUnit] = high.split(' ');
  return lowUnit === highUnit && lowNumber !== undefined ? `${lowNumber} to ${high}` : `${low} to ${high}`;
}
