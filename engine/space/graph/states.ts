/** Things that stand for states of the registers, found again by state. */

import type { Registers } from '../program/slots.ts';

export interface HasState {
  readonly registers: Registers;
  readonly hash: number;
}

/** Up to so many states, looking at each is quicker than a table. */
const SCANNED_STATES = 16;

export class States<T extends HasState> {
  readonly list: T[] = [];
  private byHash: Map<number, T> | undefined;

  find(hash: number, registers: Registers): T | undefined {
    const { list } = this;
    if (list.length > SCANNED_STATES) {
      this.byHash ??= new Map(list.map((each) => [each.hash, each]));
      const known = this.byHash.get(hash);
      if (known === undefined) return undefined;
      if (sameRegisters(known.registers, registers)) return known;
    }
    // By index: iterators would be most of what a cold walk allocates.
    for (let index = 0; index < list.length; index++) {
      const each = list[index];
      if (each?.hash === hash && sameRegisters(each.registers, registers)) return each;
    }
    return undefined;
  }

  add(each: T): void {
    this.list.push(each);
    this.byHash?.set(each.hash, each);
  }
}

export function sameRegisters(left: Registers, right: Registers): boolean {
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
