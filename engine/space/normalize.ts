/** The canonical form of decisions, or why they are not of the space. */

import type { Graph } from './graph/node.ts';
import { explain } from './lower.ts';
import { runProgram } from './program/run.ts';
import { nearest } from './suggest.ts';
import { attempt } from './graph/reject.ts';
import { type Choose, walk } from './graph/walk.ts';
import type { Decisions } from './types.ts';

/**
 * Drops choices that are not in play, fills in the first option that is possible where a choice is missing, and
 * checks that every id and option exists and that the architecture is in the space.
 */
export function normalizeDecisions(
  graph: Graph,
  decisions: Decisions,
): { readonly decisions: Decisions } | { readonly error: string } {
  const known = new Map(graph.program.choices.map((choice) => [choice.id, choice]));
  for (const [id, option] of Object.entries(decisions)) {
    const choice = known.get(id);
    if (choice === undefined) {
      const suggestion = nearest(id, known.keys());
      const hint = suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`;
      return { error: `There is no choice \`${id}\` in this space.${hint}` };
    }
    if (!Number.isInteger(option) || option < 0 || option >= choice.options.length) {
      const most = choice.options.length - 1;
      return { error: `The choice \`${id}\` has the options 0 to ${most}, and ${option} is none of them.` };
    }
  }
  const choose: Choose = ({ choice, open }) => {
    const given = decisions[choice.id];
    if (given !== undefined) return given;
    const first = choice.options.findIndex((_, option) => open(option));
    return Math.max(first, 0);
  };
  if (!graph.isCounted) {
    const { result, decisions: complete } = attempt(graph, choose);
    return result.kind === 'done' ? { decisions: complete } : { error: explain(result) };
  }
  let canonical: Decisions;
  try {
    canonical = walk(graph, choose);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
  const result = runProgram(graph, (slot) => canonical[slot.choice.id]);
  return result.kind === 'done' ? { decisions: canonical } : { error: explain(result) };
}
