/** What only costs, data or the whole of a file can tell: a code each, explained in `docs/diagnostics`. */

import type { Span } from '../../grammar/ast.ts';
import type { Problem, Severity } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';

const severities = {
  /** There is no profile for what a target names, so nothing can be priced on it. */
  'target/unknown': 'error',
  /** The target's runtime has no kernel for a layer. A warning where only some architectures have it. */
  'operator/unsupported': 'error',
  /** A layer runs, but not on the runtime's fast kernel. A hint where pooling would be quicker. */
  'kernel/slow-path': 'information',
  /** Not even the smallest arena of a space fits in a bank of a target's board. */
  'memory/does-not-fit': 'error',
  /** No architecture of the space meets a constraint. */
  'constraint/impossible': 'error',
  /** Every architecture meets a constraint, so it says nothing. */
  'constraint/always-met': 'hint',
  /** No data supports a number for what a constraint limits, so it would pass every architecture in silence. */
  'constraint/unknown': 'warning',
  /** What a target's board draws, running or asleep, is not known, so its schedule gives no average power. */
  'schedule/unknown': 'warning',
  /** There is nothing where the dataset is said to be. */
  'data/missing': 'error',
  /** A file where a folder is read, or the other way round. */
  'data/wrong-kind': 'error',
  /** A folder of pictures has no folders of classes, or a class no pictures. */
  'data/contents': 'error',
  /** Another number of classes than is declared. Information where none is declared. */
  'data/classes': 'error',
} as const satisfies Readonly<Record<string, Severity>>;

export type CostCode = keyof typeof severities;

export const costCodes = Object.keys(severities);

/** @param more what is not as usual: another severity, places beside this one, edits that mend it */
export function problemIn(
  snapshot: Snapshot,
  code: CostCode,
  { start, end }: Span,
  message: string,
  more: Partial<Pick<Problem, 'severity' | 'related' | 'fixes'>> = {},
): Problem {
  const severity = severities[code];
  return { code, severity, message, file: snapshot.uri, start, end, related: [], fixes: [], ...more };
}
