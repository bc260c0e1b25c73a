/** Rows of numbers as keys: they cost less to make and to compare than texts. */

/** Multiplicative hashing with the golden ratio (Knuth, TAOCP 3, 6.4). */
export function hashNumbers(row: readonly number[]): number {
  let hash = 0;
  // By index: iterators would be most of what a cold walk allocates.
  for (let index = 0; index < row.length; index++) {
    hash = Math.imul(hash ^ (row[index] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

export function sameNumbers(left: readonly number[], right: readonly number[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

interface Entry<V> {
  readonly key: readonly number[];
  readonly value: V;
  readonly next: Entry<V> | undefined;
}

/** Values by rows of numbers. With more hashes than `limit` it starts afresh. */
export class NumberMap<V> {
  /** What shares a hash is a list. */
  private readonly byHash = new Map<number, Entry<V>>();
  private readonly limit: number;

  constructor(limit = Infinity) {
    this.limit = limit;
  }

  get(key: readonly number[]): V | undefined {
    for (let entry = this.byHash.get(hashNumbers(key)); entry !== undefined; entry = entry.next)
      if (sameNumbers(entry.key, key)) return entry.value;
    return undefined;
  }

  /** `key` must not be changed afterwards. */
  set(key: readonly number[], value: V): void {
    if (this.byHash.size >= this.limit) this.byHash.clear();
    const hash = hashNumbers(key);
    this.byHash.set(hash, { key, value, next: this.byHash.get(hash) });
  }
}
