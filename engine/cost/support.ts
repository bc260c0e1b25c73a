/** Whether a target's runtime can run an operator, and on which kernel path, by the runtime's data. */

import type { RemedyRule } from '../../device-profiles/types.ts';
import type { DType, Op, OpKind, Shape, Tensor } from '../space/network.ts';
import type { CompiledTarget } from './compile.ts';
import { compiledTarget } from './compile.ts';
import { measureQuantities, type Quantities } from './quantities.ts';
import { fillMessage } from './rules.ts';
import type { Target } from './target.ts';
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
  kind: OpKind,
  dtype: DType,
  quantities: Quantities,
): Support {
  if (kind === 'dropout') return fast;
  const entry = compiled
    .support(kind)
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
          .slowPaths(kind)
          .find((candidate) => candidate.entry.dtypes.includes(dtype) && candidate.holds(quantities))?.entry;
  if (broken === undefined || broken.level === 'fast') return fast;
  return {
    level: broken.level,
    rule: broken.rule ?? 'slow-path',
    reason: fillMessage(broken.reason ?? 'The slow generic kernel runs.', quantities),
    remedy: remedyOf(broken.remedy, quantities),
  };
}

/** Support of one operator of a network. `network` supplies the shapes and number formats of its tensors. */
export function supportOf(op: Op, network: { readonly tensors: readonly Tensor[] }, target: Target): Support {
  const find = (id: number): Tensor | undefined => network.tensors.find((tensor) => tensor.id === id);
  const inputs = op.inputs.map(find).filter((tensor) => tensor !== undefined);
  const output = find(op.output);
  return supportOfShapes(
    op,
    inputs.map((tensor) => tensor.shape),
    output?.shape ?? [1],
    target,
    inputs[0]?.dtype ?? 'int8',
  );
}

/** The same, for an operator outside a network: shapes without batch dimension. */
export function supportOfShapes(
  op: Op,
  inputShapes: readonly Shape[],
  outputShape: Shape,
  target: Target,
  dtype: DType = 'int8',
): Support {
  const quantities = measureQuantities(op, inputShapes, outputShape, { input: dtype, output: dtype });
  return supportOfMeasured(compiledTarget(target), op.kind, dtype, quantities);
}
