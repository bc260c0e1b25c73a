/** A session at a board: which layers run first, and what is kept of them. */

import type { Board, BoardMeasurement, MeasuredLayer } from '../../../device-profiles/index.ts';
import type { ProbeImage } from '../images.ts';
import type { Probe, ProbeFacts } from '../wire/probe.ts';
import { measureLayer, type LayerResult, type LeftOut } from './measure.ts';
import { keyOf, type Subject } from './subject.ts';

/** Of the runtime whose kernels the probe has. */
export const probeRuntime = 'nasturtium-probe';

/** Where a layer lies among others, each axis on the log scale, as costs are. */
function placeOf({ layer, work }: Subject): readonly number[] {
  const elements = (shape: readonly number[]): number =>
    shape.reduce((product, extent) => product * extent, 1);
  const [input = []] = layer.inputs;
  const kernel = layer.attributes['kernel'];
  const area = Array.isArray(kernel) ? elements(kernel.map(Number)) : 1;
  const amounts = [work, elements(layer.output), input.at(-1) ?? 1, layer.output.at(-1) ?? 1, area];
  return amounts.map((amount) => Math.log(Math.max(1, amount)));
}

/** Layers of different kinds share no kernel: they are as far from each other as the ends of a thousandfold. */
const betweenKinds = Math.log(1000);

function distance(a: Subject, b: Subject): number {
  const there = placeOf(b);
  const squares = placeOf(a).reduce((sum, value, at) => sum + (value - (there[at] ?? 0)) ** 2, 0);
  return Math.sqrt(squares) + (a.layer.kind === b.layer.kind ? 0 : betweenKinds);
}

/**
 * Each next layer is the one farthest from all before it, the one with most work first: whenever a session ends, what was
 * measured spreads over the space (maximin distance design; Johnson, Moore and Ylvisaker, "Minimax and maximin distance
 * designs", 1990, built up greedily).
 */
export function spreadOut(subjects: readonly Subject[]): readonly Subject[] {
  const rest = [...subjects].sort((a, b) => b.work - a.work);
  const order: Subject[] = rest.splice(0, 1);
  const nearest = new Map(rest.map((subject) => [subject, Infinity]));
  for (let last = order[0]; last !== undefined && nearest.size > 0; last = order.at(-1)) {
    let farthest: Subject | undefined;
    let most = -1;
    for (const [subject, before] of nearest) {
      const near = Math.min(before, distance(subject, last));
      nearest.set(subject, near);
      if (near > most) [farthest, most] = [subject, near];
    }
    if (farthest === undefined) break;
    nearest.delete(farthest);
    order.push(farthest);
  }
  return order;
}

/** What the counter says as cycles, or as instructions where the board knows no more. */
function cyclesPerCount({ virtual }: Board, { clockHz }: ProbeFacts): number {
  // A tick of the emulator's counter is so many nanoseconds, and it gives an instruction one.
  return virtual?.counts === 'instructions' ? 1e9 / clockHz : 1;
}

export type Step = LayerResult | LeftOut;

/** Runs layers one after another until `signal` says to stop; the caller keeps each as it comes. */
export async function* runSession(
  probe: Probe,
  subjects: readonly Subject[],
  repeats: number,
  signal: AbortSignal,
): AsyncGenerator<Step, void> {
  for (const subject of subjects) {
    if (signal.aborted) return;
    yield await measureLayer(probe, subject, repeats);
  }
}

/** What was measured is kept at least so often, layers. */
const keepEvery = 5;

/**
 * Keeps layers as they come, and whatever there is when the session ends: by itself, stopped, or because the board is gone.
 *
 * @param take gives a step's layer to keep, if it has one
 */
export async function keepAsItComes(
  steps: AsyncIterable<Step>,
  take: (step: Step) => MeasuredLayer | undefined,
  keep: (layers: readonly MeasuredLayer[]) => void,
): Promise<readonly MeasuredLayer[]> {
  const found: MeasuredLayer[] = [];
  let kept = 0;
  const keepAll = (): void => {
    if (found.length > kept) keep(found);
    kept = found.length;
  };
  try {
    for await (const step of steps) {
      const layer = take(step);
      if (layer === undefined) continue;
      found.push(layer);
      if (found.length - kept >= keepEvery) keepAll();
    }
  } finally {
    keepAll();
  }
  return found;
}

export function measuredLayer(
  board: Board,
  facts: ProbeFacts,
  { subject, counts }: LayerResult,
): MeasuredLayer {
  const scale = cyclesPerCount(board, facts);
  const cycles = { least: Math.round(scale * counts.least), median: Math.round(scale * counts.median) };
  return { ...subject.layer, cycles };
}

/** What was measured before with the same image on the same board and clock, which goes on; else nothing. */
export function earlierOf(
  { measured = [] }: Board,
  { clockHz, serial }: ProbeFacts,
  { sha256 }: Pick<ProbeImage, 'sha256'>,
): BoardMeasurement | undefined {
  return measured.find(
    (each) =>
      each.runtime === probeRuntime &&
      each.clockHz === clockHz &&
      each.image === sha256 &&
      each.serial === serial,
  );
}

/** The board with what was measured now in the place of what was measured before at this clock. */
export function withMeasurement(
  board: Board,
  facts: ProbeFacts,
  { sha256 }: Pick<ProbeImage, 'sha256'>,
  date: string,
  layers: readonly MeasuredLayer[],
): Board {
  const { clockHz, serial, counter } = facts;
  const earlier = earlierOf(board, facts, { sha256 })?.layers ?? [];
  const byKey = new Map([...earlier, ...layers].map((layer) => [keyOf(layer), layer]));
  const now: BoardMeasurement = {
    runtime: probeRuntime,
    clockHz,
    date,
    ...(serial === undefined ? {} : { serial }),
    image: sha256,
    counter,
    layers: [...byKey.values()],
  };
  const others = (board.measured ?? []).filter(
    (each) => each.runtime !== probeRuntime || each.clockHz !== clockHz,
  );
  return { ...board, measured: [...others, now] };
}
