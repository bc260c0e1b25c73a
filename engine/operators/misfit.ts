/** Why an operator cannot be, as data: who knows the place of the layer makes a problem with a page of it. */

import type { Shape } from './tensors.ts';

export interface MisfitDetails {
  /** A value of another kind than the attribute takes. */
  readonly type: { readonly what: string; readonly expected: string; readonly found: string };
  readonly range: { readonly what: string; readonly expected: string; readonly found: string };
  /** The operator takes an image. */
  readonly rank: { readonly input: string };
  /** Channels that no so many groups divide. */
  readonly groups: { readonly channels: number; readonly groups: number };
  readonly reshape: {
    readonly input: string;
    readonly output: string;
    readonly elements: number;
    readonly wanted: number;
  };
  /** The window is larger than the image. */
  readonly vanishes: { readonly input: string; readonly kernel: string };
  /** Two inputs that do not fit each other. */
  readonly mismatch: { readonly left: Shape; readonly right: Shape; readonly reason: string };
  /** What is folded into the layer before it stands behind something else. */
  readonly follower: { readonly name: string };
  /** A value is not known because of a problem that was reported elsewhere. */
  readonly unknown: undefined;
}

export type MisfitKind = keyof MisfitDetails;

/** Thrown by rows; `details` belong to `kind`. */
export class Misfit<K extends MisfitKind = MisfitKind> extends Error {
  override readonly name = 'Misfit';
  readonly kind: K;
  readonly details: MisfitDetails[K];

  constructor(kind: K, details: MisfitDetails[K]) {
    super(`Misfit: ${kind}`);
    this.kind = kind;
    this.details = details;
  }
}

/** Throws a {@link Misfit} because a value lies outside of what the operator takes. */
export function outOfRange(what: string, expected: string, found: number | string): never {
  throw new Misfit('range', { what, expected, found: String(found) });
}
