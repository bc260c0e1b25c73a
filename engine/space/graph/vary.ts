/** Drawing and changing architectures. */

import type { Decisions, RandomSource } from '../types.ts';
import type { Graph } from './node.ts';
import { walk } from './walk.ts';
import type { Crossing } from './walk.ts';

/** Uniform over architectures when the graph is exact: each option by the number of architectures behind it. */
export function sampleDecisions(graph: Graph, random: RandomSource): Decisions {
  return walk(graph, (crossing) => draw(crossing, random));
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
  const changeable: { readonly id: string; readonly others: readonly number[] }[] = [];
  walk(graph, (crossing) => {
    const kept = keepOrDraw(crossing, decisions, random);
    const others = crossing.choice.options.flatMap((_, option) =>
      option !== kept && crossing.open(option) ? [option] : [],
    );
    if (others.length > 0) changeable.push({ id: crossing.choice.id, others });
    return kept;
  });
  const changed = changeable[changeable.length === 0 ? 0 : random.nextInt(changeable.length)];
  if (changed === undefined) return decisions;
  const other = changed.others[random.nextInt(changed.others.length)];
  return walk(graph, (crossing) =>
    crossing.choice.id === changed.id && other !== undefined && crossing.open(other)
      ? other
      : keepOrDraw(crossing, decisions, random),
  );
}

/** Each choice from one parent or the other by a fair coin, as far as the child can have it. */
export function crossDecisions(graph: Graph, a: Decisions, b: Decisions, random: RandomSource): Decisions {
  return walk(graph, (crossing) => {
    const [first, second] = random.nextInt(2) === 0 ? [a, b] : [b, a];
    const option = first[crossing.choice.id];
    if (option !== undefined && crossing.open(option)) return option;
    return keepOrDraw(crossing, second, random);
  });
}

/** The least or greatest option at every choice that leads to an architecture. */
export function extremeDecisions(graph: Graph, which: 'min' | 'max'): Decisions {
  return walk(graph, ({ choice, open }) => {
    const options = choice.options.map((_, option) => option);
    if (which === 'max') options.reverse();
    return options.find(open) ?? 0;
  });
}
