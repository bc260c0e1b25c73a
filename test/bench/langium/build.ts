/**
 * Generates and bundles the Langium server of `nas.langium` into `.cache/langium/server.cjs`. Needs the
 * development dependencies only. Run: `node test/bench/langium/build.ts`.
 */

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const cache = join(root, '.cache/langium');

/** Builds the peer and returns the path of its server, which speaks LSP with `--stdio`. */
export async function buildLangiumServer(): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const cli = join(root, 'node_modules/langium-cli/bin/langium.js');
  execFileSync(process.execPath, [cli, 'generate', '--file', join(here, 'langium-config.json')], {
    cwd: here,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const entry = join(cache, 'main.mjs');
  copyFileSync(join(here, 'main.mjs'), entry);
  const outfile = join(cache, 'server.cjs');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', minify: true });
  return outfile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildLangiumServer());
