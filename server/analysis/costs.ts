/**
 * The costs of a snapshot: every space on every target, per layer and in total. Computed once per version, by the
 * same functions that the search and the command line use.
 */

import type { Statement } from '../../grammar/ast.ts';
import {
  boundKnownLayers,
  boundSpace,
  memoryOf,
  price,
  withChannels,
  type Bound,
  type Instance,
  type LocatedError,
  type OpCost,
  type SpaceBounds,
  type StatementBounds,
  type StatementSupport,
  type Range,
  type Target,
  type VisitedMemory,
} from '../../engine/cost/index.ts';
import {
  baseMetrics,
  type BaseMetric,
  type Costs,
  finished,
  NoArchitecture,
  type Steps,
} from '../../engine/space/index.ts';
import type { Op, Tensor } from '../../engine/space/network.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import type { Snapshot } from './snapshot.ts';
import { resolvedTargets } from './targets.ts';

export interface TargetLayerCost {
  readonly target: Target;
  readonly metrics: Costs<BaseMetric, Range>;
  readonly support: StatementSupport;
}

/** What one instance of a layer can cost over the space. */
export interface LayerCost {
  readonly statement: Statement;
  /** URI of the file in which the statement stands. */
  readonly file: string;
  readonly macs: Range;
  readonly parameters: Range;
  /** How often it runs in one inference. */
  readonly instances: Range;
  /** Its dearest instance. */
  readonly example: Instance | undefined;
  readonly targets: readonly TargetLayerCost[];
  /** The space has an error, and this is said of the instances that come before it. */
  readonly isPartial: boolean;
}

/** Where a use of a block stands, a use of a group or a choice: sums over its layers, and the RAM of the dearest. */
export type UseCost = LayerCost;

export interface SpaceCost {
  readonly space: SearchSpace;
  readonly targets: readonly {
    readonly target: Target;
    readonly bounds: SpaceBounds;
  }[];
  readonly layers: readonly LayerCost[];
  /** Planning every architecture was tried and took too long: no bound gets any narrower. */
  readonly isFinal?: boolean;
}

export type { Bound, Instance };

/** Costs of every usable space; empty without a target. */
export function spaceCosts(snapshot: Snapshot): readonly SpaceCost[] {
  return finished(costsInSteps(snapshot));
}

/** The same, a step for each space. */
export function* costsInSteps(snapshot: Snapshot): Steps<readonly SpaceCost[]> {
  const { derived } = snapshot;
  if (derived.costs !== undefined) return derived.costs;
  const different = targetsOf(snapshot);
  const costs: SpaceCost[] = [];
  for (const space of snapshot.analysis.spaces) {
    if (!space.usable) continue;
    costs.push(keptCost(snapshot, space, different) ?? compute(snapshot, space, different));
    yield;
  }
  return (derived.costs ??= costs);
}

/** Puts a cost that is known better now in the place of the one before, for this version and those that keep it. */
export function replaceCost(snapshot: Snapshot, before: SpaceCost, now: SpaceCost): void {
  const { derived } = snapshot;
  derived.costs = spaceCosts(snapshot).map((cost) => (cost === before ? now : cost));
  delete derived.views;
  delete derived.layers;
  delete derived.uses;
  delete derived.report;
  snapshot.keepCost(now);
}

function targetsOf(snapshot: Snapshot): readonly Target[] {
  const targets = resolvedTargets(snapshot).flatMap(({ target }) => (target === undefined ? [] : [target]));
  return [...new Set(targets)];
}

/** Of an earlier version of the text, or another request. */
function keptCost(snapshot: Snapshot, space: SearchSpace, targets: readonly Target[]): SpaceCost | undefined {
  const before = snapshot.costBefore(space);
  const isSame =
    before?.targets.length === targets.length &&
    before.targets.every(({ target }, index) => target === targets[index]);
  return isSame ? before : undefined;
}

function compute(snapshot: Snapshot, space: SearchSpace, targets: readonly Target[]): SpaceCost {
  const { effort } = snapshot;
  const onTargets = targets.map((target) => ({ target, bounds: boundSpace(space, target, { effort }) }));
  const cost = { space, targets: onTargets, layers: layersOnTargets(onTargets) };
  snapshot.keepCost(cost);
  return cost;
}

export function layersOnTargets(targets: SpaceCost['targets']): readonly LayerCost[] {
  return layersOn(
    targets.map(({ target, bounds }) => [target, bounds.statements]),
    false,
  );
}

/** The layers of the spaces that have no architectures because of an error, as far as they are known. */
function knownLayers(snapshot: Snapshot): readonly LayerCost[] {
  const broken = snapshot.analysis.spaces.filter((space) => !space.usable);
  if (broken.length === 0) return [];
  const errors = locatedErrors(snapshot);
  const targets = targetsOf(snapshot);
  return broken.flatMap((space) =>
    layersOn(
      targets.map((target) => [target, boundKnownLayers(space, target, errors)]),
      true,
    ),
  );
}

function locatedErrors(snapshot: Snapshot): readonly LocatedError[] {
  const { declarations } = snapshot.parse.file;
  return snapshot.analysis.problems.flatMap(({ severity, file, start, end }) => {
    if (severity !== 'error' || file !== snapshot.uri) return [];
    const declaration = declarations.find((each) => each.start <= start && end <= each.end);
    return declaration === undefined ? [] : [{ file, start, end, declaration }];
  });
}

/** Every target knows the same layers in the same order. */
function layersOn(
  onTargets: readonly (readonly [Target, readonly StatementBounds[]])[],
  isPartial: boolean,
): LayerCost[] {
  return (onTargets[0]?.[1] ?? []).map((first, index): LayerCost => {
    const bounds = onTargets.flatMap(([target, statements]) => {
      const own = statements[index];
      return own === undefined ? [] : [new LayerOnTarget(target, own)];
    });
    return new LayerInSpace(first, bounds, isPartial);
  });
}

/** Reads the bounds of a layer only when asked: most layers are not on the screen. */
class LayerInSpace implements LayerCost {
  readonly #bounds: StatementBounds;
  readonly targets: readonly TargetLayerCost[];
  readonly isPartial: boolean;

  constructor(bounds: StatementBounds, targets: readonly TargetLayerCost[], isPartial: boolean) {
    this.#bounds = bounds;
    this.targets = targets;
    this.isPartial = isPartial;
  }

  get statement(): Statement {
    return this.#bounds.statement;
  }

  get file(): string {
    return this.#bounds.file;
  }

  get macs(): Range {
    return this.#bounds.metrics.macs;
  }

  get parameters(): Range {
    return this.#bounds.metrics.parameters;
  }

  get instances(): Range {
    return this.#bounds.instances;
  }

  get example(): Instance | undefined {
    return this.#bounds.example;
  }
}

class LayerOnTarget implements TargetLayerCost {
  readonly target: Target;
  readonly #bounds: StatementBounds;

  constructor(target: Target, bounds: StatementBounds) {
    this.target = target;
    this.#bounds = bounds;
  }

  get metrics(): Costs<BaseMetric, Range> {
    return this.#bounds.metrics;
  }

  get support(): StatementSupport {
    return this.#bounds.support;
  }
}

/** The layers that stand in the snapshot's own file, in source order; one that several spaces use covers them all. */
export function layersOf(snapshot: Snapshot): readonly LayerCost[] {
  return (snapshot.derived.layers ??= mergedLayers(snapshot));
}

/**
 * Uses of blocks, groups and choices that stand in the snapshot's own file, with all their repetitions, in source order.
 * What is a layer itself, such as a join of branches, is among the layers.
 */
export function usesOf(snapshot: Snapshot): readonly UseCost[] {
  return (snapshot.derived.uses ??= mergedUses(snapshot));
}

function mergedUses(snapshot: Snapshot): readonly UseCost[] {
  const layers = new Set(layersOf(snapshot).map(({ statement }) => statement.start));
  const uses = spaceCosts(snapshot).map(({ targets }) =>
    layersOn(
      targets.map(({ target, bounds }) => [target, bounds.uses]),
      false,
    ),
  );
  return merged(snapshot, uses).filter(({ statement }) => !layers.has(statement.start));
}

/** What an architecture keeps alive in each layer, with every choice at its last option, as the page of costs shows it. */
export function memoryShown(snapshot: Snapshot, layer: LayerCost, target: Target): Range | undefined {
  for (const { space, layers } of spaceCosts(snapshot)) {
    if (!layers.some(({ statement }) => statement === layer.statement)) continue;
    const known = (snapshot.derived.shown ??= new Map<SearchSpace, Map<Target, VisitedMemory | undefined>>());
    let byTarget = known.get(space);
    if (byTarget === undefined) known.set(space, (byTarget = new Map<Target, VisitedMemory | undefined>()));
    if (!byTarget.has(target)) byTarget.set(target, memoryAtLast(space, target));
    return byTarget.get(target)?.layers.get(layer.statement);
  }
  return undefined;
}

function memoryAtLast(space: SearchSpace, target: Target): VisitedMemory | undefined {
  try {
    return memoryOf(space, target, space.extreme('max'));
  } catch (error) {
    // A condition may exclude what was tried.
    if (error instanceof NoArchitecture) return undefined;
    throw error;
  }
}

function mergedLayers(snapshot: Snapshot): readonly LayerCost[] {
  return merged(snapshot, [...spaceCosts(snapshot).map((cost) => cost.layers), knownLayers(snapshot)]);
}

function merged(snapshot: Snapshot, lists: readonly (readonly LayerCost[])[]): readonly LayerCost[] {
  const byStart = new Map<number, LayerCost>();
  for (const layers of lists) {
    for (const layer of layers) {
      if (layer.file !== snapshot.uri) continue;
      const { start } = layer.statement;
      const other = byStart.get(start);
      byStart.set(start, other === undefined ? layer : hull(other, layer));
    }
  }
  return [...byStart.values()].sort((a, b) => a.statement.start - b.statement.start);
}

function hull(a: LayerCost, b: LayerCost): LayerCost {
  return {
    statement: a.statement,
    file: a.file,
    example: a.example,
    macs: cover(a.macs, b.macs),
    parameters: cover(a.parameters, b.parameters),
    instances: cover(a.instances, b.instances),
    isPartial: a.isPartial || b.isPartial,
    targets: a.targets.map((cost, index) => {
      const other = b.targets[index];
      if (other === undefined) return cost;
      return {
        target: cost.target,
        metrics: coverAll(cost.metrics, other.metrics),
        support: worseOf(cost.support, other.support),
      };
    }),
  };
}

function cover(a: Range, b: Range): Range {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/** Unknown in one place is unknown: a range that leaves architectures out would be wrong. */
function coverAll(a: TargetLayerCost['metrics'], b: TargetLayerCost['metrics']): TargetLayerCost['metrics'] {
  const covered = baseMetrics.map((metric) => {
    const [one, other] = [a[metric], b[metric]];
    return [metric, one && other && cover(one, other)] as const;
  });
  return Object.fromEntries(covered) as TargetLayerCost['metrics'];
}

const badness = { fast: 0, slow: 1, none: 2 } as const;

function worseOf(a: StatementSupport, b: StatementSupport): StatementSupport {
  const [first, second] = badness[a.worst.level] >= badness[b.worst.level] ? [a, b] : [b, a];
  return { ...first, always: first.always && second.worst.level === first.worst.level && second.always };
}

/** The account of one operator by itself, from the function that prices whole networks. */
export function priceInstance(instance: Instance, target: Target): OpCost | undefined {
  const inputs = instance.inputs.map((_, id) => id);
  const output = inputs.length;
  const moreOutputs = instance.op.moreOutputs.map((_, place) => output + 1 + place);
  // Several outputs are all of one shape.
  const shapes = [...instance.inputs, instance.output, ...moreOutputs.map(() => instance.output)];
  const tensors = shapes.map((shape, id): Tensor => ({ id, shape, dtype: 'int8' }));
  const op: Op = { ...instance.op, index: 0, inputs, output, moreOutputs };
  return price({ name: op.name, tensors, inputs, outputs: [output], ops: [op] }, target).ops[0];
}

export function priceExample(layer: LayerCost, target: Target): OpCost | undefined {
  return layer.example === undefined ? undefined : priceInstance(layer.example, target);
}

export interface SlowPathCost {
  readonly slowMs: number;
  readonly fastMs: number;
  /** What its MACs take beyond the time that the fast path needs for as many. */
  readonly overheadMs: number;
  /** `24 channels` */
  readonly alternative: string;
}

/** What a layer off the fast path takes beside its remedy; `undefined` when either has no number. */
export function slowPathCost(support: StatementSupport, target: Target): SlowPathCost | undefined {
  const { worst, example } = support;
  if (worst.level !== 'slow' || example === undefined || worst.remedy?.kind !== 'set-channels')
    return undefined;
  const mended = withChannels<Op>(example, worst.remedy.to);
  const slow = priceInstance(example, target);
  const fast = mended === undefined ? undefined : priceInstance(mended, target);
  const [slowMs, fastMs] = [slow?.latencyMs?.value, fast?.latencyMs?.value];
  if (slow === undefined || fast === undefined || slowMs === undefined || fastMs === undefined)
    return undefined;
  const overheadMs = slowMs - (fastMs * slow.macs) / Math.max(fast.macs, 1);
  return { slowMs, fastMs, overheadMs, alternative: `${worst.remedy.to} channels` };
}
