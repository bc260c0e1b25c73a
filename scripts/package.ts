/** Builds the installable extension, `nasturtium.vsix`. */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { buildAll, root } from './build.ts';

export const vsixFile = join(root, 'nasturtium.vsix');

/** What goes into the package, by `.vscodeignore`. */
export async function packagedFiles(): Promise<string[]> {
  return (await listFiles({ cwd: root, packageManager: PackageManager.None })).sort();
}

export async function packageExtension(): Promise<void> {
  await buildAll();
  await createVSIX({
    cwd: root,
    packagePath: vsixFile,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
}

if (process.argv[1] !== undefined && basename(process.argv[1]) === 'package.ts') {
  await packageExtension();
  console.log(`${vsixFile} (${((await readFile(vsixFile)).length / 1e6).toFixed(1)} MB)`);
}
