/** Fixes of a target's `runtime` or `clock` without a value: what its board has, the default first. */

import { runtimesOf } from '../../device-profiles/able.ts';
import { formatHertz } from '../../engine/cost/index.ts';
import type { Fix, Problem } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { findBoard } from '../analysis/targets.ts';

export function targetValueFixes(snapshot: Snapshot, { start, end }: Pick<Problem, 'start' | 'end'>): Fix[] {
  const target = snapshot.parse.file.declarations.find(
    (each) => each.kind === 'target' && each.start <= start && end <= each.end,
  );
  if (target?.kind !== 'target' || target.board === undefined) return [];
  const board = findBoard(snapshot.profiles, target.board.value);
  if (board === undefined) return [];
  const values =
    snapshot.text.slice(start, end) === 'runtime'
      ? runtimesOf(snapshot.profiles, board).map(({ id }) => id)
      : [board.clock.defaultHz, board.clock.maxHz].map(formatHertz);
  return [...new Set(values)].map((value, index) => ({
    title: `Insert "${value}"`,
    preferred: index === 0,
    edits: [{ span: { start: end, end }, text: ` ${value}` }],
  }));
}
