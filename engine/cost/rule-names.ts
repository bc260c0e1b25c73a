/**
 * By which names a runtime's file speaks of an operator. Those that `.nas` has are called by their kind; of the others a
 * `.tflite` says the name, in capitals as in its schema (`BATCH_MATMUL`) or a custom operator's own.
 */

import { plainestOf, rowOf } from '../operators/catalogue.ts';
import type { OpKind } from '../space/network.ts';

export interface Named {
  readonly kind: OpKind;
  /** Of an operator that `.nas` has not. */
  readonly tfliteName?: string;
  /** Number format that decides, where the first input does not. */
  readonly format?: string;
}

const byKind = new Map<OpKind, readonly string[]>();

/**
 * The kind, its name in a `.tflite`, the kind of the plainest form of that operator, whose kernel it has, and what all
 * operators are called of which the bytes that they move say what they cost.
 */
function named(kind: OpKind): readonly string[] {
  let names = byKind.get(kind);
  if (names === undefined) {
    const { tflite, converts } = rowOf(kind);
    const all = [kind, tflite?.name, plainestOf(kind), converts ? 'other' : undefined];
    names = all.filter((name) => name !== undefined);
    byKind.set(kind, names);
  }
  return names;
}

/** The name itself, then what stands for it where the file does not have that. */
export function ruleNames({ kind, tfliteName }: Named): readonly string[] {
  if (kind !== 'other') return named(kind);
  if (tfliteName === undefined) return [kind];
  // A form of a known operator that `.nas` cannot say, such as a mean over other axes, has the kernel of that operator.
  return [tfliteName, tfliteName.toLowerCase(), 'other'];
}

/** Whether a rule that names it is about the kind, or about all forms of its operator. */
export const isNamed = (kind: OpKind, name: string): boolean => name === kind || name === plainestOf(kind);

/** As a person is told of it. */
export const shownName = ({ kind, tfliteName }: Named): string =>
  tfliteName ?? rowOf(kind).tflite?.name ?? kind.toUpperCase();

/** The same of kernels: rows that are forms of one operator of a file run what that operator runs. */
export function kernelNames(op: Named): readonly string[] {
  const { tflite } = rowOf(op.kind);
  return tflite === undefined ? ruleNames(op) : [...ruleNames(op), tflite.name.toLowerCase()];
}

/** The first that a file has something for; `undefined` when it has nothing. */
export function firstNamed<T>(op: Named, find: (name: string) => T | undefined): T | undefined {
  for (const name of ruleNames(op)) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
