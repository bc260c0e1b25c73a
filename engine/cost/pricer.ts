/** The fast path of the search: the totals of {@link price} for many architectures, operators remembered. */

import { onceFor } from '../space/once.ts';
import { explain } from '../space/lower.ts';
import type { OpKind } from '../space/network.ts';
import type { InternedOp, LayerInstruction } from '../space/program/instructions.ts';
import { moreOutputsOf } from '../space/program/run-layer.ts';
import { runProgram } from '../space/program/run.ts';
import { elaborated, type ElaboratedSpace } from '../space/search-space.ts';
import type { Decisions, SearchSpace } from '../space/types.ts';
import { assemble } from './assemble.ts';
import { compiledTarget, type CompiledTarget } from './compile.ts';
import { Workspace, type BufferOwners } from './layout.ts';
import { liveBytes } from './live.ts';
import { memoOf } from './memo.ts';
import type { OperatorFigures } from './operator.ts';
import type { Target } from './target.ts';
import type { NetworkCost } from './types.ts';

export type NetworkTotals = NetworkCost['total'];

/** Storage that all pricers of a target share: one network is priced after the other. Spaces in a file can be thousands. */
const workspaceOf = onceFor((compiled: CompiledTarget) => new Workspace(compiled));

/** An operator of an architecture that is never built as a network. */
interface Step {
  readonly kind: OpKind;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly moreOutputs: readonly number[];
}

/** Runs the space's program and looks operators up by their number: equal attributes and tensor types, equal cost. */
export class SpacePricer {
  readonly #space: ElaboratedSpace;
  readonly #compiled: CompiledTarget;
  readonly #work: Workspace;
  readonly #byId: OperatorFigures[] = [];

  constructor(space: ElaboratedSpace, compiled: CompiledTarget) {
    this.#space = space;
    this.#compiled = compiled;
    this.#work = workspaceOf(compiled);
  }

  /** Totals of one architecture. Throws when `decisions` is not of the space, as `lower` does. */
  price(decisions: Decisions): NetworkTotals {
    return this.#run(decisions);
  }

  /** The same, telling of each operator's layer how many bytes are alive while it runs. */
  visit(
    decisions: Decisions,
    onOperator: (instruction: LayerInstruction, bytes: number) => void,
  ): NetworkTotals {
    const layers: LayerInstruction[] = [];
    const owners = { tensor: [], op: [], bytes: [] };
    const totals = this.#run(decisions, layers, owners);
    const live = liveBytes(this.#work, owners, layers.length, []);
    layers.forEach((instruction, at) => {
      onOperator(instruction, live[at] ?? 0);
    });
    return totals;
  }

  #run(decisions: Decisions, layers?: LayerInstruction[], owners?: BufferOwners): NetworkTotals {
    const { graph } = this.#space;
    const figures: OperatorFigures[] = [];
    const ops: Step[] = [];
    const result = runProgram(
      graph,
      (slot) => decisions[slot.choice.id],
      (op, instruction, inputs, output) => {
        layers?.push(instruction);
        figures.push(this.#byId[op.id] ?? this.#figures(op));
        const moreOutputs = moreOutputsOf(op, output);
        ops.push({ kind: op.template.kind, inputs, output, moreOutputs });
      },
    );
    if (result.kind !== 'done') throw new RangeError(explain(result));
    const skeleton = { ops, inputs: networkInput, outputs: result.outputs };
    const inputBytes = (id: number): number => result.tensors[id]?.bytes ?? 0;
    return assemble(this.#compiled, skeleton, figures, inputBytes, this.#work, owners).total;
  }

  #figures(op: InternedOp): OperatorFigures {
    const figures = memoOf(this.#compiled).figuresOf(op);
    this.#byId[op.id] = figures;
    return figures;
  }
}

/** A lowered network has one input, tensor 0. */
const networkInput: readonly number[] = [0];

/** Prices many architectures of one space on one target. Not to be shared between threads. */
export const createPricer = (space: SearchSpace, target: Target): SpacePricer =>
  new SpacePricer(elaborated(space), compiledTarget(target));
