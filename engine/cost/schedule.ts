/**
 * What a target with a schedule draws on average, and how long its battery lasts. In each period the board wakes, infers
 * and sleeps again, with the arena kept in RAM: what counts is the energy of a period, not of an inference.
 */

import type { Figure } from '../../device-profiles/types.ts';
import type { ScheduledMetric } from '../space/metrics.ts';
import type { Schedule } from '../space/types.ts';
import { compiledTarget, type CompiledTarget } from './compile.ts';
import { type Asleep, drawOf, sleepOf } from './power.ts';
import { outward } from './statement-bounds.ts';
import type { Target } from './target.ts';
import type { Bound, Estimate } from './types.ts';

type End = keyof Figure;

/** What a microwatt comes to in a day. */
const mWhOfMicrowattDay = 24 / 1000;

/** Everything that is needed besides the network. */
interface Duty {
  readonly schedule: Schedule;
  readonly sleep: Asleep;
  /** Milliwatts of the running core. */
  readonly draw: Figure;
}

/** `undefined` where the target has no schedule or its board lacks a figure: `originOfSchedule` says which. */
function dutyOf(compiled: CompiledTarget): Duty | undefined {
  const { schedule } = compiled.target;
  const sleep = sleepOf(compiled.target);
  if (schedule === undefined || sleep === undefined) return undefined;
  const draw = drawOf(compiled);
  return draw && { schedule, sleep, draw };
}

/**
 * Microwatts. Grows, or stays, with latency, arena and every figure: so the limits of these give its own. A board that
 * does not get done in a period never sleeps, and none sleeps where that would take more than staying awake.
 */
function averageMicrowatts(
  { schedule: { everyMs }, sleep, draw }: Duty,
  latencyMs: number,
  arenaBytes: number,
  end: End,
): number {
  const running = draw[end] * 1000;
  const { microwatts, retained, wake } = sleep;
  const wakingMs = (wake?.microseconds ?? 0) / 1000;
  const restMs = everyMs - latencyMs - wakingMs;
  if (restMs <= 0) return running;
  const blocks = retained === undefined ? 0 : Math.ceil(arenaBytes / retained.blockBytes);
  const asleep = microwatts[end] + blocks * (retained?.microwatts[end] ?? 0);
  // Nanojoules: microwatts times milliseconds.
  const waking = wake?.microjoules === undefined ? wakingMs * running : wake.microjoules * 1000;
  return Math.min(running, (latencyMs * running + waking + restMs * asleep) / everyMs);
}

/** Days by microwatts. What the battery loses by itself and what else hangs on it is not counted. */
function lifeOf({ battery }: Schedule): ((microwatts: number) => number) | undefined {
  return (
    battery && ((microwatts) => (battery.milliampHours * battery.volts) / (microwatts * mWhOfMicrowattDay))
  );
}

type Scheduled<Value> = Readonly<Record<ScheduledMetric, Value | undefined>>;

const nothing: Scheduled<never> = { 'average power': undefined, 'battery life': undefined };

/** Of a network with this latency (ms) and arena (bytes). */
export function scheduledOf(
  compiled: CompiledTarget,
  latency: Estimate | undefined,
  ram: Estimate,
): Scheduled<Estimate> {
  const duty = dutyOf(compiled);
  if (duty === undefined || latency === undefined) return nothing;
  const at = (end: End): number => averageMicrowatts(duty, latency[end], ram[end], end);
  const power = { value: at('value'), low: at('low'), high: at('high') };
  const days = lifeOf(duty.schedule);
  return {
    'average power': power,
    'battery life': days && { value: days(power.value), low: days(power.high), high: days(power.low) },
  };
}

/** The same of what was not priced in one piece. */
export const scheduledCosts = (
  target: Target,
  latency: Estimate | undefined,
  ram: Estimate,
): Scheduled<Estimate> => scheduledOf(compiledTarget(target), latency, ram);

/** Over all networks of a space. */
export function scheduledBounds(
  compiled: CompiledTarget,
  latency: Bound | undefined,
  ram: Bound,
): Scheduled<Bound> {
  const duty = dutyOf(compiled);
  if (duty === undefined || latency === undefined) return nothing;
  const at = (end: 'low' | 'high'): number => averageMicrowatts(duty, latency[end], ram[end], 'value');
  const power = outward({ low: at('low'), high: at('high') });
  // Where the arena counts too, no network need have the least of both.
  const exact = latency.exact && duty.sleep.retained === undefined;
  const days = lifeOf(duty.schedule);
  return {
    'average power': { ...power, exact },
    'battery life': days && { low: days(power.high), high: days(power.low), exact },
  };
}
