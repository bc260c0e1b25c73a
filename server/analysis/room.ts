/**
 * Which documents keep what was worked out of them. Trees, spaces and costs take a thousand times the memory of a text,
 * and an editor may have a thousand documents open of which one is looked at. Those that nobody asked about for longest
 * let go; whoever asks again has it worked out again.
 */

import type { Snapshot } from './snapshot.ts';

export interface RoomLimits {
  readonly documents: number;
  /** UTF-16 code units of their texts together. */
  readonly characters: number;
}

/** A document of the length of the examples takes some 5 MB, one of a hundred thousand lines some hundred times that. */
const limits: RoomLimits = { documents: 12, characters: 2_000_000 };

/** Those asked about last stay whatever they take: one that is being typed in and what it imports. */
const alwaysKept = 4;

export class Room {
  /** URIs, those asked about last at the end. */
  readonly #byUse = new Set<string>();
  readonly #limits: RoomLimits;
  readonly #isScarce: () => boolean;

  /** @param isScarce whether memory is about to run out, so that nothing is kept that need not be */
  constructor(isScarce: () => boolean = () => false, own: RoomLimits = limits) {
    this.#isScarce = isScarce;
    this.#limits = own;
  }

  used(uri: string): void {
    this.#byUse.delete(uri);
    this.#byUse.add(uri);
  }

  forget(uri: string): void {
    this.#byUse.delete(uri);
  }

  /** Makes those let go that are beyond the limits. Returns their URIs. */
  make(snapshotOf: (uri: string) => Snapshot | undefined): string[] {
    const { documents, characters } = this.#isScarce() ? { documents: 0, characters: 0 } : this.#limits;
    let count = 0;
    let total = 0;
    const gone: string[] = [];
    for (const uri of [...this.#byUse].reverse()) {
      const snapshot = snapshotOf(uri);
      if (snapshot === undefined) this.#byUse.delete(uri);
      if (snapshot?.holdsMore !== true) continue;
      count++;
      total += snapshot.text.length;
      if (count <= alwaysKept || (count <= documents && total <= characters)) continue;
      snapshot.letGo();
      gone.push(uri);
    }
    return gone;
  }
}
