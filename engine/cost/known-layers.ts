/**
 * What layers cost in a space that has no architectures because of an error: those before it, whose shapes are known
 * although the network as a whole is not. While a person types, that is what can be said most of the time.
 */

import type { Span, Statement } from '../../grammar/ast.ts';
import type { Graph, LayerNode } from '../space/graph/node.ts';
import { elaborated } from '../space/search-space.ts';
import type { SearchSpace } from '../space/types.ts';
import { statementBounds, type StatementBounds } from './statement-bounds.ts';
import { compiledTarget } from './compile.ts';
import { rowsOf } from './operator-rows.ts';
import { StatementSums } from './statement-sums.ts';
import type { Target } from './target.ts';

/** An error in the text, and the space or block that it stands in. */
export interface LocatedError extends Span {
  readonly file: string;
  readonly declaration: Span;
}

/**
 * Bounds of the layers before the first error, in the order in which layers run: behind it shapes are guesses. How
 * often a layer runs is not known: from no time up to as often as it was met.
 */
export function boundKnownLayers(
  space: SearchSpace,
  target: Target,
  errors: readonly LocatedError[],
): readonly StatementBounds[] {
  const { graph } = elaborated(space);
  const compiled = compiledTarget(target);
  const rows = rowsOf(graph, compiled);
  const end = firstDoubtful(graph, errors);
  const found = new Map<Statement, StatementSums>();
  /** By statement, the last instruction at which it was met; nodes come in the order of instructions. */
  const metAt = new Map<Statement, number>();
  for (const node of graph.order) {
    if (node.at >= end) break;
    if (node.kind !== 'layer' || !hasShape(node)) continue;
    const { statement, source } = node.instruction;
    let sums = found.get(statement);
    if (sums === undefined) found.set(statement, (sums = new StatementSums(statement, source.file)));
    if (metAt.get(statement) !== node.at) sums.most += 1;
    metAt.set(statement, node.at);
    const costs = rows.of(node);
    sums.add(node.instruction, costs, rows.live.mostAt(node, costs));
  }
  // However much is kept besides, it is no more than all that these layers take.
  let inAll = Math.max(0, ...graph.program.inputs.map(({ bytes }) => bytes));
  for (const { most, mostTaken } of found.values()) inAll += most * mostTaken;
  const more = { most: 0, inAll, isLeastKnown: true };
  return [...found.values()].map((sums) => statementBounds(sums, compiled, undefined, more));
}

function hasShape({ outcome, mergedInto, instruction }: LayerNode): boolean {
  return mergedInto === undefined && instruction.fault === undefined && outcome?.output !== undefined;
}

/** The instruction from which on something may be wrong. */
function firstDoubtful(graph: Graph, errors: readonly LocatedError[]): number {
  const places = placesOf(graph);
  const starts = errors.map((error) => firstBehind(places, error));
  const failed = graph.remarkable.filter((node) => node.failed).map(({ at }) => at);
  return Math.min(graph.doubtfulFrom, ...failed, ...starts);
}

/** A layer or a statement that holds layers, and the first instruction that comes of it in one place. */
interface Place {
  readonly at: number;
  readonly statement: Statement;
  readonly file: string;
}

function placesOf({ program }: Graph): readonly Place[] {
  const layers = program.instructions.flatMap((instruction, at) =>
    instruction.kind === 'layer'
      ? [{ at, statement: instruction.statement, file: instruction.source.file }]
      : [],
  );
  const holders = program.regions.map(({ start, statement, file }) => ({ at: start, statement, file }));
  return [...layers, ...holders];
}

/**
 * The first instruction of the innermost statement around the error; of what follows in its declaration when there
 * is none, as for the value of a `let`.
 */
function firstBehind(places: readonly Place[], { file, start, end, declaration }: LocatedError): number {
  const own = places.filter((place) => place.file === file);
  const lengthOf = ({ statement }: Place): number => statement.end - statement.start;
  const around = own.filter(({ statement }) => statement.start <= start && end <= statement.end);
  const innermost = Math.min(...around.map(lengthOf));
  const behind = own.filter(({ statement }) => start <= statement.start && statement.end <= declaration.end);
  const meant = around.length > 0 ? around.filter((place) => lengthOf(place) === innermost) : behind;
  return Math.min(...meant.map(({ at }) => at));
}
