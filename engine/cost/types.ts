/**
 * What a cost is. Every number that a person sees comes with its unit (in the field's name), its interval and
 * its origin, as ARCHITECTURE.md demands.
 */

import type { InterpreterSums } from './interpreter.ts';
import type { CostMetric, Costs } from '../space/metrics.ts';
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

/** What a buffer of the arena is for. */
export type BufferKind =
  /** A tensor: the network's input, or what an operator puts out. */
  | 'activation'
  /** Working memory of one kernel, alive while it runs. */
  | 'scratch'
  /** What the interpreter keeps for as long as it lives, and what the network remembers. */
  | 'persistent';

/** One bar of a lifetime chart: it spans `firstUse` to `lastUse` and `offset` to `offset + bytes`. */
export interface ArenaBuffer {
  readonly kind: BufferKind;
  /** What a person reads: the layer that makes it or asks for it, `input`, `interpreter`. */
  readonly name: string;
  /** Tensor id; `undefined` for what is no tensor. */
  readonly tensor: number | undefined;
  /** Operator that makes it or asks for it; -1 for the network's input and what is persistent. */
  readonly op: number;
  /** Bytes that it takes, before they are rounded up to the alignment. */
  readonly bytes: number;
  /** Bytes from the start of the arena. */
  readonly offset: number;
  /** Inclusive operator indices between which it must be kept. */
  readonly firstUse: number;
  readonly lastUse: number;
  /** Position in {@link MemoryPlan.buffers} of the buffer that it is written over; `undefined` where it has a place of its own. */
  readonly inPlaceOf: number | undefined;
  /** For a tensor of which only a patch is kept at a time. */
  readonly patch: BufferPatch | undefined;
}

/** The part of a tensor that is kept while the first operators run patch by patch, halo included. */
export interface BufferPatch {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Bytes that the whole tensor would take. */
  readonly wholeBytes: number;
}

/**
 * The first operators are run once for each patch of the last one's output, so that no whole tensor between them
 * is kept (Lin et al., MCUNetV2, NeurIPS 2021). Neighbouring patches overlap: the overlap is computed again.
 */
export interface PatchSchedule {
  /** Operators 0 to `lastOp`, inclusive, are run per patch. */
  readonly lastOp: number;
  /** Patches of the output of `lastOp`. */
  readonly rows: number;
  readonly columns: number;
  /** Multiply-accumulates that are done again because of the overlap. */
  readonly extraMacs: number;
  /** Head of the arena when every operator runs once, bytes. */
  readonly headBytesWhole: number;
}

/** One bank of the board, or several that follow each other in the address space, and whether the arena fits. */
export interface BankFit {
  /** Name of the bank in the data sheet, e.g. `AXI SRAM`, or names joined by ` + `. */
  readonly name: string;
  readonly bytes: number;
  readonly fits: boolean;
}

/** Where the arena lies. An arena is one piece: it cannot be split over banks that do not follow each other. */
export interface Placement {
  /** The bank chosen: the fastest in which the arena fits. `undefined` when none holds it. */
  readonly bank: BankFit | undefined;
  /** All that were tried, in that order. */
  readonly banks: readonly BankFit[];
  /** What the rest of the program (static data, stack) needs beside the arena; `undefined` when no data supports it. */
  readonly otherBytes: number | undefined;
  /** The arena has a place and so does the rest. */
  readonly fits: boolean;
  /** A full sentence: where the arena lies, or by how much it misses which bank. */
  readonly message: string;
}

export interface MemoryPlan {
  /** Head of the arena: activations and scratch as the runtime's planner lays them out. */
  readonly headBytes: number;
  /** Tail: persistent data of the interpreter, and what the network remembers from one inference to the next. */
  readonly tailBytes: number;
  /** The latter alone. */
  readonly keptBytes: number;
  /**
   * What the arena must have for the network to be set up: head and tail, and more where making the plan takes more than
   * it gives.
   */
  readonly neededBytes: number;
  /** What the interpreter has to do with, to be added up over the graphs of a model. */
  readonly interpreter: InterpreterSums;
  /** Activations by tensor, then scratch by operator, then what is persistent. */
  readonly buffers: readonly ArenaBuffer[];
  /** Operators during which the head reaches its greatest extent. */
  readonly peakOps: readonly number[];
  /** Positions in `buffers` of those that make the peak: alive then, in place or not; greatest first. */
  readonly peakBuffers: readonly number[];
  /** `undefined` where every operator runs once, on whole tensors. */
  readonly patches: PatchSchedule | undefined;
  readonly placement: Placement;
}

export interface NetworkCost {
  readonly ops: readonly OpCost[];
  readonly memory: MemoryPlan;
  /** Each metric in its unit; MACs are at least so many where some are `partial`. */
  readonly total: Costs<CostMetric, Estimate> & {
    /** Names of the operators of which nobody can say how often they multiply; absent when there is none. */
    readonly partial?: readonly string[];
    /** Code of the kernels linked and the interpreter; `undefined` when no data supports it. */
    readonly runtimeFlashBytes: Estimate | undefined;
  };
}

/** Sound limits over every architecture of a space: none lies outside. */
export interface Bound {
  readonly low: number;
  readonly high: number;
  /** Both ends are attained by some architecture. */
  readonly exact: boolean;
}
