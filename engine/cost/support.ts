/** Whether a target's runtime can run an operator, and on which kernel path, by the runtime's rules alone. */

import type { RemedyRule } from '../../device-profiles/types.ts';
import type { DType } from '../space/network.ts';
import type { CompiledTarget } from './compile.ts';
import type { Quantities } from './quantities.ts';
import type { Named } from './rule-names.ts';
import { fillMessage } from './rules.ts';
import type { Remedy, Support } from './types.ts';

const fast: Support = { level: 'fast' };

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
  if (op.kind === 'dropout') return fast;
  const kind = op.tfliteName ?? op.kind;
  const entry = compiled
    .support(op)
    .find((candidate) => candidate.entry.dtypes.includes(dtype) && candidate.holds(quantities))?.entry;
  if (entry === undefined) {
    const runtime = compiled.target.runtime.name;
    return {
      level: 'none',
      rule: 'unsupported-operator',
      reason: `${runtime} has no ${dtype} kernel for ${kind.toUpperCase()}: use another operator or another runtime.`,
      remedy: undefined,
    };
  }
  const broken =
    entry.level !== 'fast'
      ? entry
      : compiled
          .slowPaths(op)
          .find((candidate) => candidate.entry.dtypes.includes(dtype) && candidate.holds(quantities))?.entry;
  if (broken === undefined || broken.level === 'fast') return fast;
  return {
    level: broken.level,
    rule: broken.rule ?? 'slow-path',
    reason: fillMessage(broken.reason ?? 'The slow generic kernel runs.', quantities),
    remedy: remedyOf(broken.remedy, quantities),
  };
}
