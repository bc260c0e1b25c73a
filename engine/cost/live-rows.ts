/**
 * How much can be alive while a layer runs, from what a walk over all architectures knows: the tensors that are still
 * needed at a node, and what its own operators take. No architecture lies outside; planning one says it exactly
 * (`live.ts`).
 */

import type { Graph, LayerNode } from '../space/graph/node.ts';
import type { OpKind } from '../space/network.ts';
import type { InternedOp, Program } from '../space/program/instructions.ts';
import { TENSOR_RADIX, typeIn } from '../space/program/slots.ts';
import type { CompiledTarget } from './compile.ts';
import type { RowParts } from './spread.ts';

/** Bytes that one layer takes, over what may follow. */
export interface LayerBytes {
  /** Alive while it runs, at least. */
  readonly least: number;
  /** The same at most, beside what is held. */
  readonly most: number;
  /** Of what one operator puts out, and of the buffers that all kernels share, at most. */
  readonly output: number;
  readonly pooled: number;
  /** Of what preparing one takes, and gives back. */
  readonly passing: number;
  /** Of all that its operators take beside what the first reads. */
  readonly taken: number;
}

export class LiveRows {
  readonly #compiled: CompiledTarget;
  readonly #foldsPadding: boolean;
  #program: Program | undefined;
  /** By operator: no more than what is alive while it runs, and no less than what it takes beside its inputs. */
  readonly #least: number[] = [];
  readonly #own: number[] = [];
  /** By operator, bytes: what it puts out, and needs of the buffers that all kernels share. */
  readonly #output: number[] = [];
  readonly #pooled: number[] = [];
  /** By operator, bytes that preparing it takes, and gives back. */
  readonly #passing: number[] = [];

  constructor(compiled: CompiledTarget, foldsPadding: boolean) {
    this.#compiled = compiled;
    this.#foldsPadding = foldsPadding;
  }

  /** The graph whose nodes are asked for next. Where states were merged, registers do not tell of every tensor. */
  read({ program, segments }: Graph): void {
    this.#program = segments.length === 0 ? undefined : program;
  }

  fill(id: number, kind: OpKind, parts: RowParts): void {
    const { memory } = this.#compiled;
    // A folded operator has no output of its own: it hands its input on.
    const isFolded = memory.folds(kind);
    const output = isFolded ? 0 : parts.output;
    let scratch = 0;
    for (const bytes of parts.scratch) scratch += bytes;
    // The same tensor may be both inputs of an `add`, so only the first is sure to count. What a folded padding adds is
    // in no buffer, so the input of what follows it says nothing. Nor has pooling that a convolution does itself an input.
    const isSure = !isFolded && !this.#foldsPadding && !memory.fusesPool(kind);
    const input = isSure ? parts.input : 0;
    const whole = parts.inPlace ? Math.max(input, output) : input + output;
    // Of what a convolution that pools makes, no more than a line need be there, while what the pooling puts out grows.
    const mayFuse = memory.poolsItself(kind);
    const least = mayFuse ? Math.min(whole, input + parts.outputRow) : whole;
    this.#least[id] = least + (isFolded ? 0 : scratch);
    this.#output[id] = output;
    this.#pooled[id] = Math.max(0, ...parts.scratch.slice(1));
    this.#passing[id] = parts.passing;
    this.#own[id] = output + (mayFuse ? output : 0) + scratch;
  }

  /** Of a layer with these operators, whose rows are filled. */
  of(ops: readonly InternedOp[]): LayerBytes {
    let [least, most, output, pooled, passing, taken] = [0, 0, 0, 0, 0, 0];
    for (const { id, inputs } of ops) {
      least = Math.max(least, this.#least[id] ?? 0);
      // The first reads what is held; the others what those before have made.
      const input = id === ops[0]?.id ? 0 : inputs.reduce((sum, { bytes }) => sum + bytes, 0);
      const own = this.#own[id] ?? Infinity;
      most = Math.max(most, input + own);
      output = Math.max(output, this.#output[id] ?? 0);
      pooled = Math.max(pooled, this.#pooled[id] ?? 0);
      passing = Math.max(passing, this.#passing[id] ?? 0);
      taken += own;
    }
    return { least, most, output, pooled, passing, taken };
  }

  /** Alive while a layer runs, at most; infinite where it is not known what is kept. */
  mostAt(node: LayerNode, layer: LayerBytes): number {
    return node.outcome === undefined || node.outcome.ops.length === 0 ? 0 : this.#held(node) + layer.most;
  }

  /** Bytes of the tensors that the layer or something behind it may read. */
  #held({ registers }: LayerNode): number {
    const program = this.#program;
    if (program === undefined) return Infinity;
    let bytes = 0;
    for (let register = 0; register < program.tensorRegisters; register += 1) {
      const value = registers[register] ?? 0;
      if (value < 0) return Infinity;
      // Of the registers that hold one tensor, the lowest stands for it.
      if (value % TENSOR_RADIX === register && value > 0)
        bytes += program.types.get(typeIn(registers, register)).bytes;
    }
    return bytes;
  }
}
