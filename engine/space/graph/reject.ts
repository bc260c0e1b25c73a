/**
 * Drawing and changing architectures where not every path of the graph is one, because states were forgotten: each
 * attempt is run as it would be built, and what turns out to be excluded is thrown away.
 */

import { explain } from '../lower.ts';
import { runProgram, type RunResult } from '../program/run.ts';
import type { Decisions } from '../types.ts';
import type { Graph } from './node.ts';
import type { Choose } from './walk.ts';

/** Attempts before giving up on a space that its conditions almost empty. */
const MOST_ATTEMPTS = 10_000;
const LEAST_ATTEMPTS = 100;
/** Instructions that all attempts may run together: less than a second. */
const MOST_INSTRUCTIONS = 10_000_000;

/** Hardly any combination of options is an architecture. The message says what excludes them. */
export class NoArchitecture extends RangeError {
  override readonly name = 'NoArchitecture';
}

export interface Attempt {
  readonly result: RunResult;
  readonly decisions: Decisions;
}

/** Asks for every choice that comes up, as if all its options were open. */
export function attempt(graph: Graph, choose: Choose): Attempt {
  const decisions: Record<string, number> = {};
  const result = runProgram(graph, ({ choice }) => {
    const option = choose({ choice, open: () => true, weight: () => 1n });
    decisions[choice.id] = option;
    return option;
  });
  return { result, decisions };
}

/** The first attempt that gives an architecture, or `undefined`. */
export function firstOf(graph: Graph, attempts: number, choose: Choose): Decisions | undefined {
  for (let count = 0; count < attempts; count++) {
    const { result, decisions } = attempt(graph, choose);
    if (result.kind === 'done') return decisions;
  }
  return undefined;
}

/** Draws until an architecture comes up. Throws {@link NoArchitecture}. */
export function drawUntilOne(graph: Graph, choose: Choose): Decisions {
  const affordable = Math.floor(MOST_INSTRUCTIONS / graph.program.instructions.length);
  const attempts = Math.min(MOST_ATTEMPTS, Math.max(LEAST_ATTEMPTS, affordable));
  const found = firstOf(graph, attempts, choose);
  if (found !== undefined) return found;
  const { result } = attempt(graph, choose);
  const reason =
    result.kind === 'done' ? '' : ` ${explain(result).replace('The architecture', 'The last one')}`;
  throw new NoArchitecture(
    `None of ${attempts.toLocaleString('en-US')} combinations of options that were drawn is an architecture of the space.${reason} Loosen its conditions, or compute one value from another instead of drawing both.`,
  );
}
