/**
 * Compiles kernels.c to WebAssembly and writes it into binary.ts. Needs clang and wasm-ld (Debian: `clang lld`);
 * only whoever changes kernels.c has to run it: `node engine/train/kernels/build.ts`.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const source = join(here, 'kernels.c');
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
      source,
    ],
    { stdio: 'inherit' },
  );
  const sha256 = createHash('sha256').update(readFileSync(source)).digest('hex');
  const lines = readFileSync(output)
    .toString('base64')
    .replace(/.{1,100}/g, "  '$&' +\n")
    .replace(/ \+\n$/, ';');
  writeFileSync(
    join(here, 'binary.ts'),
    `/** Generated from kernels.c by build.ts; do not edit. */\n\n` +
      `/** SHA-256 of the kernels.c that this was built from. */\n` +
      `export const sourceSha256 = '${sha256}';\n\n` +
      `/** The WebAssembly module, base64. */\nexport const binary =\n${lines}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
