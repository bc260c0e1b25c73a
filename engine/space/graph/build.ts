/** The graph of a program: gone through as it is, or bounded where that is too much. */

import type { Effort } from '../effort.ts';
import type { Program } from '../program/instructions.ts';
import { BuiltGraph } from './built-graph.ts';
import { GraphBuilder } from './graph.ts';
import type { Graph } from './node.ts';
import { relaxGraph } from './relax.ts';
import { finished, type Steps } from '../steps.ts';
import { TooManyStates } from './too-many-states.ts';

/** `limit` replaces the greatest number of states at one instruction. Throws {@link TooManyStates}. */
export function buildGraph(program: Program, limit?: number, effort?: Effort): Graph {
  return finished(orRelaxed(program, new GraphBuilder(program, limit, undefined, effort), effort));
}

/**
 * The same from what an earlier version of the program left: its nodes are taken over, and its graph must not be
 * used any more. Both must have been elaborated by one elaborator.
 */
export function rebuildGraph(program: Program, before: Graph | undefined, effort?: Effort): Steps<Graph> {
  const kept = before instanceof BuiltGraph && !before.isSuperseded ? before : undefined;
  if (kept !== undefined) kept.isSuperseded = true;
  return orRelaxed(program, new GraphBuilder(program, undefined, kept, effort), effort);
}

/** What cannot be gone through is bounded at least. */
function* orRelaxed(program: Program, builder: GraphBuilder, effort: Effort | undefined): Steps<Graph> {
  try {
    return yield* builder.build();
  } catch (error) {
    const relaxed = error instanceof TooManyStates ? relaxGraph(program, { effort }) : undefined;
    if (relaxed === undefined) throw error;
    return relaxed;
  }
}
