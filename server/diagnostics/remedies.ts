/** What the cost model says would help, as edits of the text. */

import { layerOf } from '../../engine/operators/words.ts';
import type { Expression, Span, Statement } from '../../grammar/ast.ts';
import type { Remedy } from '../../engine/cost/types.ts';
import { fix } from '../../engine/space/index.ts';
import type { Fix } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { walk } from '../../grammar/index.ts';

export function remedyFixes(
  snapshot: Snapshot,
  statement: Statement,
  remedy: Remedy | undefined,
): readonly Fix[] {
  if (remedy === undefined) return [];
  switch (remedy.kind) {
    case 'replace-operator':
      return replaceWord(statement, remedy.from, remedy.to, 'operator');
    case 'replace-activation':
      return replaceWord(statement, remedy.from, remedy.to, 'activation');
    case 'set-channels':
      return setChannels(snapshot, statement, remedy.to);
  }
}

function replaceWord(statement: Statement, from: string, to: string, what: string): Fix[] {
  const [old, next] = [layerOf(from.toLowerCase()), layerOf(to.toLowerCase())];
  const places: Span[] = [];
  walk(statement, (node) => {
    if ((node.kind === 'operator' || node.kind === 'follower') && node.name.name === old)
      places.push(node.name);
  });
  if (places.length === 0 || old === next) return [];
  return [
    {
      title: `Replace the ${what} \`${old}\` by \`${next}\``,
      preferred: true,
      edits: places.map((place) => ({ span: { start: place.start, end: place.end }, text: next })),
    },
  ];
}

/** Changes written numbers to the nearest multiple that the fast path wants; wraps what is computed. */
function setChannels(snapshot: Snapshot, statement: Statement, to: number): readonly Fix[] {
  if (statement.kind !== 'operator' && statement.kind !== 'operatorChoice') return [];
  const { output } = statement;
  if (output === undefined) return [];
  // Kernels take channels by fours; a remedy that is no multiple of four tells of a smaller step.
  const multiple = to % 4 === 0 ? 4 : to % 2 === 0 ? 2 : 1;
  const text = onFastPath(snapshot, output, multiple);
  const old = snapshot.text.slice(output.start, output.end);
  if (text === undefined || text === old) return [];
  return fix(`Change the channels to \`${text}\`, which the fast kernel takes`, output, text);
}

function onFastPath(snapshot: Snapshot, value: Expression, multiple: number): string | undefined {
  const up = (written: number): string => String(Math.ceil(written / multiple) * multiple);
  const text = snapshot.text.slice(value.start, value.end);
  if (value.kind === 'number' && value.unit === undefined) return up(value.value);
  if (value.kind === 'choiceExpression') {
    const options = value.options.map((option) => onFastPath(snapshot, option, multiple));
    if (options.some((option) => option === undefined)) return undefined;
    return `{${[...new Set(options)].join(' | ')}}`;
  }
  if (value.kind === 'name' || value.kind === 'binary') return `divisible(${text}, ${multiple})`;
  return undefined;
}
