/**
 * Compiles training.c and int8.c to WebAssembly and writes it into kernels.json. Needs clang and wasm-ld (Debian: `clang lld`);
 * only whoever changes them has to run it: `node engine/train/kernels/build.ts`. The same compiler gives the same bytes.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const sources = ['training.c', 'int8.c'].map((name) => join(here, name));
const flags = [
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
];

/** SHA-256 of some bytes, or of files one after the other. */
export function sha256(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

export const sourcesNow = (): string => sha256(sources.map((source) => readFileSync(source)));

/** E.g. `Debian clang version 14.0.6, Debian LLD 14.0.6`; `undefined` where one of the two is not on the path. */
export function compilerHere(): string | undefined {
  const firstLine = (command: string): string =>
    execFileSync(command, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).split('\n')[0]?.trim() ?? '';
  try {
    return `${firstLine('clang')}, ${firstLine('wasm-ld')}`;
  } catch {
    return undefined;
  }
}

/** The module, made afresh. Throws where a source has a mistake or a warning. */
export function compile(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'nasturtium-kernels-'));
  try {
    const output = join(folder, 'kernels.wasm');
    execFileSync('clang', [...flags, '-o', output, ...sources], { stdio: 'inherit' });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What kernels.json holds. */
interface Built {
  /** Of the sources that it was built from, one after the other. */
  readonly sourceSha256: string;
  /** What compiled and linked it. */
  readonly compiler: string;
  /** Of the module. */
  readonly sha256: string;
  /** The WebAssembly module, base64. */
  readonly wasm: string;
}

function write(): void {
  const module = compile();
  const built: Built = {
    sourceSha256: sourcesNow(),
    compiler: compilerHere() ?? '',
    sha256: sha256([module]),
    wasm: Buffer.from(module).toString('base64'),
  };
  writeFileSync(join(here, 'kernels.json'), `${JSON.stringify(built, undefined, 2)}\n`);
}

if (import.meta.main) write();
