/**
 * The exact RAM of a space: the arena, and what is alive while each layer runs, by planning every architecture, some
 * 10 microseconds each. What is alive is no sum over layers, so walks over all architectures at once only bound it.
 */

import type { Statement } from '../../grammar/ast.ts';
import type { LayerInstruction } from '../space/program/instructions.ts';
import { elaborated, type ElaboratedSpace } from '../space/search-space.ts';
import type { Decisions, SearchSpace } from '../space/types.ts';
import { createPricer, type SpacePricer } from './pricer.ts';
import type { Target } from './target.ts';
import type { Bound } from './types.ts';
import { usePlaces } from './use-places.ts';

/** Bytes, at least and at most. */
export interface VisitedMemory {
  readonly arena: Bound;
  /** Alive while an instance of a layer runs, at the dearest of its operators. */
  readonly layers: ReadonlyMap<Statement, Bound>;
  /** The same of one use of a block, a group or a choice, with all its repetitions. */
  readonly uses: ReadonlyMap<Statement, Bound>;
}

/** Architectures between two pauses: about a millisecond. */
const slice = 96;

class Ranges {
  readonly #ranges = new Map<Statement, { low: number; high: number; exact: true }>();

  include(statement: Statement, bytes: number): void {
    const range = this.#ranges.get(statement);
    if (range === undefined) this.#ranges.set(statement, { low: bytes, high: bytes, exact: true });
    else {
      range.low = Math.min(range.low, bytes);
      range.high = Math.max(range.high, bytes);
    }
  }

  get all(): ReadonlyMap<Statement, Bound> {
    return this.#ranges;
  }
}

/** What one architecture after the other comes to. */
class MemoryVisit {
  readonly #pricer: SpacePricer;
  readonly #layers = new Ranges();
  readonly #uses = new Ranges();
  readonly #places: readonly { readonly statement: Statement }[];
  /** Per instruction, the positions in {@link #places} of the uses that it is part of. */
  readonly #within = new Map<LayerInstruction, number[]>();
  readonly #inPlace: Float64Array;
  #low = Infinity;
  #high = 0;

  constructor(space: ElaboratedSpace, target: Target) {
    const { program } = space.graph;
    this.#pricer = createPricer(space, target);
    const places = usePlaces(program.regions);
    this.#places = places;
    this.#inPlace = new Float64Array(places.length);
    places.forEach(({ start, end }, position) => {
      for (const instruction of program.instructions.slice(start, end)) {
        if (instruction.kind !== 'layer') continue;
        const known = this.#within.get(instruction);
        if (known === undefined) this.#within.set(instruction, [position]);
        else known.push(position);
      }
    });
  }

  add(decisions: Decisions): void {
    const inPlace = this.#inPlace.fill(0);
    let last: LayerInstruction | undefined;
    let most = 0;
    const close = (): void => {
      if (last !== undefined) this.#layers.include(last.statement, most);
    };
    const totals = this.#pricer.visit(decisions, (instruction, bytes) => {
      if (instruction !== last) {
        close();
        last = instruction;
        most = 0;
      }
      most = Math.max(most, bytes);
      for (const at of this.#within.get(instruction) ?? []) inPlace[at] = Math.max(inPlace[at] ?? 0, bytes);
    });
    close();
    this.#places.forEach(({ statement }, at) => {
      this.#uses.include(statement, inPlace[at] ?? 0);
    });
    this.#low = Math.min(this.#low, totals.ram.value);
    this.#high = Math.max(this.#high, totals.ram.value);
  }

  get result(): VisitedMemory | undefined {
    if (this.#low > this.#high) return undefined;
    const arena = { low: this.#low, high: this.#high, exact: true };
    return { arena, layers: this.#layers.all, uses: this.#uses.all };
  }
}

/** The same of one architecture alone. Throws when `decisions` is not of the space. */
export function memoryOf(
  space: SearchSpace,
  target: Target,
  decisions: Decisions,
): VisitedMemory | undefined {
  const visit = new MemoryVisit(elaborated(space), target);
  visit.add(decisions);
  return visit.result;
}

/**
 * Yields the architectures visited so far, so that a server can do it in idle time and pass the result on to
 * `withMemory`. `undefined` when the space has more than `limit`.
 */
export function* visitMemory(
  of: SearchSpace,
  target: Target,
  limit: bigint,
): Generator<number, VisitedMemory | undefined, undefined> {
  const space = elaborated(of);
  // Counting exactly takes large integers; that there are too many can be told without.
  if ((space.graph.root?.count ?? 0) > Number(limit)) return undefined;
  const size = space.size();
  if (!size.exact || size.count > limit) return undefined;
  const visit = new MemoryVisit(space, target);
  let visited = 0;
  for (const decisions of space.enumerate()) {
    visit.add(decisions);
    visited += 1;
    if (visited % slice === 0) yield visited;
  }
  return visit.result;
}
