/** An architecture as a network. */

import type { Network, Op, Tensor } from './network.ts';
import type { Graph } from './graph/node.ts';
import { asOp } from './program/run-layer.ts';
import { runProgram, type RunResult } from './program/run.ts';
import type { Decisions } from './types.ts';

/** Throws `RangeError` with a sentence when the decisions are not of the space. */
export function lowerDecisions(name: string, graph: Graph, decisions: Decisions): Network {
  const ops: Op[] = [];
  const result = runProgram(
    graph,
    (slot) => decisions[slot.choice.id],
    (op, instruction, inputs, output) => ops.push(asOp(op, instruction, ops.length, inputs, output)),
  );
  if (result.kind !== 'done') throw new RangeError(explain(result));
  const tensors = result.tensors.map((type, id): Tensor => ({ id, shape: type.shape, dtype: type.dtype }));
  return { name, tensors, inputs: [0], outputs: result.outputs, ops };
}

/** Why a run did not give a network, as a sentence. */
export function explain(result: Exclude<RunResult, { kind: 'done' }>): string {
  switch (result.kind) {
    case 'undecided':
      return `The choice \`${result.slot.choice.id}\` is not decided.`;
    case 'excluded':
      return result.by === undefined
        ? 'The architecture is not in the space.'
        : `The architecture is excluded by the ${
            result.by.statement.kind === 'require' ? '`require`' : 'bounds of the repeat'
          } on line ${result.by.source.line + 1}.`;
    case 'misfit':
      return `The architecture cannot be built at ${result.operator}: ${result.failure.message}`;
  }
}
