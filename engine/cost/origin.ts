/** Where numbers come from, in sentences that the hover, the command line and the report share. */

import { interpreterNamed } from '../../device-profiles/index.ts';
import type { CompiledTarget } from './compile.ts';
import { compiledTarget } from './compile.ts';
import { countsOf, paceOf } from './counted.ts';
import { formatAmount, formatBytes, formatHertz, formatNumber } from './format.ts';
import { ownMeasurements } from './own-measurements.ts';
import { drawOf, sleepOf } from './power.ts';
import { buildText, scheduleText, type Target } from './target.ts';

/** Of a target whose kernels were counted. */
function countedSentence(target: Target): string | undefined {
  const found = countsOf(target) && paceOf(target);
  if (found === undefined) return undefined;
  const {
    pace: { rows, build, medianError, sources },
    ofBoard,
  } = found;
  const isOwn = sources.every(({ title }) => title === ownMeasurements);
  const measurements = `measurement${rows === 1 ? '' : 's'}`;
  const whose = isOwn ? `${measurements} of your own` : `published ${measurements}`;
  const where = ofBoard ? target.board.name : `other boards with a ${target.board.core}`;
  const error =
    medianError === undefined
      ? ''
      : `; ${ofBoard ? 'networks' : 'boards'} left out were off by ${formatNumber(100 * medianError, 2)} % in the median`;
  return `Latency is what the kernels of ${target.runtime.name} ${buildText(target) ?? ''} were counted to execute, at the pace that ${formatNumber(rows)} ${whose} on ${where} (${build}) gave${error}.`;
}

function profileSentence(compiled: CompiledTarget): string {
  const { profile, target, paced, sameBoard } = compiled;
  const counted = countedSentence(paced);
  if (counted !== undefined) return counted;
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

/** Which builds of a runtime the arena is that of; empty where there is nothing to choose. */
export function assumedOfArena({ memory }: Target['runtime']): string {
  return memory.interpreter === undefined ? '' : (interpreterNamed(memory.interpreter).assumes ?? '');
}

/** Where the arena figure comes from. Some sentences. */
export function originOfMemory(target: Target): string {
  const { memory } = compiledTarget(target);
  const { runtime } = target;
  const within = `an estimate within ${formatNumber(100 * memory.data.error, 2)} %`;
  if (memory.data.setUp !== undefined) {
    return `Activations and scratch are laid out as TFLite Micro's greedy planner does, and the interpreter's own data is ${within}; RAM is the arena that setting the network up needs, which arena_used_bytes() afterwards may fall short of. ${assumedOfArena(runtime)}`;
  }
  if (!memory.reuses) {
    return `Activations and scratch are laid out by size, as TFLite Micro does; what the runtime keeps besides is ${within}.`;
  }
  const patches =
    runtime.memory.patches === undefined
      ? ''
      : ' A network whose arena fits in no bank of the board runs its first layers patch by patch.';
  const kept = memory.data.fixed > 0 ? `; what the runtime keeps besides is ${within}` : '';
  return `Activations are written over inputs that nothing needs any more where ${runtime.name} does so, and laid out by size${kept}.${patches}`;
}

/** Where the energy figure comes from, or why there is none. One sentence. */
export function originOfEnergy(target: Target): string {
  const { power } = compiledTarget(target);
  if (power === undefined)
    return `No published power measurement of ${target.board.name} supports an energy.`;
  if (power.clockHz !== target.clockHz) {
    return `Power was measured at ${formatHertz(power.clockHz)} only, so there is no energy at ${formatHertz(target.clockHz)}.`;
  }
  const { value, low, high } = power.milliwatts;
  const range = `${formatNumber(low)} to ${formatNumber(high)} mW`;
  if (power.estimated === true) {
    return `Energy is latency times ${formatNumber(value)} mW, an estimate (${range}; ${power.source.title}): nobody has measured ${target.board.name} while a network ran.`;
  }
  return `Energy is latency times ${formatNumber(value)} mW (${range} measured; ${power.source.title}).`;
}

export interface Missing {
  /** A sentence without its full stop. */
  readonly reason: string;
  /** A full sentence. */
  readonly cure: string;
}

/** Why no average power of a target is known; `undefined` where it is, of networks that have a latency. */
export function missingOfSchedule(target: Target): Missing | undefined {
  const { board, runtime, schedule } = target;
  if (schedule === undefined) {
    const cure = 'Write one into its braces, such as `schedule every 2 s`.';
    return { reason: `The target ${board.id} has no schedule`, cure };
  }
  const compiled = compiledTarget(target);
  if (drawOf(compiled) === undefined) {
    const reason = `There is no power of ${board.name} with ${runtime.name} at ${formatHertz(target.clockHz)}`;
    const { power } = compiled;
    const cure =
      power === undefined ? 'Take a board that has one.' : `Write clock ${formatHertz(power.clockHz)}.`;
    return { reason, cure };
  }
  if (sleepOf(target) !== undefined) return undefined;
  const cure =
    'Write what its data sheet or your meter says into the braces of the schedule, such as `schedule every 2 s { sleep 3 uA at 3 V }`.';
  return { reason: `What ${board.name} draws while it sleeps is not known`, cure };
}

/** What an average power is made of, or why there is none; `undefined` without a schedule. One to three sentences. */
export function originOfSchedule(target: Target): string | undefined {
  if (target.schedule === undefined) return undefined;
  const missing = missingOfSchedule(target);
  if (missing !== undefined) return `${missing.reason}, so there is no average power. ${missing.cure}`;
  const sleep = sleepOf(target);
  if (sleep === undefined) return undefined;
  const { mode, volts, microwatts, retained, wake, source } = sleep;
  const most =
    microwatts.high > microwatts.value ? `, at most ${formatAmount('power', microwatts.high)}` : '';
  const ram =
    retained &&
    ` and ${formatAmount('power', retained.microwatts.value)} for every ${formatBytes(retained.blockBytes)} of the arena`;
  const asleep = formatAmount('power', microwatts.value);
  const waking = wake === undefined ? '' : ` Waking takes ${formatNumber(wake.microseconds)} µs.`;
  const uncounted = `${wake === undefined ? 'Waking, sensors' : 'Sensors'}, radio and what a battery loses by itself are not counted.`;
  const stated =
    mode === undefined || volts === undefined || source === undefined
      ? 'as the schedule says'
      : `${mode}, ${formatNumber(volts)} V; ${source.title}`;
  return `Average power is that of the microcontroller ${scheduleText(target)}. In between it draws ${asleep}${most}${ram ?? ''} (${stated}).${waking} ${uncounted}`;
}
