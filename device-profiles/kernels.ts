/** What the kernels of counted libraries execute, as data: a file is parsed when somebody first asks for it. */

// generated: imports of kernels

import cmsisNnV2020M0pO3 from './kernels/cmsis-nn-v2020-m0p-O3.json' with { type: 'json' };
import cmsisNnV2020M33O3 from './kernels/cmsis-nn-v2020-m33-O3.json' with { type: 'json' };
import cmsisNnV2020M4O3 from './kernels/cmsis-nn-v2020-m4-O3.json' with { type: 'json' };
import cmsisNnV2020M4Os from './kernels/cmsis-nn-v2020-m4-Os.json' with { type: 'json' };
import cmsisNnV2021M0pO3 from './kernels/cmsis-nn-v2021-m0p-O3.json' with { type: 'json' };
import cmsisNnV2021M3O3 from './kernels/cmsis-nn-v2021-m3-O3.json' with { type: 'json' };
import cmsisNnV2021M33O3 from './kernels/cmsis-nn-v2021-m33-O3.json' with { type: 'json' };
import cmsisNnV2021M33Os from './kernels/cmsis-nn-v2021-m33-Os.json' with { type: 'json' };
import cmsisNnV2021M4O2 from './kernels/cmsis-nn-v2021-m4-O2.json' with { type: 'json' };
import cmsisNnV2021M4O3 from './kernels/cmsis-nn-v2021-m4-O3.json' with { type: 'json' };
import cmsisNnV2021M4Os from './kernels/cmsis-nn-v2021-m4-Os.json' with { type: 'json' };
import cmsisNnV2022M0pO3 from './kernels/cmsis-nn-v2022-m0p-O3.json' with { type: 'json' };
import cmsisNnV2022M33O3 from './kernels/cmsis-nn-v2022-m33-O3.json' with { type: 'json' };
import cmsisNnV2022M4O3 from './kernels/cmsis-nn-v2022-m4-O3.json' with { type: 'json' };
import cmsisNnV2022M4Os from './kernels/cmsis-nn-v2022-m4-Os.json' with { type: 'json' };
import cmsisNnV410M0pO2 from './kernels/cmsis-nn-v410-m0p-O2.json' with { type: 'json' };
import cmsisNnV410M0pO3 from './kernels/cmsis-nn-v410-m0p-O3.json' with { type: 'json' };
import cmsisNnV410M0pOs from './kernels/cmsis-nn-v410-m0p-Os.json' with { type: 'json' };
import cmsisNnV410M3O3 from './kernels/cmsis-nn-v410-m3-O3.json' with { type: 'json' };
import cmsisNnV410M33O3 from './kernels/cmsis-nn-v410-m33-O3.json' with { type: 'json' };
import cmsisNnV410M33Os from './kernels/cmsis-nn-v410-m33-Os.json' with { type: 'json' };
import cmsisNnV410M4O2 from './kernels/cmsis-nn-v410-m4-O2.json' with { type: 'json' };
import cmsisNnV410M4O3 from './kernels/cmsis-nn-v410-m4-O3.json' with { type: 'json' };
import cmsisNnV410M4Os from './kernels/cmsis-nn-v410-m4-Os.json' with { type: 'json' };
import cmsisNnV410M55O3 from './kernels/cmsis-nn-v410-m55-O3.json' with { type: 'json' };
import cmsisNnV500M0pO3 from './kernels/cmsis-nn-v500-m0p-O3.json' with { type: 'json' };
import cmsisNnV500M4O3 from './kernels/cmsis-nn-v500-m4-O3.json' with { type: 'json' };
import cmsisNnV500M4Os from './kernels/cmsis-nn-v500-m4-Os.json' with { type: 'json' };
import cmsisNnV600M4O3 from './kernels/cmsis-nn-v600-m4-O3.json' with { type: 'json' };
import cmsisNnV700M0pO3 from './kernels/cmsis-nn-v700-m0p-O3.json' with { type: 'json' };
import cmsisNnV700M0pOs from './kernels/cmsis-nn-v700-m0p-Os.json' with { type: 'json' };
import cmsisNnV700M3O3 from './kernels/cmsis-nn-v700-m3-O3.json' with { type: 'json' };
import cmsisNnV700M3Os from './kernels/cmsis-nn-v700-m3-Os.json' with { type: 'json' };
import cmsisNnV700M33O3 from './kernels/cmsis-nn-v700-m33-O3.json' with { type: 'json' };
import cmsisNnV700M33Os from './kernels/cmsis-nn-v700-m33-Os.json' with { type: 'json' };
import cmsisNnV700M4O2 from './kernels/cmsis-nn-v700-m4-O2.json' with { type: 'json' };
import cmsisNnV700M4O3 from './kernels/cmsis-nn-v700-m4-O3.json' with { type: 'json' };
import cmsisNnV700M4Os from './kernels/cmsis-nn-v700-m4-Os.json' with { type: 'json' };
import cmsisNnV700M55O3 from './kernels/cmsis-nn-v700-m55-O3.json' with { type: 'json' };
import cmsisNnV700M55Os from './kernels/cmsis-nn-v700-m55-Os.json' with { type: 'json' };
import nasturtium1M0pO3 from './kernels/nasturtium-1-m0p-O3.json' with { type: 'json' };
import nasturtium1M3O3 from './kernels/nasturtium-1-m3-O3.json' with { type: 'json' };
import nasturtium1M33O3 from './kernels/nasturtium-1-m33-O3.json' with { type: 'json' };
import nasturtium1M4O3 from './kernels/nasturtium-1-m4-O3.json' with { type: 'json' };
import nasturtium1M55O3 from './kernels/nasturtium-1-m55-O3.json' with { type: 'json' };
import tflm2021CnM4O3 from './kernels/tflm-2021-cn-m4-O3.json' with { type: 'json' };
import tflm2021RefM4O3 from './kernels/tflm-2021-ref-m4-O3.json' with { type: 'json' };
import tflm2026CnM0pOs from './kernels/tflm-2026-cn-m0p-Os.json' with { type: 'json' };
import tflm2026CnM33O3 from './kernels/tflm-2026-cn-m33-O3.json' with { type: 'json' };
import tflm2026CnM4O3 from './kernels/tflm-2026-cn-m4-O3.json' with { type: 'json' };
import tflm2026CnM4Os from './kernels/tflm-2026-cn-m4-Os.json' with { type: 'json' };
import tflm2026CnM55Os from './kernels/tflm-2026-cn-m55-Os.json' with { type: 'json' };
import tflm2026RefM0pOs from './kernels/tflm-2026-ref-m0p-Os.json' with { type: 'json' };
import tflm2026RefM33O3 from './kernels/tflm-2026-ref-m33-O3.json' with { type: 'json' };
import tflm2026RefM4O3 from './kernels/tflm-2026-ref-m4-O3.json' with { type: 'json' };
import tflm2026RefM4Os from './kernels/tflm-2026-ref-m4-Os.json' with { type: 'json' };
import tflm2026RefM55Os from './kernels/tflm-2026-ref-m55-Os.json' with { type: 'json' };
import tinyengineM4O3 from './kernels/tinyengine-m4-O3.json' with { type: 'json' };

// end: imports of kernels
import coresOfBoards from './cores.json' with { type: 'json' };
import type { Core, KernelLibrary } from './types.ts';

/** Cores of which it was counted what kernels execute, by name; the schema test checks the file. */
export const countedCores: Readonly<Record<string, Core>> = coresOfBoards;

/** JSON as it is in the tree, its text in a bundle: the schema test checks that every file is what it is taken for. */
// generated: kernels

const files: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['cmsis-nn-v2020-m0p-O3', cmsisNnV2020M0pO3],
  ['cmsis-nn-v2020-m33-O3', cmsisNnV2020M33O3],
  ['cmsis-nn-v2020-m4-O3', cmsisNnV2020M4O3],
  ['cmsis-nn-v2020-m4-Os', cmsisNnV2020M4Os],
  ['cmsis-nn-v2021-m0p-O3', cmsisNnV2021M0pO3],
  ['cmsis-nn-v2021-m3-O3', cmsisNnV2021M3O3],
  ['cmsis-nn-v2021-m33-O3', cmsisNnV2021M33O3],
  ['cmsis-nn-v2021-m33-Os', cmsisNnV2021M33Os],
  ['cmsis-nn-v2021-m4-O2', cmsisNnV2021M4O2],
  ['cmsis-nn-v2021-m4-O3', cmsisNnV2021M4O3],
  ['cmsis-nn-v2021-m4-Os', cmsisNnV2021M4Os],
  ['cmsis-nn-v2022-m0p-O3', cmsisNnV2022M0pO3],
  ['cmsis-nn-v2022-m33-O3', cmsisNnV2022M33O3],
  ['cmsis-nn-v2022-m4-O3', cmsisNnV2022M4O3],
  ['cmsis-nn-v2022-m4-Os', cmsisNnV2022M4Os],
  ['cmsis-nn-v410-m0p-O2', cmsisNnV410M0pO2],
  ['cmsis-nn-v410-m0p-O3', cmsisNnV410M0pO3],
  ['cmsis-nn-v410-m0p-Os', cmsisNnV410M0pOs],
  ['cmsis-nn-v410-m3-O3', cmsisNnV410M3O3],
  ['cmsis-nn-v410-m33-O3', cmsisNnV410M33O3],
  ['cmsis-nn-v410-m33-Os', cmsisNnV410M33Os],
  ['cmsis-nn-v410-m4-O2', cmsisNnV410M4O2],
  ['cmsis-nn-v410-m4-O3', cmsisNnV410M4O3],
  ['cmsis-nn-v410-m4-Os', cmsisNnV410M4Os],
  ['cmsis-nn-v410-m55-O3', cmsisNnV410M55O3],
  ['cmsis-nn-v500-m0p-O3', cmsisNnV500M0pO3],
  ['cmsis-nn-v500-m4-O3', cmsisNnV500M4O3],
  ['cmsis-nn-v500-m4-Os', cmsisNnV500M4Os],
  ['cmsis-nn-v600-m4-O3', cmsisNnV600M4O3],
  ['cmsis-nn-v700-m0p-O3', cmsisNnV700M0pO3],
  ['cmsis-nn-v700-m0p-Os', cmsisNnV700M0pOs],
  ['cmsis-nn-v700-m3-O3', cmsisNnV700M3O3],
  ['cmsis-nn-v700-m3-Os', cmsisNnV700M3Os],
  ['cmsis-nn-v700-m33-O3', cmsisNnV700M33O3],
  ['cmsis-nn-v700-m33-Os', cmsisNnV700M33Os],
  ['cmsis-nn-v700-m4-O2', cmsisNnV700M4O2],
  ['cmsis-nn-v700-m4-O3', cmsisNnV700M4O3],
  ['cmsis-nn-v700-m4-Os', cmsisNnV700M4Os],
  ['cmsis-nn-v700-m55-O3', cmsisNnV700M55O3],
  ['cmsis-nn-v700-m55-Os', cmsisNnV700M55Os],
  ['nasturtium-1-m0p-O3', nasturtium1M0pO3],
  ['nasturtium-1-m3-O3', nasturtium1M3O3],
  ['nasturtium-1-m33-O3', nasturtium1M33O3],
  ['nasturtium-1-m4-O3', nasturtium1M4O3],
  ['nasturtium-1-m55-O3', nasturtium1M55O3],
  ['tflm-2021-cn-m4-O3', tflm2021CnM4O3],
  ['tflm-2021-ref-m4-O3', tflm2021RefM4O3],
  ['tflm-2026-cn-m0p-Os', tflm2026CnM0pOs],
  ['tflm-2026-cn-m33-O3', tflm2026CnM33O3],
  ['tflm-2026-cn-m4-O3', tflm2026CnM4O3],
  ['tflm-2026-cn-m4-Os', tflm2026CnM4Os],
  ['tflm-2026-cn-m55-Os', tflm2026CnM55Os],
  ['tflm-2026-ref-m0p-Os', tflm2026RefM0pOs],
  ['tflm-2026-ref-m33-O3', tflm2026RefM33O3],
  ['tflm-2026-ref-m4-O3', tflm2026RefM4O3],
  ['tflm-2026-ref-m4-Os', tflm2026RefM4Os],
  ['tflm-2026-ref-m55-Os', tflm2026RefM55Os],
  ['tinyengine-m4-O3', tinyengineM4O3],
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
