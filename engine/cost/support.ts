/** Whether a target's runtime can run an operator, and on which kernel path, by the runtime's rules alone. */

import type { Evidence, RemedyRule, Runtime } from '../../device-profiles/types.ts';
import { rowOf } from '../operators/catalogue.ts';
import type { DType } from '../space/network.ts';
import type { CompiledTarget } from './compile.ts';
import type { Quantities } from './quantities.ts';
import { shownName, type Named } from './rule-names.ts';
import { fillMessage } from './rules.ts';
import type { Remedy, Support } from './types.ts';

const fast: Support = { level: 'fast' };

/** A sentence after a verdict that was read in another version of the runtime; else nothing. */
function unverified({ support }: Runtime, source: Evidence | undefined = support[0]?.source): string {
  if (source?.insteadOf === undefined) return '';
  return ` That was read in ${source.version}, since nothing of ${source.insteadOf} could be had: try it with your version.`;
}

function remedyOf(rule: RemedyRule | undefined, quantities: Quantities): Remedy | undefined {
  if (rule === undefined) return undefined;
  if (rule.kind !== 'set-channels') return rule;
  const to = Math.ceil(quantities.outputChannels / rule.multipleOf) * rule.multipleOf;
  return { kind: 'set-channels', to };
}

/** Support of an operator that has been measured already. */
export function supportOfMeasured(
  compiled: CompiledTarget,
  op: Named,
  dtype: DType,
  quantities: Quantities,
): Support {
  if (rowOf(op.kind).trainingOnly) return fast;
  const format = op.format ?? dtype;
  const { runtime } = compiled.target;
  const entry = compiled
    .support(op)
    .find((candidate) => candidate.entry.dtypes.includes(format) && candidate.holds(quantities))?.entry;
  if (entry === undefined) {
    return {
      level: 'none',
      rule: 'unsupported-operator',
      reason: `${runtime.name} has no ${format} kernel for ${shownName(op)}: use another operator or another runtime.${unverified(runtime)}`,
      remedy: undefined,
    };
  }
  const broken =
    entry.level !== 'fast'
      ? entry
      : compiled
          .slowPaths(op)
          .find((candidate) => candidate.entry.dtypes.includes(format) && candidate.holds(quantities))?.entry;
  if (broken === undefined || broken.level === 'fast') return fast;
  return {
    level: broken.level,
    rule: broken.rule ?? 'slow-path',
    reason:
      fillMessage(broken.reason ?? 'The slow generic kernel runs.', quantities) +
      unverified(runtime, broken.source),
    remedy: remedyOf(broken.remedy, quantities),
  };
}
