/**
 * `npm run kernels [-- BUILD...]`: fits what the kernels of counted builds execute, from the counts in
 * `device-profiles/measurements/counts`, and writes `device-profiles/kernels/*.json`. Run `node scripts/generate.ts`
 * after it where a build is new.
 */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { KernelLibrary } from '../../../../device-profiles/types.ts';
import { buildsOf, fitBuild, readBuilds } from './cmsis-nn.ts';

const folder = path.resolve(import.meta.dirname, '../../../../device-profiles/kernels');

function write(library: KernelLibrary): void {
  writeFileSync(path.join(folder, `${library.id}.json`), JSON.stringify(library));
  const worst = library.kernels.map(({ kernel, median, worst: most }) => `${kernel} ${median} ${most}`);
  console.log(`${library.id}: ${worst.join(', ')}`);
}

const { positionals: wanted } = parseArgs({ allowPositionals: true });
const isWanted = (id: string): boolean => wanted.length === 0 || wanted.some((each) => id.includes(each));

const counted = readBuilds();
for (const build of buildsOf(counted)) if (isWanted(`cmsis-nn-${build}`)) write(fitBuild(counted, build));
