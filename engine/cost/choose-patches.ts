/**
 * Whether the first operators run patch by patch, and in which patches. A network whose arena fits in a bank of the
 * board runs layer by layer. One that does not takes the schedule that computes least again among those that fit,
 * or the one with the least arena when none does.
 */

import type { PatchRule } from '../../device-profiles/types.ts';
import type { OpKind } from '../space/network.ts';
import { planHead, type Skeleton, type Workspace } from './layout.ts';
import type { CompiledTarget } from './compile.ts';
import type { OperatorFigures } from './operator.ts';
import { patchExtents, quantitiesOfPatch, type PatchExtent, type PatchStep } from './patches.ts';
import { largestBankBytes } from './placement.ts';
import type { PatchSchedule } from './types.ts';

export interface ChosenPatches {
  readonly schedule: PatchSchedule;
  /** Of the operators that run per patch, in order. */
  readonly extents: readonly PatchExtent[];
  /** Figures of all operators, with the memory that those which run per patch need. */
  readonly figures: readonly OperatorFigures[];
  readonly headBytes: number;
  /** Computed again, as a share of the network's cycles (MACs where no cycles are known). */
  readonly extraShare: number;
}

/** What an operator's work counts for: cycles where they are known for all. */
function workOf(figures: readonly OperatorFigures[]): (figure: OperatorFigures) => number {
  const isTimed = figures.every(({ cycles }) => cycles !== undefined);
  return (figure) => (isTimed ? (figure.cycles?.value ?? 0) : figure.macs);
}

interface Candidate {
  readonly lastOp: number;
  readonly patches: number;
  readonly extents: readonly PatchExtent[];
  readonly extraMacs: number;
  readonly extraShare: number;
}

/**
 * Last operators of the stages that can be cut: what they make is used after them only through the last output, and
 * that output is the smallest so far, since it is kept whole.
 */
function stageEnds(
  network: Skeleton,
  figures: readonly OperatorFigures[],
  rule: PatchRule,
  folds: (kind: OpKind) => boolean,
): readonly number[] {
  const { ops, outputs } = network;
  const allowed = new Set(rule.operators);
  const lastUse = new Map<number, number>();
  ops.forEach((op, index) => {
    for (const id of op.inputs) lastUse.set(id, index);
  });
  for (const id of outputs) lastUse.set(id, ops.length);
  const ends: number[] = [];
  /** Latest use of anything made so far, the newest output aside. */
  let open = -1;
  let smallest = Infinity;
  for (const [index, op] of ops.entries()) {
    if (!allowed.has(op.kind)) break;
    const bytes = figures[index]?.outputBytes ?? 0;
    if (index > 0 && open <= index && bytes < smallest && !folds(op.kind)) {
      ends.push(index);
      smallest = bytes;
    }
    open = Math.max(open, lastUse.get(op.output) ?? index);
  }
  return ends;
}

/** Figures as they are while the first operators see patches. */
function figuresInPatches(
  compiled: CompiledTarget,
  network: Skeleton,
  figures: readonly OperatorFigures[],
  extents: readonly PatchExtent[],
): readonly OperatorFigures[] {
  const { memory } = compiled;
  return figures.map((figure, index) => {
    const extent = extents[index];
    const op = network.ops[index];
    if (extent === undefined || op === undefined) return figure;
    const seen = quantitiesOfPatch(figure.quantities, extent);
    const isLast = index === extents.length - 1;
    return {
      ...figure,
      outputBytes: isLast ? figure.outputBytes : seen.outputs * seen.outputElementBytes,
      scratch: memory.scratch(op, seen),
      pooledBytes: memory.pooled(op, seen),
    };
  });
}

/** The schedule for a network whose arena is `headBytes + tailBytes` layer by layer; `undefined` to leave it so. */
export function choosePatches(
  compiled: CompiledTarget,
  network: Skeleton,
  figures: readonly OperatorFigures[],
  inputBytes: (id: number) => number,
  headBytes: number,
  tailBytes: number,
  work: Workspace,
): ChosenPatches | undefined {
  const { runtime, board } = compiled.target;
  const rule = runtime.memory.patches;
  if (rule === undefined) return undefined;
  const room = largestBankBytes(board);
  if (headBytes + tailBytes <= room) return undefined;
  const costOf = workOf(figures);
  const whole = figures.reduce((sum, figure) => sum + costOf(figure), 0);
  const steps = network.ops.map((op, index): PatchStep => ({
    inputs: op.inputs,
    output: op.output,
    quantities: figures[index]?.quantities ?? missing(index),
  }));
  const candidates: Candidate[] = [];
  for (const lastOp of stageEnds(network, figures, rule, (kind) => compiled.memory.folds(kind))) {
    const { outputHeight, outputWidth } = steps[lastOp]?.quantities ?? missing(lastOp);
    for (const patches of rule.grids) {
      if (outputHeight < patches || outputWidth < patches) continue;
      const extents = patchExtents(steps.slice(0, lastOp + 1), patches);
      let again = 0;
      let extraMacs = 0;
      extents.forEach(({ repeats }, index) => {
        const figure = figures[index];
        if (figure === undefined) return;
        again += (repeats - 1) * costOf(figure);
        extraMacs += (repeats - 1) * figure.macs;
      });
      const extraShare = whole > 0 ? again / whole : 0;
      if (extraShare <= rule.mostExtra) candidates.push({ lastOp, patches, extents, extraMacs, extraShare });
    }
  }
  // Those that compute least again first, so the first that fits is the one.
  candidates.sort((left, right) => left.extraShare - right.extraShare);
  let best: ChosenPatches | undefined;
  for (const { lastOp, patches, extents, extraMacs, extraShare } of candidates) {
    const patched = figuresInPatches(compiled, network, figures, extents);
    const head = planHead(compiled, network, patched, inputBytes, lastOp, work);
    if (head >= (best?.headBytes ?? headBytes)) continue;
    const schedule = {
      lastOp,
      rows: patches,
      columns: patches,
      extraMacs: Math.round(extraMacs),
      headBytesWhole: headBytes,
    };
    best = { schedule, extents, figures: patched, headBytes: head, extraShare };
    if (head + tailBytes <= room) break;
  }
  // The planner's storage holds the last schedule that was tried.
  planHead(compiled, network, best?.figures ?? figures, inputBytes, best?.schedule.lastOp ?? -1, work);
  return best;
}

function missing(index: number): never {
  throw new Error(`Operator ${index} was not priced.`);
}
