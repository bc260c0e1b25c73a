/**
 * By which names a runtime's file speaks of an operator. Those that `.nas` has are called by their kind; of the others a
 * `.tflite` says the name, in capitals as in its schema (`BATCH_MATMUL`) or a custom operator's own.
 */

import type { OpKind } from '../space/network.ts';

export interface Named {
  readonly kind: OpKind;
  /** Of an operator that `.nas` has not. */
  readonly tfliteName?: string;
  /** Number format that decides, where the first input does not. */
  readonly format?: string;
}

/** The name itself, then what stands for it where the file does not have that. */
export function ruleNames({ kind, tfliteName }: Named): readonly string[] {
  if (kind !== 'other' || tfliteName === undefined) return [kind];
  // A form of a known operator that `.nas` cannot say, such as a mean over other axes, has the kernel of that operator.
  return [tfliteName, tfliteName.toLowerCase(), 'other'];
}

/** The first that a file has something for; `undefined` when it has nothing. */
export function firstNamed<T>(op: Named, find: (name: string) => T | undefined): T | undefined {
  for (const name of ruleNames(op)) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
