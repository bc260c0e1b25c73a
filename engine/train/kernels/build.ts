/**
 * Compiles training.c and int8.c to WebAssembly and writes it into binary.ts. Needs clang and wasm-ld (Debian: `clang lld`);
 * only whoever changes them has to run it: `node engine/train/kernels/build.ts`.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const sources = ['training.c', 'int8.c'].map((name) => join(here, name));
const folder = mkdtempSync(join(tmpdir(), 'nasturtium-kernels-'));
const output = join(folder, 'kernels.wasm');
try {
  execFileSync(
    'clang',
    [
      '--target=wasm32',
      '-O3',
      '-msimd128',
      '-mbulk-memory',
      '-mmutable-globals',
      '-nostdlib',
      '-ffreestanding',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-Wl,--no-entry',
      '-Wl,--import-memory',
      '-Wl,--export=__stack_pointer',
      '-Wl,--strip-all',
      '-o',
      output,
      ...sources,
    ],
    { stdio: 'inherit' },
  );
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  const lines = readFileSync(output)
    .toString('base64')
    .replace(/.{1,100}/g, "  '$&' +\n")
    .replace(/ \+\n$/, ';');
  writeFileSync(
    join(here, 'binary.ts'),
    `/** Generated from training.c and int8.c by build.ts; do not edit. */\n\n` +
      `/** SHA-256 of the sources that this was built from, one after the other. */\n` +
      `export const sourceSha256 = '${hash.digest('hex')}';\n\n` +
      `/** The WebAssembly module, base64. */\nexport const binary =\n${lines}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
