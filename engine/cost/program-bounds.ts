/**
 * Bounds of what a whole program takes, the runtime and its kernels included: all flash and all RAM. Worked out when a
 * limit asks for them, in a pass of their own, so that no keystroke pays for what nobody asks.
 */

import type { ProgramMemory } from '../../device-profiles/types.ts';
import { ElaboratedSpace } from '../space/search-space.ts';
import type { CompiledTarget } from './compile.ts';
import type { Range } from './format.ts';
import { memoOf } from './memo.ts';
import { countedKinds } from './memory.ts';
import type { Bound } from './types.ts';
import { createPricer } from './pricer.ts';
import type { StatementSums } from './statement-sums.ts';

/** Bytes; `undefined` where the size of the runtime's code, or of its data, is not known. */
export interface ProgramBounds {
  readonly flashBytes: Bound | undefined;
  readonly ramBytes: Bound | undefined;
}

/** By visiting every architecture. */
function visited(space: ElaboratedSpace, compiled: CompiledTarget): ProgramBounds {
  const pricer = createPricer(space, compiled.target);
  const flash = { low: Infinity, high: -Infinity };
  const ram = { low: Infinity, high: -Infinity };
  for (const decisions of space.enumerate()) {
    const totals = pricer.price(decisions);
    include(flash, totals['flash total']?.value);
    include(ram, totals['ram total']?.value);
  }
  const bound = (range: Range): Bound | undefined =>
    range.low <= range.high ? { ...range, exact: true } : undefined;
  return { flashBytes: bound(flash), ramBytes: bound(ram) };
}

function include(range: { low: number; high: number }, value: number | undefined): void {
  if (value === undefined) return;
  range.low = Math.min(range.low, value);
  range.high = Math.max(range.high, value);
}

/** Kinds of operators, a bit each: in some architecture, and in all. */
export interface Kinds {
  readonly some: bigint;
  readonly all: bigint;
}

export function kindsIn(layers: readonly StatementSums[]): Kinds {
  let some = 0n;
  let all = 0n;
  for (const { least, someKinds, allKinds } of layers) {
    some |= someKinds;
    if (least >= 1) all |= allKinds;
  }
  return { some, all };
}

function codeOf({ memory }: CompiledTarget, kinds: bigint): number {
  let bytes = 0;
  memory.codeOfKind.forEach((each, at) => {
    if (isIn(kinds, at)) bytes += each;
  });
  return bytes;
}

const countOf = (kinds: bigint): number =>
  countedKinds.reduce((count, _, at) => count + (isIn(kinds, at) ? 1 : 0), 0);

const isIn = (kinds: bigint, at: number): boolean => ((kinds >> BigInt(at)) & 1n) === 1n;

/** Arena and the rest: the arena is stepped up. `outputs`: no network puts out more bytes. */
function programRam(program: ProgramMemory, arena: Range, outputs: number, kinds: Kinds): Range {
  const { arenaStep, fixed, perKind, perOutputByte = 0 } = program;
  const stepped = (bytes: number): number => Math.ceil(bytes / arenaStep) * arenaStep;
  return {
    low: fixed + perKind * countOf(kinds.all) + stepped(arena.low),
    high: fixed + perKind * countOf(kinds.some) + perOutputByte * outputs + stepped(arena.high),
  };
}

/** Code of the runtime and of the kernels that it links; `undefined` where its size is not known. */
export function runtimeFlash(
  space: ElaboratedSpace,
  compiled: CompiledTarget,
  kinds: Kinds,
): Bound | undefined {
  const { code } = compiled.target.runtime;
  if (code === undefined) return undefined;
  const generated =
    compiled.memory.codeBytes === undefined ? { low: 0, high: 0 } : generatedCode(space, compiled);
  const low = code.fixed + generated.low + codeOf(compiled, kinds.all);
  const high = code.fixed + generated.high + codeOf(compiled, kinds.some);
  return { low, high, exact: low === high };
}

function generatedCode(space: ElaboratedSpace, compiled: CompiledTarget): Range {
  const memo = memoOf(compiled);
  const [total] = space.bounds({
    width: 1,
    measure: (op, inputs, output, out) => {
      out[0] = memo.figures(op, inputs, output).codeBytes;
    },
  });
  return total ?? { low: 0, high: Infinity };
}

/** `arena` and `file`: bounds of the arena and the model file, bytes. Sound: no architecture lies outside. */
export function programBounds(
  space: ElaboratedSpace,
  compiled: CompiledTarget,
  of: {
    readonly arena: Range;
    readonly file: Range;
    readonly runtime: Bound | undefined;
    readonly kinds: Kinds;
  },
  visit: bigint,
): ProgramBounds {
  const { program } = compiled.target.runtime.memory;
  if (of.runtime === undefined && program === undefined)
    return { flashBytes: undefined, ramBytes: undefined };
  const size = space.size();
  if (size.exact && size.count <= visit) return visited(space, compiled);
  const flashBytes = of.runtime && {
    low: of.file.low + of.runtime.low,
    high: of.file.high + of.runtime.high,
    exact: false,
  };
  const ram = program && programRam(program, of.arena, mostPutOut(space, compiled), of.kinds);
  return { flashBytes, ramBytes: ram && { ...ram, exact: false } };
}

/** Bytes that no architecture puts out more than. */
function mostPutOut(space: ElaboratedSpace, compiled: CompiledTarget): number {
  const memo = memoOf(compiled);
  const [outputs] = space.bounds({
    width: 1,
    measure: (op, inputs, output, out) => {
      out[0] = memo.figures(op, inputs, output).outputBytes;
    },
  });
  const inputs = space.inputShapes.map((shape) => shape.reduce((product, extent) => product * extent, 1));
  return Math.max(...inputs) + (outputs?.high ?? 0);
}
