/**
 * A board's pace, refitted to layers that the probe has measured on it. What is known of the board or its core is the prior:
 * ten layers already tell how fast the board is, and which of its kernels depart. On the log scale, layer i of kernel k took
 * `log measured = log predicted + board + kernel k + noise`; both effects are drawn towards nothing, as random effects are.
 */

import type { Pace, Spread } from '../../device-profiles/types.ts';
import { quantileRank } from './conformal.ts';
import type { Measured, MeasuredOp } from './measured.ts';
import { ownMeasurements } from './own-measurements.ts';

/** Measured layers that weigh as much as what was known of the board before. */
const boardPrior = 2;
/** The same for a kernel, which is held to its board. */
const kernelPrior = 1;
/** With fewer layers left out than this, an interval of their own would be chance: the prior's stays. */
const enoughLayers = 10;

interface Row {
  readonly kernel: string;
  /** log(measured / predicted) */
  readonly departure: number;
}

interface Effects {
  readonly board: number;
  readonly kernels: ReadonlyMap<string, number>;
}

function effectsOf(rows: readonly Row[]): Effects {
  const board = rows.reduce((sum, { departure }) => sum + departure, 0) / (rows.length + boardPrior);
  const kernels = new Map(
    [...Map.groupBy(rows, ({ kernel }) => kernel)].map(([kernel, own]) => {
      const sum = own.reduce((all, { departure }) => all + departure - board, 0);
      return [kernel, sum / (own.length + kernelPrior)] as const;
    }),
  );
  return { board, kernels };
}

const departureOf = ({ board, kernels }: Effects, kernel: string): number =>
  board + (kernels.get(kernel) ?? 0);

/** How far each row lies from what the others say of it, on the log scale. */
function leftOut(rows: readonly Row[]): readonly number[] {
  return rows.map(({ kernel, departure }, at) => {
    const others = effectsOf(rows.filter((_, other) => other !== at));
    return Math.abs(departure - departureOf(others, kernel));
  });
}

/** Never narrower than a per cent. */
function intervalOf(errors: readonly number[]): Spread {
  const width = Math.max(0.01, quantileRank(errors));
  return { low: Math.exp(-width), high: Math.exp(width) };
}

/** A layer's kernel, and what it would take at the pace so far, cycles. */
export type Predict = (layer: MeasuredOp) => { readonly kernel: string; readonly cycles: number } | undefined;

/**
 * @param pace what is known of the board, or of its core, so far
 * @param runtime id of the runtime that was measured
 * @returns `pace` where no layer that was measured has a prediction
 */
export function calibratedPace(pace: Pace, measured: Measured, predict: Predict, runtime: string): Pace {
  const rows = measured.layers.flatMap((layer): readonly Row[] => {
    const found = predict(layer);
    if (found === undefined || found.cycles <= 0) return [];
    return [{ kernel: found.kernel, departure: Math.log(layer.cycles.value / found.cycles) }];
  });
  if (rows.length === 0) return pace;
  const effects = effectsOf(rows);
  const scale = Math.exp(effects.board);
  const { instruction, load, branch } = pace.cycles;
  const kernels = { ...pace.kernels };
  for (const [kernel, effect] of effects.kernels) kernels[kernel] = (kernels[kernel] ?? 1) * Math.exp(effect);
  const errors = leftOut(rows);
  const own = errors.length < enoughLayers ? undefined : intervalOf(errors);
  // What networks left out were off by was said of other measurements.
  const { measured: layers, unmeasured, network } = pace;
  return {
    runtimes: [runtime],
    cycles: { ...pace.cycles, instruction: scale * instruction, load: scale * load, branch: scale * branch },
    kernels,
    measured: own ?? layers,
    unmeasured,
    network: own ?? network,
    rows: rows.length,
    build: `measured by the probe on ${measured.date}`,
    sources: [{ title: ownMeasurements, date: measured.date, note: `${rows.length} layers` }],
  };
}
