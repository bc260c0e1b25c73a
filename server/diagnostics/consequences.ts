/** Problems that follow from another one: said as well, they would bury the one to mend. */

import type { Problem } from '../../engine/space/types.ts';

/** What is missing where it is written under a wrong name; lines that could not be read are seen to by the analysis. */
const missing = new Set(['setting/missing', 'operand/missing', 'argument/missing']);

/** @param lineAt the line of an offset */
export function withoutConsequences(
  problems: readonly Problem[],
  lineAt: (offset: number) => number,
): readonly Problem[] {
  if (problems.length < 2) return problems;
  const misnamed = new Set<number>();
  const causes = new Set<string>();
  for (const { code, start, end } of problems) {
    if (code.startsWith('syntax/')) causes.add(`${start} ${end}`);
    if (code === 'argument/unknown') misnamed.add(lineAt(start));
  }
  return problems.filter(({ code, start, end }, index) => {
    if (code.startsWith('syntax/')) return true;
    if (causes.has(`${start} ${end}`)) return false;
    if (missing.has(code)) return !misnamed.has(lineAt(start));
    // One follower out of order is found by its neighbours and by the layer as a whole.
    const inner = problems[index + 1];
    return !(code === 'follower/order' && inner?.code === code && inner.start < end);
  });
}
