/** Shapes that do not fit, each at the layer where they do not, naming an architecture in which it happens. */

import type { Span } from '../../../grammar/ast.ts';
import { finding } from '../problems/catalogue.ts';
import { type Finding, problemAt } from '../problems/problem.ts';
import type { Problem } from '../types.ts';
import { type Graph, isLive, type LayerNode, type Node } from './node.ts';

/** Decisions named in a message; the last ones are the nearest to the layer. */
const NAMED_DECISIONS = 4;

/** Errors in a block of another file stand at its use in `home`, since nobody would see them there. */
export function graphProblems(graph: Graph, home: string): readonly Problem[] {
  const problems: Problem[] = [];
  const reported = new Set<string>();
  const add = (node: LayerNode, found: Finding): void => {
    const { statement, source, fault } = node.instruction;
    const failed = fault?.(node.registers);
    const { start } = failed?.expression ?? statement;
    const file = failed?.file ?? source.file;
    const span = failed?.expression ?? statement;
    const use = file === home || found.severity !== 'error' ? undefined : useIn(home, node, graph);
    const key = `${found.code} ${start} ${file} ${use?.start ?? ''}`;
    if (reported.has(key)) return;
    reported.add(key);
    const suffix = found.severity === 'error' ? architectureOf(node, graph) : '';
    if (use !== undefined) {
      const related = [{ file, span, message: 'It comes up here.' }];
      // What mends it there has no place here.
      const elsewhere = { ...found, fixes: () => [] };
      problems.push(problemAt(elsewhere, { file: home, span: use }, related, suffix));
      return;
    }
    problems.push(problemAt(found, { file, span }, [], suffix));
  };
  for (const node of graph.remarkable) {
    if (node.outcome === undefined) continue;
    const { failure, warning } = node.outcome;
    // Without the certainty that this way is an architecture, a mismatch may be one of the forgetting.
    if (failure !== undefined && node.failed && node.reaches && graph.exact && graph.arrivals.isClean(node))
      add(node, failure);
    else if (warning !== undefined && node.count > 0) add(node, warning);
    // Where nothing else is left, what nothing gets past is why.
    else if (failure !== undefined && graph.isRelaxed && !isLive(graph.root)) add(node, failure);
  }
  const [root] = graph.order;
  if (!graph.exact && !graph.isRelaxed && root !== undefined) {
    const source = graph.program.instructions.find((instruction) => instruction.kind === 'layer')?.source;
    if (source !== undefined) {
      problems.push(
        problemAt(finding('shape/limit', { limit: graph.limit }), { file: source.file, span: source }),
      );
    }
  }
  return problems;
}

/** The outermost use of a block in the file through which a layer has come into the space. */
export function useIn(home: string, node: LayerNode, graph: Graph): Span | undefined {
  const region = graph.program.regions.find(
    ({ file, start, end }) => file === home && start <= node.at && node.at < end,
  );
  if (region === undefined) return undefined;
  const { statement } = region;
  return statement.kind === 'operator' ? statement.name : statement;
}

export function architectureOf(node: Node, { arrivals }: Graph): string {
  const decisions: string[] = [];
  for (let at: Node | undefined = node; at !== undefined;) {
    const parent = arrivals.predecessorOf(at);
    at = parent?.node;
    if (parent === undefined || at?.kind !== 'draw') continue;
    const { choice } = at.slot;
    decisions.unshift(`${choice.id} is ${choice.options[parent.option] ?? '?'}`);
  }
  if (decisions.length === 0) return '';
  const named = decisions.slice(-NAMED_DECISIONS);
  const more = decisions.length - named.length;
  const rest = more === 0 ? '' : ` (and ${more} earlier choice${more === 1 ? '' : 's'})`;
  return ` It happens in the architecture where ${named.join(', ')}${rest}.`;
}
