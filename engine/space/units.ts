/** Units of quantities: what they measure and how they convert. `KB` is 1024 bytes, as embedded tools count. */

export type Dimension =
  | 'none'
  | 'bytes'
  | 'time'
  | 'frequency'
  | 'energy'
  | 'power'
  | 'charge'
  | 'current'
  | 'voltage'
  | 'share'
  | 'epochs';

export interface Unit {
  readonly dimension: Dimension;
  /** Multiply the written number by this to get bytes, seconds, hertz, joules, watts, coulombs, amperes, volts or a share. */
  readonly factor: number;
}

const KIB = 1024;
const DAY = 86_400;

export const units: Readonly<Record<string, Unit>> = {
  B: { dimension: 'bytes', factor: 1 },
  KB: { dimension: 'bytes', factor: KIB },
  MB: { dimension: 'bytes', factor: KIB * KIB },
  KiB: { dimension: 'bytes', factor: KIB },
  MiB: { dimension: 'bytes', factor: KIB * KIB },
  ns: { dimension: 'time', factor: 1e-9 },
  us: { dimension: 'time', factor: 1e-6 },
  ms: { dimension: 'time', factor: 1e-3 },
  s: { dimension: 'time', factor: 1 },
  second: { dimension: 'time', factor: 1 },
  seconds: { dimension: 'time', factor: 1 },
  min: { dimension: 'time', factor: 60 },
  minute: { dimension: 'time', factor: 60 },
  minutes: { dimension: 'time', factor: 60 },
  h: { dimension: 'time', factor: 3600 },
  hour: { dimension: 'time', factor: 3600 },
  hours: { dimension: 'time', factor: 3600 },
  day: { dimension: 'time', factor: DAY },
  days: { dimension: 'time', factor: DAY },
  week: { dimension: 'time', factor: 7 * DAY },
  weeks: { dimension: 'time', factor: 7 * DAY },
  year: { dimension: 'time', factor: 365.25 * DAY },
  years: { dimension: 'time', factor: 365.25 * DAY },
  Hz: { dimension: 'frequency', factor: 1 },
  kHz: { dimension: 'frequency', factor: 1e3 },
  MHz: { dimension: 'frequency', factor: 1e6 },
  GHz: { dimension: 'frequency', factor: 1e9 },
  nJ: { dimension: 'energy', factor: 1e-9 },
  uJ: { dimension: 'energy', factor: 1e-6 },
  mJ: { dimension: 'energy', factor: 1e-3 },
  J: { dimension: 'energy', factor: 1 },
  nW: { dimension: 'power', factor: 1e-9 },
  uW: { dimension: 'power', factor: 1e-6 },
  mW: { dimension: 'power', factor: 1e-3 },
  W: { dimension: 'power', factor: 1 },
  mAh: { dimension: 'charge', factor: 3.6 },
  Ah: { dimension: 'charge', factor: 3600 },
  nA: { dimension: 'current', factor: 1e-9 },
  uA: { dimension: 'current', factor: 1e-6 },
  mA: { dimension: 'current', factor: 1e-3 },
  mV: { dimension: 'voltage', factor: 1e-3 },
  V: { dimension: 'voltage', factor: 1 },
  '%': { dimension: 'share', factor: 0.01 },
  epoch: { dimension: 'epochs', factor: 1 },
  epochs: { dimension: 'epochs', factor: 1 },
};

/** How a person would call the dimension, with the units that fit, for messages. */
export const dimensionWords: Readonly<Record<Dimension, string>> = {
  none: 'a plain number',
  bytes: 'a size such as `96 KB`',
  time: 'a time such as `20 ms`',
  frequency: 'a frequency such as `180 MHz`',
  energy: 'an energy such as `3 mJ`',
  power: 'a power such as `40 mW`',
  charge: 'a charge such as `230 mAh`',
  current: 'a current such as `3 uA`',
  voltage: 'a voltage such as `3 V`',
  share: 'a share such as `0.9` or `90 %`',
  epochs: 'a number of epochs such as `30 epochs`',
};
