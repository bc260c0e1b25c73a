/** What the kernels of counted libraries execute, as data: a file is parsed when somebody first asks for it. */

// generated: imports of kernels

import cmsisNnV2021M4O3 from './kernels/cmsis-nn-v2021-m4-O3.json' with { type: 'json' };

// end: imports of kernels
import type { KernelLibrary } from './types.ts';

/** JSON as it is in the tree, its text in a bundle: the schema test checks that every file is what it is taken for. */
// generated: kernels

const files: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['cmsis-nn-v2021-m4-O3', cmsisNnV2021M4O3],
]);

// end: kernels

/** Ids of what was counted: `cmsis-nn-v700-m4-O3` for library, version, core and flags. */
export const kernelLibraryIds: readonly string[] = [...files.keys()];

const parsed = new Map<string, KernelLibrary>();

/** `undefined` for what was not counted. */
export function kernelLibrary(id: string): KernelLibrary | undefined {
  const known = parsed.get(id);
  if (known !== undefined) return known;
  const file = files.get(id);
  if (file === undefined) return undefined;
  const library = (typeof file === 'string' ? JSON.parse(file) : file) as KernelLibrary;
  parsed.set(id, library);
  return library;
}
