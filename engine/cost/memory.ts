/** A runtime's rules on memory as functions: what one operator needs beside its tensors, and what it may reuse. */

import type {
  Buffers,
  Kernels,
  KeptRule,
  OperatorRule,
  ScratchRule,
  Terms,
} from '../../device-profiles/types.ts';
import { isFullConvolution, operatorKinds, rowOf } from '../operators/catalogue.ts';
import type { OpKind } from '../space/network.ts';
import { compileForm, type Sum } from './form.ts';
import { interpreterOf, isOfSources, type InterpreterData, type Kept } from './interpreter.ts';
import type { Quantities } from './quantities.ts';
import { firstNamed, isNamed, type Named } from './rule-names.ts';
import { compileConditions, type Predicate } from './rules.ts';
import type { Target } from './target.ts';

/** Kinds of operators that are there at inference. */
export const countedKinds: readonly OpKind[] = operatorKinds.filter((kind) => !rowOf(kind).trainingOnly);

const trainingKinds = operatorKinds.filter((kind) => rowOf(kind).trainingOnly);

export interface CompiledMemory {
  readonly data: InterpreterData;
  /** The rules of the target's sources and core. */
  readonly rules: { readonly kept: readonly KeptRule[]; readonly scratch: readonly ScratchRule[] };
  kept(op: Named, quantities: Quantities): Kept;
  /** Code that the linker takes in for each of {@link countedKinds}, bytes. */
  readonly codeOfKind: Float64Array;
  /** Code generated for one operator, bytes. */
  readonly codeBytes: Sum | undefined;
  /** Operators of this kind hand their input on: their output takes no memory. */
  folds(kind: OpKind): boolean;
  /** Operators may fold, write in place or run in patches: what is alive at once is not the sum of tensors. */
  readonly reuses: boolean;
  inPlace(kind: OpKind, quantities: Quantities): boolean;
  /** What depends on no input is computed ahead: it takes no memory, unless the network puts it out. */
  readonly foldsConstants: boolean;
  /** For {@link poolsItself}: it may hold for some kind. */
  readonly fusesPools: boolean;
  /** Operators of this kind do pooling after them themselves, for some kinds of pooling: {@link fusesPool}. */
  poolsItself(kind: OpKind): boolean;
  fusesPool(kind: OpKind): boolean;
  /** Buffers of the arena that the kernel asks for while it runs, bytes. */
  scratch(op: Named, quantities: Quantities): readonly number[];
  /** How many buffers all kernels share. */
  readonly pools: number;
  /** What the kernel needs of each of them, bytes. */
  pooled(op: Named, quantities: Quantities): readonly number[];
}

export function aligned(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

const nothing: readonly number[] = [];
const nothingKept: Kept = { tensors: 0, described: 0, buffers: 0, prepared: 0, passing: 0 };

const isList = (bytes: Buffers): bytes is readonly (number | Terms)[] => Array.isArray(bytes);

/** What each buffer comes to. */
export function buffersOf(bytes: Buffers | undefined): readonly Terms[] {
  if (bytes === undefined) return [];
  return (isList(bytes) ? bytes : [bytes]).map((each) => (typeof each === 'number' ? { 1: each } : each));
}

interface CompiledRule<T> {
  readonly holds: Predicate;
  readonly value: T;
}

/** Of the rules for an operator, what the first that holds says. */
function byName<R extends OperatorRule, T>(
  rules: readonly R[],
  compile: (rule: R) => T,
): (op: Named, quantities: Quantities) => T | undefined {
  const named = new Map<string, CompiledRule<T>[]>();
  for (const rule of rules) {
    const compiled = { holds: compileConditions(rule.when), value: compile(rule) };
    for (const name of rule.operators) {
      const known = named.get(name);
      if (known === undefined) named.set(name, [compiled]);
      else known.push(compiled);
    }
  }
  return (op, quantities) => {
    const own = firstNamed(op, (name) => named.get(name));
    return own?.find(({ holds }) => holds(quantities))?.value;
  };
}

const scratchOf = ({ bytes }: ScratchRule): readonly Sum[] => buffersOf(bytes).map(compileForm);

/** The kernels that a library has for a core with these features. */
function kernelsOf({ board }: Target): Kernels {
  if (board.features.includes('mve')) return 'mve';
  return board.features.includes('dsp') ? 'dsp' : 'plain';
}

export function compileMemory(target: Target): CompiledMemory {
  const { runtime } = target;
  const { memory } = runtime;
  const { interpreter, month, data } = interpreterOf(target);
  const kernels = kernelsOf(target);
  const isHere = (rule: OperatorRule): boolean =>
    isOfSources(rule, month) && (rule.kernels?.includes(kernels) ?? true);
  const kept = (interpreter?.kept ?? []).filter(isHere);
  const scratch = [...runtime.scratch, ...(interpreter?.scratch ?? [])].filter(isHere);
  const folded = new Set<string>([...trainingKinds, ...(memory.folds ?? [])]);
  const fusedPools = new Set<string>(memory.fusedPools ?? []);
  const inPlace = (memory.inPlace ?? []).map((rule) => ({
    operators: rule.operators,
    holds: compileConditions(rule.when),
  }));
  const planned = byName(
    scratch.filter(({ pool }) => pool === undefined),
    scratchOf,
  );
  const names = [...new Set(scratch.flatMap(({ pool }) => (pool === undefined ? [] : [pool])))];
  const pools = names.map((name) =>
    byName(
      scratch.filter(({ pool }) => pool === name),
      scratchOf,
    ),
  );
  const usual: readonly Sum[] = buffersOf(data.setUp?.passing).map(compileForm);
  const keptOf = byName(kept, ({ options = 0, bytes, prepared, passing }) => ({
    options,
    bytes: buffersOf(bytes).map(compileForm),
    prepared: buffersOf(prepared).map(compileForm),
    passing: passing === undefined ? usual : buffersOf(passing).map(compileForm),
  }));
  const perOperator = compileForm(data.perOperator);
  const sumOf = (sums: readonly Sum[], quantities: Quantities): number => {
    let bytes = 0;
    for (const sum of sums) bytes += data.rounded(sum(quantities));
    return bytes;
  };
  return {
    data,
    rules: { kept, scratch },
    kept(op, quantities) {
      if (folded.has(op.kind)) return nothingKept;
      const { options = 0, bytes = [], prepared = [], passing = usual } = keptOf(op, quantities) ?? {};
      const late = sumOf(prepared, quantities);
      return {
        tensors: quantities.tensors,
        described: perOperator(quantities) + options,
        buffers: sumOf(bytes, quantities) + late,
        prepared: late,
        passing: passing.reduce((sum, each) => sum + each(quantities), 0),
      };
    },
    codeOfKind: Float64Array.from(countedKinds, (kind) => runtime.code?.perKind[kind] ?? 0),
    codeBytes: runtime.code?.perOperator && compileForm(runtime.code.perOperator),
    folds: (kind) => folded.has(kind),
    reuses: folded.size > trainingKinds.length || inPlace.length > 0 || memory.patches !== undefined,
    inPlace: (kind, quantities) =>
      inPlace.some((rule) => rule.operators.some((name) => isNamed(kind, name)) && rule.holds(quantities)),
    foldsConstants: memory.foldsConstants === true,
    fusesPools: fusedPools.size > 0,
    poolsItself: (kind) => fusedPools.size > 0 && isFullConvolution(rowOf(kind)),
    fusesPool: (kind) => fusedPools.has(kind),
    scratch(op, quantities) {
      const buffers = planned(op, quantities);
      if (buffers === undefined || buffers.length === 0) return nothing;
      return buffers.map((bytes) => bytes(quantities)).filter((bytes) => bytes > 0);
    },
    pools: pools.length,
    pooled: (op, quantities) =>
      pools.length === 0
        ? nothing
        : pools.map((pool) =>
            (pool(op, quantities) ?? []).reduce((sum, bytes) => sum + bytes(quantities), 0),
          ),
  };
}
