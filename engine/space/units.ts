/** Units of quantities: what they measure and how they convert. `KB` is 1024 bytes, as embedded tools count. */

const KIB = 1024;
const MIB = KIB * KIB;
const DAY = 86_400;
const YEAR = 365.25 * DAY;

interface Measured {
  /** How a person would call it, with a unit that fits, for messages. */
  readonly words: string;
  /**
   * By unit, what a written number is multiplied by to get bytes, seconds, hertz, joules, watts, coulombs, amperes, volts
   * or a share.
   */
  readonly factors: Readonly<Record<string, number>>;
}

const dimensions = {
  none: { words: 'a plain number', factors: {} },
  bytes: { words: 'a size such as `96 KB`', factors: { B: 1, KB: KIB, MB: MIB, KiB: KIB, MiB: MIB } },
  time: {
    words: 'a time such as `20 ms`',
    factors: {
      ...{ ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, second: 1, seconds: 1 },
      ...{ min: 60, minute: 60, minutes: 60, h: 3600, hour: 3600, hours: 3600 },
      ...{ day: DAY, days: DAY, week: 7 * DAY, weeks: 7 * DAY, year: YEAR, years: YEAR },
    },
  },
  frequency: { words: 'a frequency such as `180 MHz`', factors: { Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9 } },
  energy: { words: 'an energy such as `3 mJ`', factors: { nJ: 1e-9, uJ: 1e-6, mJ: 1e-3, J: 1 } },
  power: { words: 'a power such as `40 mW`', factors: { nW: 1e-9, uW: 1e-6, mW: 1e-3, W: 1 } },
  charge: { words: 'a charge such as `230 mAh`', factors: { mAh: 3.6, Ah: 3600 } },
  current: { words: 'a current such as `3 uA`', factors: { nA: 1e-9, uA: 1e-6, mA: 1e-3 } },
  voltage: { words: 'a voltage such as `3 V`', factors: { mV: 1e-3, V: 1 } },
  share: { words: 'a share such as `0.9` or `90 %`', factors: { '%': 0.01 } },
  epochs: { words: 'a number of epochs such as `30 epochs`', factors: { epoch: 1, epochs: 1 } },
} as const satisfies Readonly<Record<string, Measured>>;

export type Dimension = keyof typeof dimensions;

export interface Unit {
  readonly dimension: Dimension;
  /** See {@link Measured.factors}. */
  readonly factor: number;
}

export const units: Readonly<Record<string, Unit>> = Object.fromEntries(
  (Object.keys(dimensions) as Dimension[]).flatMap((dimension) =>
    Object.entries(dimensions[dimension].factors).map(([name, factor]): [string, Unit] => [
      name,
      { dimension, factor },
    ]),
  ),
);

export const wordsOf = (dimension: Dimension): string => dimensions[dimension].words;
