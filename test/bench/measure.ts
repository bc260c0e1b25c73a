/** What benchmarks of processes measure with. */

import { readFileSync } from 'node:fs';

/** Times of one kind. */
export class Series {
  readonly #values: number[] = [];

  add(value: number): void {
    this.#values.push(value);
  }

  /** The value below which that share of all lies. */
  at(share: number): number {
    const sorted = [...this.#values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  }

  /** p50 / p95 */
  toString(): string {
    return `${this.at(0.5).toFixed(1)} / ${this.at(0.95).toFixed(1)}`;
  }
}

/** Milliseconds of processor time since a process started, of all its threads: fields 14 and 15 of proc(5), in ticks of 10 ms. */
export function processorMs(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
