/**
 * `kernel/slow-path` for `gap` and `gmp`: runtimes reduce over height and width by a general kernel, one value at a
 * time, where pooling with a window of the whole image gives the same numbers by a fast one. Nothing here says which
 * is faster: both are priced on the target, and the layer is told when pooling is far cheaper.
 */

import type { Op, Shape } from '../../engine/space/network.ts';
import type { Fix, Problem, SearchSpace } from '../../engine/space/types.ts';
import type { Target } from '../../engine/cost/index.ts';
import { priceInstance, spaceCosts, type Instance, type LayerCost } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { formatShape, formatTime } from '../features/quantities.ts';

/** The operator of TFLite that pools, and the layer that says so. */
const pools = {
  mean: { kind: 'average_pool_2d', layer: 'avgpool' },
  reduce_max: { kind: 'max_pool_2d', layer: 'maxpool' },
} as const;

/** Less is not worth a word: of the time of the layer, and of the dearest architecture. */
const worthwhile = { ofLayer: 0.5, ofWhole: 0.01 };

export function slowReductions(snapshot: Snapshot): Problem[] {
  const seen = new Set<number>();
  return spaceCosts(snapshot).flatMap(({ space, layers, targets }) =>
    layers.flatMap((layer) => {
      const { statement, example, file } = layer;
      if (example === undefined || file !== snapshot.uri || seen.has(statement.start)) return [];
      if (example.op.kind !== 'mean' && example.op.kind !== 'reduce_max') return [];
      for (const { target, bounds } of targets) {
        const whole = bounds.total.latencyMs?.high;
        const message = whole === undefined ? undefined : comparison(example, target, whole);
        if (message === undefined) continue;
        seen.add(statement.start);
        const place = statement.kind === 'operator' ? statement.name : statement;
        return [
          {
            code: 'kernel/slow-path',
            severity: 'hint',
            message,
            file: snapshot.uri,
            start: place.start,
            end: place.end,
            related: [],
            fixes: fixesFor(layer, pools[example.op.kind].layer, space),
          } satisfies Problem,
        ];
      }
      return [];
    }),
  );
}

/** `undefined` when pooling is no better, or when a number is missing. */
function comparison(example: Instance, target: Target, wholeMs: number): string | undefined {
  const { op, inputs, output } = example;
  const [input] = inputs;
  if ((op.kind !== 'mean' && op.kind !== 'reduce_max') || input?.length !== 3) return undefined;
  const pool = pools[op.kind];
  const pooled: Shape = [1, 1, output[output.length - 1] ?? 1];
  const slow = priceInstance(example, target)?.latencyMs?.value;
  const pooling = priceInstance({ op: poolOf(op, pool.kind, input), inputs, output: pooled }, target);
  const flattening = priceInstance({ op: { ...op, kind: 'reshape' }, inputs: [pooled], output }, target);
  const [poolMs, flattenMs] = [pooling?.latencyMs?.value, flattening?.latencyMs?.value];
  if (slow === undefined || poolMs === undefined || flattenMs === undefined) return undefined;
  const fast = poolMs + flattenMs;
  if (fast > slow * worthwhile.ofLayer || slow - fast < wholeMs * worthwhile.ofWhole) return undefined;
  const name = op.kind === 'mean' ? 'gap' : 'gmp';
  const window = `${input[0] ?? 1}x${input[1] ?? 1}`;
  return (
    `${target.runtime.name} runs \`${name}\` by its general kernel ${op.kind.toUpperCase()}: over ${formatShape(input)} it takes ${formatTime(slow)}. ` +
    `\`${pool.layer} ${window} padding valid; flatten\` gives the same up to rounding and takes ${formatTime(fast)}.`
  );
}

function poolOf(op: Op, kind: 'average_pool_2d' | 'max_pool_2d', [height = 1, width = 1]: Shape): Op {
  const { index, name, source, inputs, output } = op;
  return {
    index,
    name,
    source,
    inputs,
    output,
    kind,
    kernel: [height, width],
    stride: [1, 1],
    padding: 'valid',
    activation: 'none',
  };
}

/** Offered where the image has one size in every architecture and the layer stands alone. */
function fixesFor({ statement }: LayerCost, layer: string, space: SearchSpace): Fix[] {
  if (statement.kind !== 'operator' || statement.start !== statement.name.start) return [];
  if (statement.end !== statement.name.end) return [];
  const shapes = space.shapes().find((each) => each.statement === statement);
  if (shapes === undefined || shapes.truncated) return [];
  const windows = new Set(shapes.inputs.map(([height = 0, width = 0]) => `${height}x${width}`));
  const [window, other] = windows;
  if (window === undefined || other !== undefined) return [];
  const text = `${layer} ${window} padding valid; flatten`;
  return [
    {
      title: `Change to \`${text}\``,
      preferred: true,
      edits: [{ span: { start: statement.start, end: statement.end }, text }],
    },
  ];
}
