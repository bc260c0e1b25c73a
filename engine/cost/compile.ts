/**
 * A target's profile data turned into functions, once per target. The cache hangs on the target object, so equal
 * calls give equal answers and nothing outlives its target.
 */

import type {
  FittedPath,
  Form,
  LatencyPath,
  LatencyProfile,
  OperatorSupport,
  PowerFigure,
} from '../../device-profiles/types.ts';
import { onceFor } from '../space/once.ts';
import { calibratedPace, type Predict } from './calibrate.ts';
import { countedLatency, countsOf, paceOf } from './counted.ts';
import { compileForm, type Sum } from './form.ts';
import { measuredOf, withoutMeasurements, type Measured } from './measured.ts';
import { compileMemory, type CompiledMemory } from './memory.ts';
import { outsideOf, type Outside } from './placement.ts';
import type { Quantities } from './quantities.ts';
import { firstNamed, kernelNames, type Named } from './rule-names.ts';
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
  /** What it executes, where that was counted. */
  readonly form: Form | undefined;
}

export interface CompiledTarget {
  readonly target: Target;
  /** The same at the pace that the probe found, where it has measured something. */
  readonly paced: Target;
  support(op: Named): readonly CompiledSupport[];
  slowPaths(op: Named): readonly CompiledSupport[];
  /** Those that speak of the operator by the first of its names that any path has. */
  readonly paths: (op: Named) => readonly CompiledPath[];
  /** Names of the paths' kernels, once each. */
  readonly families: readonly string[];
  /** The latencies come from counts. */
  readonly isCounted: boolean;
  readonly memory: CompiledMemory;
  /** Bytes by which the model file grows with an operator. */
  readonly modelFileBytes: Sum;
  /** Those of them that are weights, constants and quantisation, not a description. */
  readonly modelDataBytes: Sum;
  /** The latency profile that applies, and whether it was fitted on this very board. */
  readonly profile: LatencyProfile | undefined;
  readonly sameBoard: boolean;
  readonly power: PowerFigure | undefined;
  readonly outside: Outside;
  /** What the probe has measured of it. */
  readonly measured: Measured | undefined;
}

/** The profile fitted on the board itself, else any for its core. */
function profileFor(target: Target): LatencyProfile | undefined {
  const profiles = target.runtime.latency.profiles.filter((profile) => profile.core === target.board.core);
  return profiles.find((profile) => profile.boards.includes(target.board.id)) ?? profiles[0];
}

/** A path before it is compiled, which is done for the operators that are asked about alone. */
interface PathSource {
  readonly operators: readonly string[];
  readonly family: string;
  readonly make: () => CompiledPath;
}

/** What was counted where it was, else what was fitted; in the order in which a path is looked for. */
function latencyOf(target: Target): {
  readonly profile: LatencyProfile | undefined;
  readonly paths: readonly PathSource[];
  readonly isCounted: boolean;
} {
  const counted = countedLatency(target);
  const profile = profileFor(target);
  const fitted = target.runtime.latency.paths.map((path): PathSource => ({
    operators: path.operators,
    family: path.family,
    make: () => compileFitted(path, profile),
  }));
  if (counted === undefined) return { profile, paths: fitted, isCounted: false };
  const paths = counted.paths.map(({ operators, family, make }): PathSource => ({
    operators,
    family,
    make() {
      const { path, fitted: costs, form } = make();
      const cycles = compileForm(costs.cycles);
      return { path, holds: compileConditions(path.when), fitted: costs, cycles, floor: undefined, form };
    },
  }));
  // What a runtime runs beside the library that was counted.
  const known = new Set(paths.flatMap(({ operators }) => operators));
  const others = fitted.filter(({ operators }) => operators.every((name) => !known.has(name)));
  return { profile: counted.profile, paths: [...paths, ...others], isCounted: true };
}

function compileFitted(path: LatencyPath, profile: LatencyProfile | undefined): CompiledPath {
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
    form: undefined,
  };
}

/** What is looked up by the names of an operator, once for each. */
function byName<T>(build: (op: Named) => T): (op: Named) => T {
  const known = new Map<string, T>();
  return (op) => {
    const name = op.tfliteName ?? op.kind;
    let value = known.get(name);
    if (value === undefined) {
      value = build(op);
      known.set(name, value);
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
  const measured = measuredOf(target);
  // What an operator takes whatever its size describes it.
  const data = { ...runtime.modelFile.perOperator, operators: 0 };
  const paced = calibrated(target, measured);
  const { profile, paths, isCounted } = latencyOf(paced);
  const power = board.power.find(
    (figure) => figure.runtimes === undefined || figure.runtimes.includes(runtime.id),
  );
  return {
    target,
    paced,
    support: supportOf(runtime.support),
    slowPaths: supportOf(runtime.slowPaths),
    paths: byName((op) => {
      for (const name of kernelNames(op)) {
        const own = paths.filter(({ operators }) => operators.includes(name));
        if (own.length > 0) return own.map((source) => source.make());
      }
      return [];
    }),
    families: [...new Set(paths.map(({ family }) => family))],
    isCounted,
    memory: compileMemory(target),
    modelFileBytes: compileForm(runtime.modelFile.perOperator),
    modelDataBytes: compileForm(data),
    profile,
    sameBoard: profile?.boards.includes(board.id) ?? false,
    power,
    outside: outsideOf(target),
    measured,
  };
}

export const compiledTarget = onceFor(compile);

/** The target at the pace that the probe found on its board, where its kernels were counted. */
function calibrated(target: Target, measured: Measured | undefined): Target {
  const { board, runtime } = target;
  const before = measured === undefined || countsOf(target) === undefined ? undefined : paceOf(target);
  if (measured === undefined || before === undefined) return target;
  const plain = compiledTarget(withoutMeasurements(target));
  const predict: Predict = ({ op, quantities }) => {
    const path = pathOf(plain, op, quantities);
    const cycles = path?.cycles?.(quantities);
    return path === undefined || cycles === undefined ? undefined : { kernel: path.path.family, cycles };
  };
  const pace = calibratedPace(before.pace, measured, predict, runtime.id);
  return { ...target, board: { ...board, paces: [pace, ...(board.paces ?? [])] } };
}

/** The path that an operator of these quantities takes, the first that fits. */
export const pathOf = (
  { paths }: CompiledTarget,
  op: Named,
  quantities: Quantities,
): CompiledPath | undefined => paths(op).find(({ holds }) => holds(quantities));
