/** Numbers of which nobody knows beforehand how many there will be. */

import { refuseLarge } from './limits.ts';

/** Doubles its room as it grows, up to what fits into memory. */
export class Growing {
  private values = new Float32Array(1024);
  private readonly place: string;
  length = 0;

  /** @param place begins the message when there are too many */
  constructor(place: string) {
    this.place = place;
  }

  /** @throws DatasetError when they do not fit into memory */
  push(value: number): void {
    if (this.length === this.values.length) {
      refuseLarge(this.values.byteLength * 2, this.place);
      const larger = new Float32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }
}
