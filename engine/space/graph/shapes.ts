/** The shapes that can flow into a layer. */

import type { Statement } from '../../../grammar/ast.ts';
import type { Shape } from '../network.ts';
import { type Graph, isLayerInPlay } from './node.ts';

/** Of what the layer reads in any architecture, each once; `undefined` where states were merged and it is not known. */
export function inputShapes(graph: Graph, statement: Statement): readonly Shape[] | undefined {
  if (!graph.exact) return undefined;
  const shapes = new Set<Shape>();
  graph.program.instructions.forEach((instruction, at) => {
    if (instruction.kind !== 'layer' || instruction.statement !== statement) return;
    for (const node of graph.buckets[at] ?? []) {
      const inputs = isLayerInPlay(node) ? node.outcome?.ops[0]?.inputs : undefined;
      for (const { shape } of inputs ?? []) shapes.add(shape);
    }
  });
  return [...shapes];
}
