/**
 * What a cost is. Every number that a person sees comes with its unit (in the field's name), its interval and
 * its origin, as ARCHITECTURE.md demands.
 */

import type { OpKind, SourceRef } from '../space/network.ts';

/** A value with the interval that holds it with 90 % confidence. Same unit throughout. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Where a number comes from. */
export type Origin =
  /** Counted from shapes: MACs, parameters, weights. Exact. */
  | 'counted'
  /** By the runtime's own algorithm (the arena planner). */
  | 'planned'
  /** From coefficients fitted to published measurements. */
  | 'fitted'
  /** Measured on the person's board by the probe. */
  | 'measured'
  /** No data supports a number: it is absent. */
  | 'unsupported';

/** Whether a target's runtime can run an operator, and how well. */
export type Support =
  | { readonly level: 'fast' }
  | {
      /** Runs, but off the fast kernel path. */
      readonly level: 'slow';
      readonly rule: string;
      /** A full sentence: which condition of the fast path fails, and what to do. */
      readonly reason: string;
      /** Change to the layer that would put it on the fast path, if one exists. */
      readonly remedy: Remedy | undefined;
    }
  | {
      readonly level: 'none';
      readonly rule: string;
      readonly reason: string;
      readonly remedy: Remedy | undefined;
    };

/** What the editor can offer as a quick fix. */
export type Remedy =
  | { readonly kind: 'replace-operator'; readonly from: string; readonly to: string }
  | { readonly kind: 'replace-activation'; readonly from: string; readonly to: string }
  | { readonly kind: 'set-channels'; readonly to: number };

export interface OpCost {
  readonly index: number;
  readonly name: string;
  readonly kind: OpKind;
  readonly source: SourceRef;
  /** Multiply-accumulates. */
  readonly macs: number;
  /** Weights and biases, elements. */
  readonly parameters: number;
  /** Core clock cycles; `undefined` when no data supports it. */
  readonly cycles: Estimate | undefined;
  /** Milliseconds at the target's clock. */
  readonly latencyMs: Estimate | undefined;
  /** Bytes of activations alive while it runs, inputs and output included, plus its scratch buffer. */
  readonly ramBytes: number;
  readonly scratchBytes: number;
  /** Bytes of its weights, biases and quantisation data in the model file. */
  readonly flashBytes: number;
  /** Microjoules at the target's measured power. */
  readonly energyUj: Estimate | undefined;
  readonly origin: Origin;
  /** Why the interval is wider than usual, or why there is no number. */
  readonly note: string | undefined;
  readonly support: Support;
}

export interface ArenaBuffer {
  /** Tensor id, or `undefined` for a scratch buffer. */
  readonly tensor: number | undefined;
  readonly op: number;
  readonly bytes: number;
  readonly offset: number;
  /** Inclusive operator indices between which it must be kept. */
  readonly firstUse: number;
  readonly lastUse: number;
}

export interface MemoryPlan {
  /** Head of the arena: activations and scratch as the greedy planner lays them out. */
  readonly headBytes: number;
  /** Tail: persistent data of the interpreter. */
  readonly tailBytes: number;
  readonly buffers: readonly ArenaBuffer[];
  /** Operators during which the head reaches its greatest extent. */
  readonly peakOps: readonly number[];
}

export interface NetworkCost {
  readonly ops: readonly OpCost[];
  readonly memory: MemoryPlan;
  readonly total: {
    readonly macs: number;
    readonly parameters: number;
    readonly latencyMs: Estimate | undefined;
    /** The tensor arena: head + tail. */
    readonly ramBytes: Estimate;
    /** The model file. Kernels and runtime are separate: see `runtimeFlashBytes`. */
    readonly flashBytes: Estimate;
    /** Code of the kernels linked and the interpreter; `undefined` when no data supports it. */
    readonly runtimeFlashBytes: Estimate | undefined;
    readonly energyUj: Estimate | undefined;
  };
}

/** The metrics that constraints and objectives can name. */
export type CostMetric = 'latency' | 'ram' | 'flash' | 'energy' | 'macs' | 'parameters';

/** Sound limits over every architecture of a space: none lies outside. */
export interface Bound {
  readonly low: number;
  readonly high: number;
  /** Both ends are attained by some architecture. */
  readonly exact: boolean;
}
