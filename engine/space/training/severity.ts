/**
 * How grave it is that something is priced but not searched: nothing to be mended in a file that only prices networks, and
 * an error where a search is asked for. `check`, the editor and `search` decide by this alone.
 */

import type { Problem } from '../types.ts';

const onlyPriced = (code: string): boolean =>
  code.startsWith('later/') || code === 'training/operator' || code === 'training/outputs';

/** The problem as it stands in the way of a search. */
export function stopsSearch(problem: Problem): Problem {
  if (!onlyPriced(problem.code) || problem.severity === 'error') return problem;
  return { ...problem, severity: 'error', message: `${problem.message} No search starts while it is there.` };
}

/** The problem as it is told where no search is asked for: that nothing can be trained matters only beside a dataset. */
export function pricedOnly(problem: Problem, hasDataset: boolean): readonly Problem[] {
  if (!onlyPriced(problem.code) || problem.severity !== 'error') return [problem];
  return hasDataset ? [{ ...problem, severity: 'information' }] : [];
}
