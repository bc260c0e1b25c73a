/**
 * A target's profile data turned into functions, once per target. The cache hangs on the target object, so equal
 * calls give equal answers and nothing outlives its target.
 */

import type {
  FittedPath,
  LatencyPath,
  LatencyProfile,
  OperatorSupport,
  PowerFigure,
} from '../../device-profiles/types.ts';
import type { OpKind } from '../space/network.ts';
import { compileForm, type Sum } from './form.ts';
import { compileMemory, type CompiledMemory } from './memory.ts';
import { outsideOf, type Outside } from './placement.ts';
import { firstNamed, type Named } from './rule-names.ts';
import { compileConditions, type Predicate } from './rules.ts';
import type { Target } from './target.ts';

export interface CompiledSupport {
  readonly entry: OperatorSupport;
  readonly holds: Predicate;
}

export interface CompiledPath {
  readonly path: LatencyPath;
  readonly holds: Predicate;
  /** Absent when the profile has no figures for this path. */
  readonly fitted: FittedPath | undefined;
  readonly cycles: Sum | undefined;
  /** Of the kernel that it cannot be quicker than. */
  readonly floor: { readonly fitted: FittedPath; readonly cycles: Sum } | undefined;
}

export interface CompiledTarget {
  readonly target: Target;
  support(op: Named): readonly CompiledSupport[];
  slowPaths(op: Named): readonly CompiledSupport[];
  paths(kind: OpKind): readonly CompiledPath[];
  readonly memory: CompiledMemory;
  /** Bytes by which the model file grows with an operator. */
  readonly modelFileBytes: Sum;
  /** Those of them that are weights, constants and quantisation, not a description. */
  readonly modelDataBytes: Sum;
  /** The latency profile that applies, and whether it was fitted on this very board. */
  readonly profile: LatencyProfile | undefined;
  readonly sameBoard: boolean;
  readonly power: PowerFigure | undefined;
  readonly outside: Outside | undefined;
}

/** The profile fitted on the board itself, else any for its core. */
function profileFor(target: Target): LatencyProfile | undefined {
  const profiles = target.runtime.latency.profiles.filter((profile) => profile.core === target.board.core);
  return profiles.find((profile) => profile.boards.includes(target.board.id)) ?? profiles[0];
}

function byKind<T>(build: (kind: OpKind) => T): (kind: OpKind) => T {
  const known = new Map<OpKind, T>();
  return (kind) => {
    let value = known.get(kind);
    if (value === undefined) {
      value = build(kind);
      known.set(kind, value);
    }
    return value;
  };
}

function supportOf(entries: readonly OperatorSupport[]): (op: Named) => readonly CompiledSupport[] {
  const byName = new Map<string, CompiledSupport[]>();
  for (const entry of entries) {
    const compiled = { entry, holds: compileConditions(entry.when) };
    for (const name of entry.operators) byName.set(name, [...(byName.get(name) ?? []), compiled]);
  }
  return (op) => firstNamed(op, (name) => byName.get(name)) ?? [];
}

function compile(target: Target): CompiledTarget {
  const { runtime, board } = target;
  // What an operator takes whatever its size describes it.
  const data = { ...runtime.modelFile.perOperator, operators: 0 };
  const profile = profileFor(target);
  const power = board.power.find(
    (figure) => figure.runtimes === undefined || figure.runtimes.includes(runtime.id),
  );
  return {
    target,
    support: supportOf(runtime.support),
    slowPaths: supportOf(runtime.slowPaths),
    paths: byKind((kind) =>
      pathsOf(runtime, kind).map((path) => {
        const fitted = profile?.paths[path.family];
        const fast = path.noFasterThan === undefined ? undefined : profile?.paths[path.noFasterThan];
        const floor = fast && { fitted: fast, cycles: compileForm(fast.cycles) };
        const own = fitted && compileForm(fitted.cycles);
        return {
          path,
          holds: compileConditions(path.when),
          fitted,
          cycles: own && floor ? (q) => Math.max(own(q), floor.cycles(q)) : own,
          floor,
        };
      }),
    ),
    memory: compileMemory(target),
    modelFileBytes: compileForm(runtime.modelFile.perOperator),
    modelDataBytes: compileForm(data),
    profile,
    sameBoard: profile?.boards.includes(board.id) ?? false,
    power,
    outside: outsideOf(target),
  };
}

/** Those that speak of the operator by the first of its names that any path has. */
function pathsOf({ latency }: Target['runtime'], kind: OpKind): readonly LatencyPath[] {
  const found = firstNamed({ kind }, (name) => {
    const paths = latency.paths.filter(({ operators }) => operators.includes(name));
    return paths.length === 0 ? undefined : paths;
  });
  return found ?? [];
}

const compiled = new WeakMap<Target, CompiledTarget>();

export function compiledTarget(target: Target): CompiledTarget {
  let known = compiled.get(target);
  if (known === undefined) {
    known = compile(target);
    compiled.set(target, known);
  }
  return known;
}
