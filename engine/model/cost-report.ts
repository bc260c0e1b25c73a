/**
 * A priced network as plain data with units in the names: what `nasturtium cost --json` prints and what the
 * report of an export repeats. Version 1; documented in `docs/cli.md` and checked by `cli/schema/cost.schema.json`.
 */

import type { Estimate, NetworkCost, Origin, Target } from '../cost/index.ts';
import type { OpKind } from '../space/network.ts';

/** `null` where no data supports a number. */
export interface IntervalReport {
  readonly value: number;
  /** With `high`, holds the true value with 90 % confidence. */
  readonly low: number;
  readonly high: number;
}

export interface LayerReport {
  readonly name: string;
  readonly op: OpKind;
  /** Line of the source text, counted from 1; `null` for a layer of a `.tflite`, which has no text. */
  readonly line: number | null;
  readonly macs: number;
  readonly latency_ms: IntervalReport | null;
  /** Activations alive while it runs, and its scratch buffer. */
  readonly ram_bytes: number;
  readonly flash_bytes: number;
  readonly energy_uj: number | null;
  readonly origin: Origin;
}

export interface CostReport {
  readonly schema: 1;
  readonly target: string;
  readonly runtime: string;
  readonly layers: readonly LayerReport[];
  readonly total: {
    readonly macs: number;
    readonly latency_ms: IntervalReport | null;
    /** The tensor arena as the runtime plans it, head and tail. */
    readonly ram_bytes: number;
    /** The model file. */
    readonly flash_bytes: number;
    readonly energy_uj: number | null;
  };
}

/** Significant digits kept of fitted numbers; the intervals are far wider than what is cut off. */
const digits = 6;
const rounded = (value: number) => Number(value.toPrecision(digits));

function interval(estimate: Estimate | undefined): IntervalReport | null {
  if (estimate === undefined) return null;
  return { value: rounded(estimate.value), low: rounded(estimate.low), high: rounded(estimate.high) };
}

const energy = (estimate: Estimate | undefined) => (estimate === undefined ? null : rounded(estimate.value));

/** `file` is given for a network that was read from a `.tflite`: its size is known, and its layers have no lines. */
export function costReport(cost: NetworkCost, target: Target, file?: { readonly bytes: number }): CostReport {
  const { total } = cost;
  return {
    schema: 1,
    target: target.board.id,
    runtime: target.runtime.id,
    layers: cost.ops.map((op) => ({
      name: op.name,
      op: op.kind,
      line: file === undefined ? op.source.line + 1 : null,
      macs: op.macs,
      latency_ms: interval(op.latencyMs),
      ram_bytes: Math.round(op.ramBytes),
      flash_bytes: Math.round(op.flashBytes),
      energy_uj: energy(op.energyUj),
      origin: op.origin,
    })),
    total: {
      macs: total.macs,
      latency_ms: interval(total.latencyMs),
      ram_bytes: Math.round(total.ramBytes.value),
      flash_bytes: file?.bytes ?? Math.round(total.flashBytes.value),
      energy_uj: energy(total.energyUj),
    },
  };
}
