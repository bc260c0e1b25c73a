/** Builds one space of a program, version after version of its text, from what the version before left. */

import type { SpaceDeclaration } from '../../grammar/ast.ts';
import type { Effort } from './effort.ts';
import { rebuildGraph } from './graph/build.ts';
import type { Graph } from './graph/node.ts';
import { Elaborator } from './program/elaborate.ts';
import type { Report } from './program/body.ts';
import type { FileScope } from './program/file-scope.ts';
import type { SpaceInput } from './program/space-input.ts';
import type { Steps } from './steps.ts';

/** What a space is built from. */
export interface SpaceSource {
  readonly declaration: SpaceDeclaration;
  readonly file: FileScope;
  readonly input: SpaceInput;
  readonly classes: number;
}

/** Operators that earlier versions have come to, beside those of the first, before all is built afresh. */
const MOST_STALE_OPERATORS = 4000;

export class SpaceBuilder {
  private elaborator: Elaborator | undefined;
  private graph: Graph | undefined;
  /** Operators of the version that was built afresh. */
  private operators = 0;

  /**
   * The graph that was built before is superseded. A version that is begun before the steps of another are done gets
   * nothing from it. Throws `TooLarge` and what `effort` throws.
   */
  *build({ declaration, file, input, classes }: SpaceSource, report: Report, effort?: Effort): Steps<Graph> {
    const { elaborator: before, graph } = this;
    this.elaborator = this.graph = undefined;
    const stale = (graph?.operators.ops.length ?? 0) - this.operators;
    const afresh = graph === undefined || before?.classes !== classes || stale > MOST_STALE_OPERATORS;
    const elaborator = afresh ? new Elaborator(classes) : before;
    elaborator.effort = effort;
    const program = yield* elaborator.space(declaration, file, input, report);
    const built = yield* rebuildGraph(program, afresh ? undefined : graph, effort);
    if (afresh) this.operators = built.operators.ops.length;
    this.elaborator = elaborator;
    this.graph = built;
    return built;
  }
}
