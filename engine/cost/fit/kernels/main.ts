/**
 * `npm run kernels [-- BUILD...]`: fits what the kernels of counted builds execute, from the counts in
 * `device-profiles/measurements/counts`, and writes `device-profiles/kernels/*.json`. Run `node scripts/generate.ts`
 * after it where a build is new.
 */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { kernelLibrary } from '../../../../device-profiles/index.ts';
import type { KernelLibrary } from '../../../../device-profiles/types.ts';
import * as cmsisNn from './cmsis-nn.ts';
import { cores, type Core } from './cmsis-nn-rules.ts';
import { readOperators } from './counted-operators.ts';
import { fitTinyEngine } from './tinyengine.ts';
import { fitOwn, readOwn } from './own.ts';
import * as tflm from './tflm.ts';

const folder = path.resolve(import.meta.dirname, '../../../../device-profiles/kernels');

function write(library: KernelLibrary): KernelLibrary {
  writeFileSync(path.join(folder, `${library.id}.json`), JSON.stringify(library));
  const worst = library.kernels.map(({ kernel, median, worst: most }) => `${kernel} ${median} ${most}`);
  console.log(`${library.id}: ${worst.join(', ')}`);
  return library;
}

const { positionals: wanted } = parseArgs({ allowPositionals: true });
const isWanted = (id: string): boolean => wanted.length === 0 || wanted.some((each) => id.includes(each));

const layers = cmsisNn.readBuilds();
const fitted = new Map<string, KernelLibrary>();
for (const build of cmsisNn.buildsOf(layers)) {
  const id = `cmsis-nn-${build}`;
  if (isWanted(id)) fitted.set(id, write(cmsisNn.fitBuild(layers, build)));
}
const operators = readOperators();
for (const build of tflm.buildsOf(operators)) {
  if (!isWanted(tflm.idOf(build))) continue;
  // What is around a kernel is what the form of the kernel leaves over.
  const kernels = tflm.kernelsOf(build);
  const library = fitted.get(kernels) ?? kernelLibrary(kernels);
  if (library === undefined) throw new Error(`Fit ${kernels} first: npm run kernels -- ${kernels}.`);
  write(tflm.fitBuild(operators, build, library));
}
if (isWanted('tinyengine')) write(fitTinyEngine());
const own = readOwn();
for (const core of Object.keys(cores) as Core[]) if (isWanted(`nasturtium-${core}`)) write(fitOwn(own, core));
