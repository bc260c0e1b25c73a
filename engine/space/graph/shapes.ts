/** The shapes that can flow into and out of each statement. */

import type { Statement } from '../../../grammar/ast.ts';
import type { Shape } from '../network.ts';
import { typeIn } from '../program/slots.ts';
import type { StatementShapes } from '../types.ts';
import { type Graph, isLayerInPlay, type Node } from './node.ts';

/** Shapes listed for one statement. */
const SHAPE_LIMIT = 64;

interface Entry {
  readonly statement: Statement;
  readonly inputs: Set<number>;
  readonly outputs: Set<number>;
}

export function statementShapes(graph: Graph): readonly StatementShapes[] {
  const entries = new Map<Statement, Entry>();
  const entryOf = (statement: Statement): Entry => {
    let entry = entries.get(statement);
    if (entry === undefined) {
      entry = { statement, inputs: new Set(), outputs: new Set() };
      entries.set(statement, entry);
    }
    return entry;
  };
  for (const node of graph.order) {
    if (!isLayerInPlay(node)) continue;
    const entry = entryOf(node.instruction.statement);
    for (const op of node.outcome?.ops.slice(0, 1) ?? [])
      for (const input of op.inputs) entry.inputs.add(input.id);
    if (node.outcome?.output !== undefined) entry.outputs.add(node.outcome.output.id);
  }
  const current = graph.program.current.register;
  const into = (nodes: readonly Node[] | undefined, shapes: Set<number>): void => {
    for (const node of nodes ?? []) {
      const id = typeIn(node.registers, current);
      if (id > 0 && node.count > 0) shapes.add(id);
    }
  };
  for (const region of graph.program.regions) {
    const entry = entryOf(region.statement);
    into(firstBucket(graph, region.start), entry.inputs);
    into(firstBucket(graph, region.end), entry.outputs);
  }
  const shapesOf = (ids: Set<number>): readonly Shape[] =>
    [...ids].slice(0, SHAPE_LIMIT).map((id) => graph.program.types.get(id).shape);
  return [...entries.values()].map(({ statement, inputs, outputs }) => ({
    statement,
    inputs: shapesOf(inputs),
    outputs: shapesOf(outputs),
    truncated: inputs.size > SHAPE_LIMIT || outputs.size > SHAPE_LIMIT || !graph.exact,
  }));
}

function firstBucket(graph: Graph, from: number): readonly Node[] | undefined {
  for (let at = from; at < graph.buckets.length; at++) {
    const bucket = graph.buckets[at];
    if (bucket !== undefined) return bucket;
  }
  return undefined;
}
