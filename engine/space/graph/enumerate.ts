/** All architectures, one after the other, the last choice changing fastest. */

import { type Runnable, runProgram } from '../program/run.ts';
import type { ChoiceSlot } from '../program/slots.ts';
import type { Decisions } from '../types.ts';
import { type Graph, isLive, type Node } from './node.ts';
import { onward } from './walk.ts';

export function* enumerateDecisions(graph: Graph): Generator<Decisions, void, undefined> {
  if (graph.isCounted) yield* follow(graph.root, {});
  else yield* backtrack(graph, []);
}

function* follow(start: Node | undefined, decided: Decisions): Generator<Decisions, void, undefined> {
  let node = start;
  while (isLive(node) && isPassed(node)) node = onward(node);
  if (!isLive(node)) return;
  if (node.kind === 'end') {
    yield decided;
    return;
  }
  if (node.kind !== 'draw') return;
  const { id } = node.slot.choice;
  for (let option = 0; option < node.children.length; option++) {
    yield* follow(node.children[option], { ...decided, [id]: option });
  }
}

/** Nothing is decided there. */
function isPassed(node: Node): boolean {
  return node.mergedInto !== undefined || node.kind === 'layer' || node.kind === 'recall';
}

/** Without the paths of a graph: runs every prefix of decisions and sees. Slow, and independent of merging. */
export function* backtrack(
  graph: Runnable,
  prefix: readonly (readonly [string, number])[],
): Generator<Decisions, void, undefined> {
  const decided = Object.fromEntries(prefix);
  let open: ChoiceSlot | undefined;
  const result = runProgram(graph, (slot) => {
    const option = decided[slot.choice.id];
    if (option === undefined) open = slot;
    return option;
  });
  if (result.kind === 'done') yield decided;
  if (open === undefined) return;
  for (let option = 0; option < open.choice.options.length; option++) {
    yield* backtrack(graph, [...prefix, [open.choice.id, option]]);
  }
}
