/** Drawing and changing architectures. */

import { mixed } from '../hash.ts';
import type { Decisions, RandomSource } from '../types.ts';
import type { Graph } from './node.ts';
import { drawUntilOne, firstOf } from './reject.ts';
import { type Crossing, walk } from './walk.ts';

/**
 * Uniform over architectures when their paths are counted: each option by the number of architectures behind it. Otherwise
 * each option alike, until an architecture comes up. Throws `NoArchitecture` when none does.
 */
export function sampleDecisions(graph: Graph, random: RandomSource): Decisions {
  const choose = (crossing: Crossing): number => draw(crossing, random);
  return graph.isCounted ? walk(graph, choose) : drawUntilOne(graph, choose);
}

/** As {@link sampleDecisions}, by one attempt. */
export function trySample(graph: Graph, random: RandomSource): Decisions | undefined {
  const choose = (crossing: Crossing): number => draw(crossing, random);
  return graph.isCounted ? walk(graph, choose) : firstOf(graph, 1, choose);
}

function draw(crossing: Crossing, random: RandomSource): number {
  const weights = crossing.choice.options.map((_, option) => crossing.weight(option));
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  let rest = total <= 2n ** 32n ? BigInt(random.nextInt(Number(total))) : random.nextBigInt(total);
  for (let option = 0; option < weights.length; option++) {
    const weight = weights[option] ?? 0n;
    if (rest < weight) return option;
    rest -= weight;
  }
  return weights.length - 1;
}

/** Keeps what was decided where that is still possible, and draws the rest. */
function keepOrDraw(crossing: Crossing, decisions: Decisions, random: RandomSource): number {
  const kept = decisions[crossing.choice.id];
  return kept !== undefined && crossing.open(kept) ? kept : draw(crossing, random);
}

/**
 * Another architecture that differs in one choice, and in what that choice brings into play or makes
 * impossible. The choice is uniform over those that can be changed.
 */
export function mutateDecisions(graph: Graph, decisions: Decisions, random: RandomSource): Decisions {
  const changeable: Changeable[] = [];
  const note = (crossing: Crossing): number => {
    const kept = keepOrDraw(crossing, decisions, random);
    const others = crossing.choice.options.flatMap((_, option) =>
      option !== kept && crossing.open(option) ? [option] : [],
    );
    if (others.length > 0) changeable.push({ id: crossing.choice.id, others });
    return kept;
  };
  if (!graph.isCounted) {
    firstOf(graph, 1, note);
    return mutateByAttempts(graph, decisions, changeable, random);
  }
  walk(graph, note);
  const changed = changeable[changeable.length === 0 ? 0 : random.nextInt(changeable.length)];
  if (changed === undefined) return decisions;
  const other = changed.others[random.nextInt(changed.others.length)];
  return walk(graph, (crossing) =>
    crossing.choice.id === changed.id && other !== undefined && crossing.open(other)
      ? other
      : keepOrDraw(crossing, decisions, random),
  );
}

interface Changeable {
  readonly id: string;
  readonly others: readonly number[];
}

/** Attempts to change a known architecture before another is drawn. */
const ATTEMPTS = 200;

/** Changes one choice, as in an exact graph, until that gives an architecture; then two; at last draws another. */
function mutateByAttempts(
  graph: Graph,
  decisions: Decisions,
  changeable: readonly Changeable[],
  random: RandomSource,
): Decisions {
  if (changeable.length === 0) return decisions;
  for (const changes of [1, 2]) {
    for (let count = 0; count < ATTEMPTS; count++) {
      const wanted = new Map<string, number>();
      for (let change = 0; change < changes; change++) {
        const { id, others } = changeable[random.nextInt(changeable.length)] ?? { id: '', others: [] };
        const other = others[random.nextInt(others.length)];
        if (other !== undefined) wanted.set(id, other);
      }
      const found = firstOf(
        graph,
        1,
        (crossing) => wanted.get(crossing.choice.id) ?? keepOrDraw(crossing, decisions, random),
      );
      if (found !== undefined) return found;
    }
  }
  return sampleDecisions(graph, random);
}

/** Each choice from one parent or the other by a fair coin, as far as the child can have it. */
export function crossDecisions(graph: Graph, a: Decisions, b: Decisions, random: RandomSource): Decisions {
  const choose = (crossing: Crossing): number => {
    const [first, second] = random.nextInt(2) === 0 ? [a, b] : [b, a];
    const option = first[crossing.choice.id];
    if (option !== undefined && crossing.open(option)) return option;
    return keepOrDraw(crossing, second, random);
  };
  // Where the parents have no child, one of them has to do.
  return graph.isCounted ? walk(graph, choose) : (firstOf(graph, ATTEMPTS, choose) ?? a);
}

/** The least or greatest option at every choice that leads to an architecture. Throws `NoArchitecture`. */
export function extremeDecisions(graph: Graph, which: 'min' | 'max'): Decisions {
  const wanted =
    (end: 'min' | 'max') =>
    ({ choice, open }: Crossing): number => {
      const options = choice.options.map((_, option) => option);
      if (end === 'max') options.reverse();
      return options.find(open) ?? 0;
    };
  if (graph.isCounted) return walk(graph, wanted(which));
  const found = firstOf(graph, 1, wanted(which));
  if (found !== undefined) return found;
  const opposite = firstOf(graph, 1, wanted(which === 'max' ? 'min' : 'max'));
  return pushed(graph, opposite ?? drawUntilOne(graph, scattered()), which);
}

/** Draws that are the same every time: hashes of 1, 2, 3, ... */
function scattered(): (crossing: Crossing) => number {
  let count = 0;
  return ({ choice }) => {
    const hash = mixed(Math.imul(++count, 0x9e3779b1));
    return Math.floor((hash / 2 ** 32) * choice.options.length);
  };
}

/** Moves one choice after the other as far as an architecture is left. */
function pushed(graph: Graph, start: Decisions, which: 'min' | 'max'): Decisions {
  let best = start;
  for (const { id, options } of graph.program.choices) {
    const from = best[id];
    if (from === undefined) continue;
    const order = options.map((_, option) => option);
    if (which === 'max') order.reverse();
    for (const option of order.slice(0, order.indexOf(from))) {
      const found = firstOf(graph, 1, ({ choice }) =>
        choice.id === id ? option : (best[choice.id] ?? (which === 'max' ? choice.options.length - 1 : 0)),
      );
      if (found === undefined) continue;
      best = found;
      break;
    }
  }
  return best;
}
