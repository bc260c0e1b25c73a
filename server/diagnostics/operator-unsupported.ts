/**
 * `operator/unsupported`: the target's runtime has no kernel for a layer. An error when every architecture has
 * it, a warning when only some do: the search leaves those out.
 */

import type { Problem } from '../../engine/space/types.ts';
import { layersOf } from '../analysis/costs.ts';
import type { Target } from '../../engine/cost/index.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { resolvedTargets } from '../analysis/targets.ts';
import { problemIn } from './problem.ts';
import { remedyFixes } from './remedies.ts';

export function unsupportedOperators(snapshot: Snapshot): Problem[] {
  return layersOf(snapshot).flatMap((layer) =>
    layer.targets.flatMap(({ target, support }) => {
      const { worst } = support;
      if (worst.level !== 'none') return [];
      const { statement } = layer;
      const place = statement.kind === 'operator' ? statement.name : statement;
      const some = support.always ? '' : 'In some architectures: ';
      const message = `${some}${target.runtime.name} on ${target.board.name} cannot run this layer. ${worst.reason}`;
      return [
        problemIn(snapshot, 'operator/unsupported', place, message, {
          severity: support.always ? 'error' : 'warning',
          related: declarationOf(snapshot, target),
          fixes: remedyFixes(snapshot, statement, worst.remedy),
        }),
      ];
    }),
  );
}

/** The target's declaration, as the place that demands the runtime. */
function declarationOf(snapshot: Snapshot, target: Target): Problem['related'] {
  return resolvedTargets(snapshot)
    .filter((resolved) => resolved.target === target)
    .map(({ setting: { source } }) => ({
      file: source.file,
      span: { start: source.start, end: source.end },
      message: 'The target is declared here.',
    }));
}
