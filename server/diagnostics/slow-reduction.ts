/**
 * `kernel/slow-path` for `gap` and `gmp`: runtimes reduce over height and width by a general kernel, one value at a
 * time, where pooling with a window of the whole image gives the same numbers by a fast one. Nothing here says which
 * is faster: both are priced on the target, and the layer is told when pooling is far cheaper.
 */

import { formatShape, formatTime, poolingLike, reductionRule, type Target } from '../../engine/cost/index.ts';
import { rowOf } from '../../engine/operators/catalogue.ts';
import { fix } from '../../engine/space/index.ts';
import type { Op, OpPlace } from '../../engine/space/network.ts';
import type { Fix, Problem, SearchSpace } from '../../engine/space/types.ts';
import { priceInstance, spaceCosts, type Instance, type LayerCost } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';

/** Of the time of the dearest architecture: less is not worth a word here. */
const worthwhileShare = 0.01;

export function slowReductions(snapshot: Snapshot): Problem[] {
  const seen = new Set<number>();
  return spaceCosts(snapshot).flatMap(({ space, layers, targets }) =>
    layers.flatMap((layer) => {
      const { statement, example, file } = layer;
      if (example === undefined || file !== snapshot.uri || seen.has(statement.start)) return [];
      const { pooling } = rowOf(example.op.kind);
      if (pooling === undefined) return [];
      for (const { target, bounds } of targets) {
        const whole = bounds.total.latency?.high;
        const message = whole === undefined ? undefined : comparison(example, target, whole);
        if (message === undefined) continue;
        seen.add(statement.start);
        const place = statement.kind === 'operator' ? statement.name : statement;
        const fixes = fixesFor(layer, pooling.layer, space);
        return [problemIn(snapshot, 'kernel/slow-path', place, message, { severity: 'hint', fixes })];
      }
      return [];
    }),
  );
}

/** `undefined` when pooling is no better, or when a number is missing. */
function comparison(example: Instance, target: Target, wholeMs: number): string | undefined {
  const { op, inputs } = example;
  const [input] = inputs;
  const slow = pricedOnce(example, target);
  const { latencyMs, support } = slow ?? {};
  const { pooling } = rowOf(op.kind);
  if (pooling === undefined) return undefined;
  if (latencyMs === undefined || support?.level !== 'slow' || support.rule !== reductionRule)
    return undefined;
  const parts = poolingLike(example)?.map(
    (part) => pricedOnce({ ...part, op: { ...placeOf(op), ...part.op } }, target)?.latencyMs?.value,
  );
  const [poolMs, flattenMs] = parts ?? [];
  if (input === undefined || poolMs === undefined || flattenMs === undefined) return undefined;
  const fast = poolMs + flattenMs;
  if (latencyMs.value - fast < wholeMs * worthwhileShare) return undefined;
  const { layer, reduction } = pooling;
  const window = `${input[0] ?? 1}x${input[1] ?? 1}`;
  return (
    `${target.runtime.name} runs \`${reduction}\` by its general kernel ${op.kind.toUpperCase()}: over ${formatShape(input)} it takes ${formatTime(latencyMs.value)}. ` +
    `\`${layer} ${window} padding valid; flatten\` gives the same up to rounding and takes ${formatTime(fast)}.`
  );
}

type Priced = ReturnType<typeof priceInstance>;

const prices = new WeakMap<Target, Map<string, Priced>>();
/** Prices of one target that are remembered: a file of many spaces asks for the same ones at every keystroke. */
const REMEMBERED = 1000;

/** The price of a reduction, a pool over its whole input or a reshape, of which its shapes say all; the name is that of the first. */
function pricedOnce(instance: Instance, target: Target): Priced {
  let known = prices.get(target);
  if (known === undefined || known.size > REMEMBERED) {
    known = new Map<string, Priced>();
    prices.set(target, known);
  }
  const key = [instance.op.kind, ...instance.inputs, instance.output].join(' ');
  if (!known.has(key)) known.set(key, priceInstance(instance, target));
  return known.get(key);
}

function placeOf({ index, name, source, inputs, output, moreOutputs }: Op): OpPlace {
  return { index, name, source, inputs, output, moreOutputs };
}

/** Offered where the image has one size in every architecture and the layer stands alone. */
function fixesFor({ statement }: LayerCost, layer: string, space: SearchSpace): readonly Fix[] {
  if (statement.kind !== 'operator' || statement.start !== statement.name.start) return [];
  if (statement.end !== statement.name.end) return [];
  const windows = new Set(space.inputsOf(statement)?.map(([height = 0, width = 0]) => `${height}x${width}`));
  const [window, other] = windows;
  if (window === undefined || other !== undefined) return [];
  const text = `${layer} ${window} padding valid; flatten`;
  return fix(`Change to \`${text}\``, statement, text);
}
