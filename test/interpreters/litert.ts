/**
 * LiteRT, the interpreter that Google maintains, as a second independent judge. It comes from PyPI into
 * `.cache/litert`; where it is not installed, tests that need it are skipped by name.
 *
 *     node test/interpreters/litert.ts      installs it, given python3 and a network
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const release = 'ai-edge-litert==2.3.0';
const folder = path.resolve(import.meta.dirname, '../../.cache/litert');
const python = path.join(folder, 'bin/python');
/** Written last, so that an installation that was broken off does not count. */
const installed = path.join(folder, release);

/** Why LiteRT cannot be used, or `false`: the value of a test's `skip`. */
export const litertMissing: string | false = existsSync(installed)
  ? false
  : 'LiteRT is not installed; "node test/interpreters/litert.ts" installs it.';

/** Installs LiteRT unless it is there. Returns why it could not be done, if it could not. */
export function installLiteRt(): string | undefined {
  if (existsSync(installed)) return undefined;
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', release], { stdio: 'pipe' });
    writeFileSync(installed, '');
    return undefined;
  } catch (error) {
    return `LiteRT could not be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export interface LiteRtCase {
  readonly model: Uint8Array;
  readonly inputs: readonly Int8Array[];
}

/** The outputs of an int8 model for each input, one row each: all outputs in the order of the model. */
export function runInLiteRt(model: Uint8Array, inputs: readonly Int8Array[]): Int8Array[] {
  return runAllInLiteRt([{ model, inputs }])[0] ?? [];
}

/** The same for many models, for which Python is started once. */
export function runAllInLiteRt(cases: readonly LiteRtCase[]): Int8Array[][] {
  const work = mkdtempSync(path.join(tmpdir(), 'nasturtium-litert-'));
  try {
    const files = cases.map(({ model, inputs }, index) => {
      const file = (name: string) => path.join(work, `${String(index)}.${name}`);
      writeFileSync(file('tflite'), model);
      const bytes = inputs.map((input) => Buffer.from(input.buffer, input.byteOffset, input.length));
      writeFileSync(file('inputs'), Buffer.concat(bytes));
      return [file('tflite'), file('inputs'), file('outputs')] as const;
    });
    const script = path.join(import.meta.dirname, 'litert.py');
    execFileSync(python, [script, ...files.flat()], { stdio: 'pipe' });
    return files.map(([, , outputs], which) => {
      const all = new Int8Array(readFileSync(outputs));
      const inputs = cases[which]?.inputs ?? [];
      const size = all.length / inputs.length;
      return inputs.map((_, index) => all.slice(index * size, (index + 1) * size));
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const failure = installLiteRt();
  if (failure !== undefined) {
    console.error(failure);
    process.exitCode = 1;
  }
}
