/** What all operators that a hull encloses can take of an arena, at least and at most. */

import type { Buffers, OperatorRule, ScratchRule } from '../../device-profiles/types.ts';
import type { OpKind } from '../space/network.ts';
import type { CompiledTarget } from './compile.ts';
import { formIn, type Hull } from './form.ts';
import type { Range } from './format.ts';
import { aligned, buffersOf } from './memory.ts';
import { cover, firstIn, nothing, rulesFor } from './spread-rules.ts';

/** What the first rule that holds comes to, or nothing. */
function firstCovered<R extends OperatorRule>(
  rules: readonly R[],
  hull: Hull,
  measure: (rule: R) => Range,
): Range {
  const { possible, mayBeNone } = firstIn(rules, ({ when }) => when, hull);
  const ranges = possible.map(measure);
  return cover(mayBeNone ? [nothing, ...ranges] : ranges);
}

/** Of all buffers of a rule. */
function buffersIn(bytes: Buffers | undefined, hull: Hull, measure: (bytes: number) => number): Range {
  return buffersOf(bytes).reduce((sum, each) => {
    const { low, high } = formIn(each, hull);
    return { low: sum.low + measure(low), high: sum.high + measure(high) };
  }, nothing);
}

const itself = (bytes: number): number => bytes;
const oneEach = (bytes: number): number => (bytes > 0 ? 1 : 0);

/** What an operator takes of an arena. Bytes, but for `scratches`, which says how many buffers of its own it asks for. */
export interface MemoryIn {
  /** Of the buffers of its own, then of each that all kernels share; and all with each buffer rounded up. */
  readonly scratch: readonly Range[];
  readonly planned: Range;
  readonly scratches: Range;
  readonly tail: Range;
  readonly passing: Range;
}

export function memoryIn({ memory, target }: CompiledTarget, kind: OpKind, hull: Hull): MemoryIn {
  const { rules, data } = memory;
  const { alignment } = target.runtime.memory;
  const round = (bytes: number): number => aligned(bytes, alignment);
  const pools = [...new Set([undefined, ...rules.scratch.map(({ pool }) => pool)])];
  const ofPools = pools.map((pool) =>
    rulesFor(
      rules.scratch.filter((rule) => rule.pool === pool),
      kind,
    ),
  );
  const scratchAs = (own: readonly ScratchRule[], measure: (bytes: number) => number): Range =>
    firstCovered(own, hull, ({ bytes }) => buffersIn(bytes, hull, measure));
  const scratches = scratchAs(ofPools[0] ?? [], oneEach);
  const kept = rulesFor(rules.kept, kind);
  const described = formIn(data.perOperator, hull);
  const usual = { low: 0, high: data.setUp?.passing ?? 0 };
  const tensors = formIn({ tensors: data.perTensor }, hull);
  const buffers = firstCovered(kept, hull, ({ options = 0, bytes, prepared }) => {
    const [early, late] = [bytes, prepared].map((each) => buffersIn(each, hull, data.rounded));
    return sumOf(early, late, { low: options, high: options });
  });
  const handles = { low: data.perScratch * scratches.low, high: data.perScratch * scratches.high };
  return {
    scratch: ofPools.map((own) => scratchAs(own, itself)),
    planned: sumOf(...ofPools.map((own) => scratchAs(own, round))),
    scratches,
    tail: sumOf(described, tensors, buffers, handles),
    passing: cover([
      usual,
      firstCovered(kept, hull, ({ passing = usual.high }) => buffersIn(passing, hull, itself)),
    ]),
  };
}

function sumOf(...ranges: readonly (Range | undefined)[]): Range {
  const sum = { low: 0, high: 0 };
  for (const range of ranges) {
    sum.low += range?.low ?? 0;
    sum.high += range?.high ?? 0;
  }
  return sum;
}
