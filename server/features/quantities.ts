/** Numbers as a person reads them: three significant digits, one unit for both ends of a range. */

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** `[size of the unit, name]`, greatest first. */
type Scale = readonly (readonly [number, string])[];

const time: Scale = [
  [60_000, 'min'],
  [1000, 's'],
  [1, 'ms'],
  [0.001, 'µs'],
];
/** 1 KB is 1024 bytes, as in the language and in embedded tools. */
const size: Scale = [
  [1024 ** 3, 'GB'],
  [1024 * 1024, 'MB'],
  [1024, 'KB'],
  [1, 'B'],
];
const count: Scale = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
];
const energy: Scale = [
  [1e6, 'J'],
  [1000, 'mJ'],
  [1, 'µJ'],
  [0.001, 'nJ'],
];

/** Milliseconds. */
export const formatTime = (range: Range | number): string => format(range, time);
/** Bytes. */
export const formatSize = (range: Range | number): string => format(range, size);
/** Microjoules. */
export const formatEnergy = (range: Range | number): string => format(range, energy);
/** A plain number with a noun, `1.2–3.4 M MACs`. */
export const formatCount = (range: Range | number, noun: string): string => {
  const text = format(range, count);
  return noun === '' ? text : `${text} ${noun}`;
};

/** `0.8–2.1 ms`, or `0.8 ms` when both ends read the same. */
function format(range: Range | number, scale: Scale): string {
  const { low, high } = typeof range === 'number' ? { low: range, high: range } : range;
  const unit = scale.find(([step]) => Math.abs(high) >= step) ?? scale[scale.length - 1];
  if (unit === undefined) return '';
  const [step, name] = high === 0 ? (scale.find(([size]) => size === 1) ?? unit) : unit;
  const ends = [digits(low / step), digits(high / step)];
  const text = ends[0] === ends[1] ? (ends[0] ?? '') : ends.join('–');
  return name === '' ? text : `${text} ${name}`;
}

/** Three significant digits without exponent or trailing zeros. */
function digits(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.min(Math.max(2 - magnitude, 0), 3);
  const text = value.toFixed(decimals);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
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
  return `${digits(share * 100)} %`;
}

/** `28x28x1` */
export function formatShape(shape: readonly number[]): string {
  return shape.join('x');
}
