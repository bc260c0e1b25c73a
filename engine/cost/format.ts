/** Numbers and their origins as a person reads them; the hover, the command line and the report share them. */

import type { CompiledTarget } from './compile.ts';
import { compiledTarget } from './compile.ts';
import type { Target } from './target.ts';
import type { Bound, Estimate, OpCost } from './types.ts';

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

/** Title of the source of profiles that a person has fitted to measurements of their own. */
export const ownMeasurements = 'Own measurements';

function profileSentence(compiled: CompiledTarget): string {
  const { profile, target, sameBoard } = compiled;
  if (profile === undefined) {
    return `No published measurement supports a latency of ${target.runtime.name} on ${target.board.name}.`;
  }
  if (profile.carriedFrom !== undefined) {
    return `Latency is carried over from published measurements on a ${profile.carriedFrom} (${profile.build}); no measurement of ${target.runtime.name} is of a ${profile.core}, so the interval is wide.`;
  }
  const where = sameBoard ? target.board.name : `other boards with a ${target.board.core}`;
  const error =
    profile.network.medianError === undefined
      ? 'too few networks were measured to state an error'
      : `${profile.boards.length === 0 ? 'boards' : 'networks'} left out of the fit were off by ${formatNumber(100 * profile.network.medianError, 2)} % in the median`;
  const isOwn = profile.sources.every(({ title }) => title === ownMeasurements);
  const measurements = profile.network.rows === 1 ? 'measurement' : 'measurements';
  const rows = `${profile.network.rows} ${isOwn ? `${measurements} of your own` : `published ${measurements}`}`;
  return `Latency is fitted to ${rows} on ${where} (${profile.build}); ${error}.`;
}

/** Where a target's latencies come from, which build they assume, and how far off they are. One sentence. */
export function originOfLatency(target: Target): string {
  return profileSentence(compiledTarget(target));
}

/** Where the arena figure comes from. One or two sentences. */
export function originOfMemory(target: Target): string {
  const { memory } = compiledTarget(target);
  const { runtime } = target;
  const within = `an estimate within ${formatNumber(100 * memory.persistent.error, 2)} %`;
  if (!memory.reuses) {
    return `Activations and scratch are laid out as TFLite Micro's greedy planner does; the interpreter's own data is ${within}.`;
  }
  const patches =
    runtime.memory.patches === undefined
      ? ''
      : ' A network whose arena fits in no bank of the board runs its first layers patch by patch.';
  const kept = memory.persistent.fixed > 0 ? `; what the runtime keeps besides is ${within}` : '';
  return `Activations are written over inputs that nothing needs any more where ${runtime.name} does so, and laid out by size${kept}.${patches}`;
}

/** Where the energy figure comes from, or why there is none. One sentence. */
export function originOfEnergy(target: Target): string {
  const { power } = compiledTarget(target);
  if (power === undefined)
    return `No published power measurement of ${target.board.name} supports an energy.`;
  if (power.clockHz !== target.clockHz) {
    return `Power was measured at ${formatNumber(power.clockHz / 1e6)} MHz only, so there is no energy at ${formatNumber(target.clockHz / 1e6)} MHz.`;
  }
  const { value, low, high } = power.milliwatts;
  const range = `${formatNumber(low)} to ${formatNumber(high)} mW`;
  if (power.estimated === true) {
    return `Energy is latency times ${formatNumber(value)} mW, an estimate (${range}; ${power.source.title}): nobody has measured ${target.board.name} while a network ran.`;
  }
  return `Energy is latency times ${formatNumber(value)} mW (${range} measured; ${power.source.title}).`;
}

/** Why an operator's number is what it is: its note if it has one, else the target's origin. */
export function originOfOperator(cost: OpCost, target: Target): string {
  return cost.note ?? originOfLatency(target);
}
