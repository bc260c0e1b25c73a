/** `target/unknown`: there is no profile for what a target names, so nothing can be priced on it. */

import type { Span, TargetDeclaration } from '../../grammar/ast.ts';
import { formatHertz, type TargetProblem } from '../../engine/cost/index.ts';
import { fix } from '../../engine/space/index.ts';
import type { Fix, Problem } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { resolvedTargets } from '../analysis/targets.ts';
import { problemIn } from './problem.ts';

export function unknownTargets(snapshot: Snapshot): Problem[] {
  const resolved = resolvedTargets(snapshot);
  if (resolved.every(({ problem }) => problem === undefined)) return [];
  const declarations = new Map<number, TargetDeclaration>();
  for (const each of snapshot.parse.file.declarations)
    if (each.kind === 'target') declarations.set(each.start, each);
  return resolved.flatMap(({ setting, problem }) => {
    if (problem === undefined || setting.source.file !== snapshot.uri) return [];
    const declaration = declarations.get(setting.source.start);
    const place = placeOf(declaration, problem) ?? setting.source;
    const message = `${problem.message} Costs are not shown until it is known.`;
    return [problemIn(snapshot, 'target/unknown', place, message, { fixes: fixes(place, problem) })];
  });
}

/** The value that is wrong, quotes included. */
function placeOf(declaration: TargetDeclaration | undefined, problem: TargetProblem): Span | undefined {
  if (declaration === undefined) return undefined;
  if (problem.part === 'board') return declaration.board;
  const properties = declaration.properties.flatMap((each) => [each, ...(each.nested ?? [])]);
  const values = properties.find(({ name }) => name.name === problem.part)?.values;
  const [first] = values ?? [];
  const last = values?.[values.length - 1];
  return first === undefined || last === undefined ? undefined : { start: first.start, end: last.end };
}

function fixes(place: Span, { part, suggestion }: TargetProblem): readonly Fix[] {
  if (suggestion === undefined) return [];
  const text =
    part === 'board'
      ? `"${suggestion}"`
      : part === 'clock'
        ? formatHertz(Number(suggestion))
        : String(suggestion);
  return fix(`Change to ${text}`, place, text);
}
