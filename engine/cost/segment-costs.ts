/**
 * What the nodes of one segment of a graph cost. It follows from the segment and, for sums along paths, from the sums
 * behind it; so one version of a text keeps it for the next wherever an edit changed neither.
 */

import type { Statement } from '../../grammar/ast.ts';
import { isLive, type LayerNode, type Node } from '../space/graph/node.ts';
import type { Leaving, Segment } from '../space/graph/segment.ts';
import { stride, summed, width, type LayerCosts, type OperatorRows } from './operator-rows.ts';
import { StatementSums } from './statement-sums.ts';

/** A statement that is a layer, and the instructions that it has become, from the start of the segment. */
interface LayerPlaces {
  readonly sums: StatementSums;
  readonly places: number[];
}

/** One use of a statement that holds layers, with all its repetitions; places count from the start of the segment. */
export interface UsePlace {
  readonly sums: StatementSums;
  readonly start: number;
  readonly end: number;
}

export class SegmentCosts {
  start: number;
  /** See {@link countPassed}; by instruction from the start, for the ways that stay inside. */
  readonly passed: Int32Array;
  readonly statements: readonly LayerPlaces[];
  flow: Flow | undefined;
  /** What uses of blocks, groups and choices in it come to; worked out when asked for. */
  uses: readonly UsePlace[] | undefined;

  /** Of the live ones among `nodes`, whose instructions are those from `start` up to `end`. */
  constructor(nodes: readonly Node[], start: number, end: number, rows: OperatorRows) {
    this.start = start;
    this.passed = new Int32Array(end - start + 1);
    const found = new Map<Statement, LayerPlaces>();
    /** The last instruction where they were met. */
    const metAt = new Map<LayerCosts, number>();
    let last: Node | undefined;
    let layer: LayerPlaces | undefined;
    for (let position = 0; position < nodes.length; position += 1) {
      const node = nodes[position];
      if (!isLive(node) || node.mergedInto !== undefined) continue;
      if (node.kind === 'layer') {
        this.#follow(node, node.next, end);
        if (node.instruction.fault !== undefined) continue;
        if (layer === undefined || last?.at !== node.at) {
          layer = placesOf(found, node);
          layer.places.push(node.at - start);
          last = node;
        }
        const costs = rows.of(node);
        const most = rows.live.mostAt(node, costs);
        // The same operators, where other tensors may be kept.
        if (metAt.get(costs) === node.at) layer.sums.hold(costs.least, most);
        else {
          layer.sums.add(node.instruction, costs, most);
          metAt.set(costs, node.at);
        }
      } else if (node.kind !== 'end') {
        for (const child of node.children) this.#follow(node, child, end);
      }
    }
    this.statements = [...found.values()];
  }

  #follow(from: Node, to: Node | undefined, end: number): void {
    if (to !== undefined && to.at < end) countPassed(this.passed, from.at - this.start, to, this.start);
  }
}

function placesOf(found: Map<Statement, LayerPlaces>, node: LayerNode): LayerPlaces {
  const { statement, source } = node.instruction;
  let layer = found.get(statement);
  if (layer === undefined) {
    found.set(statement, (layer = { sums: new StatementSums(statement, source.file), places: [] }));
  }
  return layer;
}

/**
 * Notes that a way goes past the instructions between `from` and a node: the running sum over `change` is the number
 * of ways that pass an instruction. Both the index `from` and `change` count from `start`.
 */
export function countPassed(change: Int32Array, from: number, to: Node | undefined, start = 0): void {
  if (!isLive(to)) return;
  const at = to.at - start;
  if (at <= from + 1) return;
  change[from + 1] = (change[from + 1] ?? 0) + 1;
  change[at] = (change[at] ?? 0) - 1;
}

/** Where a way out of a segment leads. */
export function goalOf({ from, option }: Leaving): Node | undefined {
  return from.kind === 'layer' ? from.next : from.children[option];
}

/** Numbers of a row that are summed along paths: the least, then the greatest. */
const flowing = 2 * (width - summed);

/** The sums where a segment is entered, and those behind it that they came from. */
export class Flow {
  readonly #heads: readonly Node[];
  readonly #entering: Float64Array;
  readonly #behind: Float64Array;

  constructor(sums: Float64Array, { goals, leaving }: Segment) {
    const heads = new Set<Node>();
    for (const goal of goals) if (goal !== undefined && 'kind' in goal) heads.add(goal);
    this.#heads = [...heads];
    this.#entering = new Float64Array(heads.size * flowing);
    this.#behind = new Float64Array(leaving.length * flowing);
    this.#heads.forEach((head, index) => {
      for (let each = 0; each < flowing; each += 1)
        this.#entering[index * flowing + each] = sumOf(sums, head, each);
    });
    leaving.forEach((way, index) => {
      const goal = goalOf(way);
      for (let each = 0; each < flowing; each += 1)
        this.#behind[index * flowing + each] = sumOf(sums, goal, each);
    });
  }

  /** Writes the rows of the nodes at which the segment is entered, or gives `false` when others lie behind it. */
  restore(sums: Float64Array, { leaving }: Segment): boolean {
    let at = 0;
    for (const way of leaving) {
      const goal = goalOf(way);
      for (let each = 0; each < flowing; each += 1, at += 1)
        if (sumOf(sums, goal, each) !== this.#behind[at]) return false;
    }
    at = 0;
    for (const head of this.#heads) {
      for (let each = 0; each < flowing; each += 1, at += 1)
        sums[placeOf(head, each)] = this.#entering[at] ?? 0;
    }
    return true;
  }
}

function placeOf({ index }: Node, each: number): number {
  return index * stride + each + (2 * each < flowing ? summed : 2 * summed);
}

/** Not a number, but not NaN either, which equals nothing, where no architecture goes on. */
function sumOf(sums: Float64Array, node: Node | undefined, each: number): number {
  return isLive(node) ? (sums[placeOf(node, each)] ?? 0) : Infinity;
}
