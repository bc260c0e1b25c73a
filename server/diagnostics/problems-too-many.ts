/** `problems/too-many`: in the place of problems beyond the first thousand, which no editor can show to any use. */

import { counted } from '../../engine/space/index.ts';
import type { Problem, Severity } from '../../engine/space/types.ts';

export const mostListed = 1000;

const worstFirst: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** All of them if they are few; else the worst, in the order of the text, and one that says how many are left out. */
export function listed(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= mostListed) return problems;
  const ranked = worstFirst.flatMap((rank) => problems.filter(({ severity }) => severity === rank));
  const worst = new Set(ranked.slice(0, mostListed));
  const first = problems.find((problem) => !worst.has(problem));
  const shown = problems.filter((problem) => worst.has(problem));
  if (first === undefined) return shown;
  const left = problems.length - mostListed;
  const more = counted(left, 'more problem', undefined, left.toLocaleString('en-US'));
  const message = `${more} of this file ${left === 1 ? 'is' : 'are'} not listed, of which this place has the first. Correct those that are: many follow from one.`;
  const rest: Problem = { ...first, code: 'problems/too-many', message, related: [], fixes: [] };
  return [...shown, rest].sort((a, b) => a.start - b.start || a.end - b.end);
}
