/**
 * A layout in which an output may lie over any part of the input that it is made from, as long as it follows it from
 * one end: a kernel that goes through its input from front to back then overwrites only what it has read. Pinning both
 * to one offset, as in {@link GreedyPlanner}, holds the place of a large input for as long as a small output lives.
 */

export interface SlidingBuffers {
  readonly count: number;
  /** Bytes. */
  readonly size: Float64Array;
  /** Inclusive operator indices. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly offset: Float64Array;
  /** The buffer that one may be written over, or -1. */
  overOf(index: number): number;
}

type Order = (left: number, right: number) => number;

/** Fills `offset` with the lowest of a few layouts by first fit; returns the greatest end of any buffer, in bytes. */
export function planSliding(buffers: SlidingBuffers): number {
  const { count, size, first, last, offset } = buffers;
  const at = (values: Float64Array | Int32Array, index: number): number => values[index] ?? 0;
  const bySize: Order = (left, right) => at(size, right) - at(size, left) || right - left;
  const byStart: Order = (left, right) => at(first, left) - at(first, right) || bySize(left, right);
  const byEnd: Order = (left, right) => at(last, right) - at(last, left) || bySize(left, right);
  let lowest = Infinity;
  let kept: Float64Array | undefined;
  for (const order of [bySize, byStart, byEnd]) {
    const head = placeInOrder(buffers, Array.from({ length: count }, (_, index) => index).sort(order));
    if (head < lowest) {
      lowest = head;
      kept = offset.slice(0, count);
    }
  }
  if (kept !== undefined) offset.set(kept);
  return count === 0 ? 0 : lowest;
}

/** Whether an output may lie there: apart from its input, or following it from its front or from its back. */
function follows(out: number, outEnd: number, input: number, inputEnd: number): boolean {
  const isApart = outEnd <= input || inputEnd <= out;
  return isApart || (out <= input && outEnd <= inputEnd) || (out >= input && outEnd >= inputEnd);
}

function placeInOrder(buffers: SlidingBuffers, order: readonly number[]): number {
  const { size, first, last, offset } = buffers;
  const at = (values: Float64Array | Int32Array, index: number): number => values[index] ?? 0;
  const placed: number[] = [];
  let head = 0;
  for (const buffer of order) {
    const bytes = at(size, buffer);
    const beside = placed.filter(
      (other) => at(first, other) <= at(last, buffer) && at(last, other) >= at(first, buffer),
    );
    const candidates = [0];
    for (const other of beside) {
      const start = at(offset, other);
      const end = start + at(size, other);
      candidates.push(end);
      if (isPair(buffers, buffer, other)) candidates.push(start, Math.max(0, end - bytes));
    }
    candidates.sort((left, right) => left - right);
    const start = candidates.find((candidate) =>
      beside.every((other) => {
        const otherStart = at(offset, other);
        const otherEnd = otherStart + at(size, other);
        const end = candidate + bytes;
        if (!isPair(buffers, buffer, other)) return end <= otherStart || otherEnd <= candidate;
        return buffers.overOf(buffer) === other
          ? follows(candidate, end, otherStart, otherEnd)
          : follows(otherStart, otherEnd, candidate, end);
      }),
    );
    // The greatest end of those beside is always free.
    offset[buffer] = start ?? 0;
    head = Math.max(head, at(offset, buffer) + bytes);
    placed.push(buffer);
  }
  return head;
}

/** Whether one of the two may be written over the other. */
function isPair(buffers: SlidingBuffers, left: number, right: number): boolean {
  return buffers.overOf(left) === right || buffers.overOf(right) === left;
}
