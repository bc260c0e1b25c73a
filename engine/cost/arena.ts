/**
 * The tensor arena as TFLite Micro lays it out (tensorflow/lite/micro/memory_planner/greedy_memory_planner.cc,
 * micro_allocation_info.cc): buffers in descending size, on ties the later one first; each at the lowest offset
 * that is free of every buffer alive at the same time; sizes rounded up to the alignment.
 */

import { planSliding } from './sliding.ts';

/** More than the networks that run on microcontrollers have; below it, going through all of them is quicker. */
const manyBuffers = 512;

/** Reusable storage for plans, so that pricing many architectures allocates nothing. */
export class GreedyPlanner {
  #capacity = 0;
  #count = 0;
  /** Bytes, rounded up to the alignment. */
  size = new Float64Array(0);
  /** Inclusive operator indices. */
  first = new Int32Array(0);
  last = new Int32Array(0);
  offset = new Float64Array(0);
  /** Of a buffer that lies where another does: that other. -1 for those that have a place of their own. */
  #over = new Int32Array(0);
  #hasOver = false;
  #order = new Int32Array(0);
  #placed = new Int32Array(0);
  readonly #alignment: number;
  /** An output that is written over its input may lie over any part of it. */
  readonly #slides: boolean;

  constructor(alignment: number, slides = false) {
    this.#alignment = alignment;
    this.#slides = slides;
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
    this.#hasOver = false;
  }

  /** Adds a buffer of `bytes` > 0, needed from operator `first` to operator `last`; returns its index. */
  add(bytes: number, first: number, last: number): number {
    const index = this.#count;
    if (index === this.#capacity) this.#grow();
    const remainder = bytes % this.#alignment;
    this.size[index] = remainder === 0 ? bytes : bytes + this.#alignment - remainder;
    this.first[index] = first;
    this.last[index] = last;
    this.#over[index] = -1;
    this.#count = index + 1;
    return index;
  }

  /** Says that a buffer is written over `other`: it lies where that does, or slides. They may be alive together. */
  putOver(index: number, other: number): void {
    this.#over[index] = other;
    this.#hasOver = true;
  }

  /** The buffer that one is written over, or -1. */
  overOf(index: number): number {
    return this.#over[index] ?? -1;
  }

  /** Fills {@link offset}; returns the greatest end of any buffer, in bytes. */
  plan(): number {
    if (this.#slides) return planSliding(this);
    if (this.#hasOver) return this.#planGroups();
    return this.#count > manyBuffers ? this.#planMany() : this.#planFew();
  }

  /**
   * Buffers that lie over each other are one piece whose height changes with time. Pieces go by their greatest
   * height; each at the lowest offset at which none of its buffers meets one that is placed already.
   */
  #planGroups(): number {
    const { size } = this;
    const at = (values: Float64Array | Int32Array, index: number): number => values[index] ?? 0;
    const rootOf = (index: number): number => {
      let root = index;
      for (let over = this.overOf(root); over >= 0; over = this.overOf(root)) root = over;
      return root;
    };
    const members = new Map<number, number[]>();
    for (let index = 0; index < this.#count; index += 1) {
      const root = rootOf(index);
      const group = members.get(root);
      if (group === undefined) members.set(root, [index]);
      else group.push(index);
    }
    const groups = [...members].map(([root, group]) => ({
      root,
      group,
      height: Math.max(...group.map((member) => at(size, member))),
    }));
    groups.sort((left, right) => right.height - left.height || right.root - left.root);
    return this.#placeGroups(groups);
  }

  /** Places pieces in the given order; returns the greatest end. */
  #placeGroups(groups: readonly { readonly group: readonly number[] }[]): number {
    const { size, first, last, offset } = this;
    const at = (values: Float64Array | Int32Array, index: number): number => values[index] ?? 0;
    const placed: number[] = [];
    let head = 0;
    for (const { group } of groups) {
      const meeting = placed
        .map((other) => ({
          start: at(offset, other),
          end: at(offset, other) + at(size, other),
          /** The tallest member alive together with it. */
          reach: Math.max(
            0,
            ...group
              .filter(
                (member) => at(first, other) <= at(last, member) && at(last, other) >= at(first, member),
              )
              .map((member) => at(size, member)),
          ),
        }))
        .filter(({ reach }) => reach > 0);
      let candidate = 0;
      for (let moved = true; moved;) {
        moved = false;
        for (const { start, end, reach } of meeting) {
          if (start < candidate + reach && candidate < end) {
            candidate = end;
            moved = true;
          }
        }
      }
      for (const member of group) {
        offset[member] = candidate;
        head = Math.max(head, candidate + at(size, member));
        placed.push(member);
      }
    }
    return head;
  }

  /** The same layout in a time that grows with how many buffers are alive at once, not with all there are. */
  #planMany(): number {
    const { size, first, last, offset } = this;
    const bytesOf = (buffer: number): number => size[buffer] ?? 0;
    const offsetOf = (buffer: number): number => offset[buffer] ?? 0;
    const order = Array.from({ length: this.#count }, (_, buffer) => buffer);
    order.sort((left, right) => bytesOf(right) - bytesOf(left) || right - left);
    const placedAt: number[][] = [];
    let head = 0;
    for (const buffer of order) {
      const beside = new Set<number>();
      for (let op = first[buffer] ?? 0; op <= (last[buffer] ?? 0); op += 1) {
        const placed = (placedAt[op] ??= []);
        for (const other of placed) beside.add(other);
        placed.push(buffer);
      }
      const bytes = bytesOf(buffer);
      let candidate = 0;
      for (const other of [...beside].sort((left, right) => offsetOf(left) - offsetOf(right))) {
        if (offsetOf(other) - candidate >= bytes) break;
        candidate = Math.max(candidate, offsetOf(other) + bytesOf(other));
      }
      offset[buffer] = candidate;
      head = Math.max(head, candidate + bytes);
    }
    return head;
  }

  #planFew(): number {
    const { size, first, last, offset } = this;
    const order = this.#order;
    const placed = this.#placed;
    const count = this.#count;
    // Descending by size; equal sizes in reverse order of arrival. Insertion: few buffers, often nearly sorted.
    for (let i = 0; i < count; i += 1) {
      const bytes = size[i] ?? 0;
      let at = i;
      while (at > 0 && (size[order[at - 1] ?? 0] ?? 0) <= bytes) {
        order[at] = order[at - 1] ?? 0;
        at -= 1;
      }
      order[at] = i;
    }
    let head = 0;
    for (let i = 0; i < count; i += 1) {
      const buffer = order[i] ?? 0;
      const bytes = size[buffer] ?? 0;
      const from = first[buffer] ?? 0;
      const to = last[buffer] ?? 0;
      let candidate = 0;
      for (let p = 0; p < i; p += 1) {
        const other = placed[p] ?? 0;
        if ((first[other] ?? 0) > to || (last[other] ?? 0) < from) continue;
        const start = offset[other] ?? 0;
        if (start - candidate >= bytes) break;
        const end = start + (size[other] ?? 0);
        if (end > candidate) candidate = end;
      }
      offset[buffer] = candidate;
      // `placed` stays sorted by offset; a new buffer goes after those with the same offset.
      let at = i;
      while (at > 0 && (offset[placed[at - 1] ?? 0] ?? 0) > candidate) {
        placed[at] = placed[at - 1] ?? 0;
        at -= 1;
      }
      placed[at] = buffer;
      if (candidate + bytes > head) head = candidate + bytes;
    }
    return head;
  }

  #grow(): void {
    this.#capacity = Math.max(32, this.#capacity * 2);
    const copy = <T extends Float64Array | Int32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.size = copy(this.size, new Float64Array(this.#capacity));
    this.offset = copy(this.offset, new Float64Array(this.#capacity));
    this.first = copy(this.first, new Int32Array(this.#capacity));
    this.last = copy(this.last, new Int32Array(this.#capacity));
    this.#over = copy(this.#over, new Int32Array(this.#capacity));
    this.#order = new Int32Array(this.#capacity);
    this.#placed = new Int32Array(this.#capacity);
  }
}
