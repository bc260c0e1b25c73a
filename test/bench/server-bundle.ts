/** Bundles the server from the source as it is, as the extension ships it. Returns the path of the script. */

import path from 'node:path';
import { build } from 'esbuild';
import { kernelsAsText, root } from '../../scripts/build.ts';

export async function bundleServer(): Promise<string> {
  const outfile = path.join(root, '.cache/bench/server.cjs');
  await build({
    entryPoints: [path.join(root, 'server/main.ts')],
    outfile,
    bundle: true,
    minify: true,
    plugins: [kernelsAsText],
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    logLevel: 'warning',
  });
  return outfile;
}
