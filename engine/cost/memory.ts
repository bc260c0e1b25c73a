/** A runtime's rules on memory as functions: what one operator needs beside its tensors, and what it may reuse. */

import type { OperatorBytes, PersistentMemory } from '../../device-profiles/types.ts';
import { isFullConvolution, operatorKinds, rowOf } from '../operators/catalogue.ts';
import type { OpKind } from '../space/network.ts';
import { compileForm, type Sum } from './form.ts';
import type { Quantities } from './quantities.ts';
import { firstNamed, isNamed, type Named } from './rule-names.ts';
import { compileConditions, type Predicate } from './rules.ts';
import type { Target } from './target.ts';

/** Kinds of operators that are there at inference. */
export const countedKinds: readonly OpKind[] = operatorKinds.filter((kind) => !rowOf(kind).trainingOnly);

const trainingKinds = operatorKinds.filter((kind) => rowOf(kind).trainingOnly);

interface CompiledScratch {
  readonly holds: Predicate;
  readonly bytes: Sum;
}

export interface CompiledMemory {
  /** Of the build that the target's board was measured with, else the runtime's own. */
  readonly persistent: PersistentMemory;
  /** Data of the interpreter for one operator, bytes. */
  persistentBytes(op: Named, quantities: Quantities): number;
  /** Bytes that planning takes for one operator; `undefined` where no data supports a whole program's RAM. */
  readonly planningBytes: Sum | undefined;
  /** Bytes of the arena by which the program that was measured differs, for one operator. */
  readonly programBytes: Sum | undefined;
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
  /** Buffer of the arena that the kernel asks for while it runs, bytes. */
  scratch(op: Named, quantities: Quantities): number;
  /** How many buffers all kernels share. */
  readonly pools: number;
  /** What the kernel needs of each of them, bytes. */
  pooled(op: Named, quantities: Quantities): readonly number[];
}

const nothing: readonly number[] = [];

function firstOf(rules: readonly CompiledScratch[] | undefined, quantities: Quantities): number {
  if (rules === undefined) return 0;
  for (const rule of rules) if (rule.holds(quantities)) return rule.bytes(quantities);
  return 0;
}

/** By kind of operator, rules in their order. */
function scratchByKind(rules: readonly OperatorBytes[]): ReadonlyMap<string, readonly CompiledScratch[]> {
  const byKind = new Map<string, CompiledScratch[]>();
  for (const rule of rules) {
    const compiled = { holds: compileConditions(rule.when), bytes: compileForm(rule.bytes) };
    for (const kind of rule.operators) byKind.set(kind, [...(byKind.get(kind) ?? []), compiled]);
  }
  return byKind;
}

export function compileMemory({ runtime, board }: Target): CompiledMemory {
  const { memory, scratch } = runtime;
  const persistent = memory.builds?.find(({ boards }) => boards.includes(board.id)) ?? memory.persistent;
  const folded = new Set<string>([...trainingKinds, ...(memory.folds ?? [])]);
  const fusedPools = new Set<string>(memory.fusedPools ?? []);
  const inPlace = (memory.inPlace ?? []).map((rule) => ({
    operators: rule.operators,
    holds: compileConditions(rule.when),
  }));
  const planned = scratchByKind(scratch.filter(({ pool }) => pool === undefined));
  const names = [...new Set(scratch.flatMap(({ pool }) => (pool === undefined ? [] : [pool])))];
  const pools = names.map((name) => scratchByKind(scratch.filter(({ pool }) => pool === name)));
  const perOperator = compileForm(persistent.perOperator);
  const ofKind = new Map(Object.entries(persistent.perKind ?? {}));
  const operatorData = scratchByKind(memory.operatorData ?? []);
  return {
    persistent,
    persistentBytes: (op, quantities) =>
      perOperator(quantities) +
      (firstNamed(op, (name) => ofKind.get(name)) ?? 0) +
      firstOf(
        firstNamed(op, (name) => operatorData.get(name)),
        quantities,
      ),
    planningBytes: memory.program && compileForm(memory.program.planning.perOperator),
    programBytes: memory.program?.perOperator && compileForm(memory.program.perOperator),
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
    scratch: (op, quantities) =>
      firstOf(
        firstNamed(op, (name) => planned.get(name)),
        quantities,
      ),
    pools: pools.length,
    pooled: (op, quantities) =>
      pools.length === 0
        ? nothing
        : pools.map((rules) =>
            firstOf(
              firstNamed(op, (name) => rules.get(name)),
              quantities,
            ),
          ),
  };
}
