/**
 * How much can be alive while a layer runs, from what a walk over all architectures knows: the tensors that are still
 * needed at a node, and what its own operators take. No architecture lies outside; planning one says it exactly
 * (`live.ts`).
 */

import type { Graph, LayerNode } from '../space/graph/node.ts';
import type { OpKind } from '../space/network.ts';
import type { Program } from '../space/program/instructions.ts';
import { TENSOR_RADIX, typeIn } from '../space/program/slots.ts';
import type { CompiledTarget } from './compile.ts';
import type { RowParts } from './spread.ts';

/** Bytes. */
interface Live {
  readonly least: number;
  /** Infinite where it is not known what else is kept. */
  readonly most: number;
}

const nothing: Live = { least: 0, most: 0 };

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

  /** What an operator takes by itself. Its row is filled. */
  ownOf(id: number): Record<'output' | 'pooled' | 'own' | 'passing', number> {
    const [output = 0, pooled = 0] = [this.#output[id], this.#pooled[id]];
    return { output, pooled, own: this.#own[id] ?? 0, passing: this.#passing[id] ?? 0 };
  }

  /** While the layer's operators run, over what may follow. Their rows are filled. */
  of(node: LayerNode): Live {
    const ops = node.outcome?.ops ?? [];
    if (ops.length === 0) return nothing;
    const held = this.#held(node);
    let least = 0;
    let most = 0;
    for (const op of ops) {
      least = Math.max(least, this.#least[op.id] ?? 0);
      // The first reads what is held; the others what those before have made.
      const input = op === ops[0] ? 0 : op.inputs.reduce((sum, { bytes }) => sum + bytes, 0);
      most = Math.max(most, held + input + (this.#own[op.id] ?? Infinity));
    }
    return { least, most };
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
