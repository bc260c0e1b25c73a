/** A graph once it has been built, and what is worked out of it only when somebody asks. */

import type { Program } from '../program/instructions.ts';
import type { OperatorTable } from '../program/run-layer.ts';
import { Arrivals } from './arrivals.ts';
import { totalPaths } from './count.ts';
import type { Graph, LayerNode, Node } from './node.ts';
import type { Segment } from './segment.ts';

/**
 * A class, not a literal with a getter: the engine keeps the closure of such a getter in the literal's hidden
 * class, which lives until the next full garbage collection, and with it every graph of every keystroke.
 */
export class BuiltGraph implements Graph {
  readonly program: Program;
  readonly operators: OperatorTable;
  readonly root: Node | undefined;
  /** The next version writes its own into the same array. */
  readonly order: Node[];
  readonly buckets: readonly (readonly Node[] | undefined)[];
  readonly exact: boolean;
  readonly isCounted: boolean;
  readonly isRelaxed: boolean;
  readonly limit: number;
  readonly doubtfulFrom: number;
  readonly remarkable: readonly LayerNode[];
  readonly segments: readonly Segment[];
  isSuperseded = false;
  private counted: bigint | undefined = undefined;
  private traced: Arrivals | undefined = undefined;

  constructor(parts: Omit<Graph, 'order' | 'total' | 'arrivals' | 'isSuperseded'> & { order: Node[] }) {
    this.program = parts.program;
    this.operators = parts.operators;
    this.root = parts.root;
    this.order = parts.order;
    this.buckets = parts.buckets;
    this.exact = parts.exact;
    this.isCounted = parts.isCounted;
    this.isRelaxed = parts.isRelaxed;
    this.limit = parts.limit;
    this.doubtfulFrom = parts.doubtfulFrom;
    this.remarkable = parts.remarkable;
    this.segments = parts.segments;
  }

  /** Large integers for every node cost more than the rest; most analyses never ask. */
  get total(): bigint {
    return (this.counted ??= totalPaths(this.order, this.root));
  }

  get arrivals(): Arrivals {
    return (this.traced ??= new Arrivals(this.order, this.root));
  }
}
