/**
 * LiteRT, the interpreter that Google maintains, as a second independent judge. It comes from PyPI
 * (`ai-edge-litert`) into `.cache/litert`; where it is not installed, tests that need it are skipped by name.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../.cache/litert');
const python = path.join(folder, 'bin/python');

/** Why LiteRT cannot be used, or `false`: the value of a test's `skip`. */
export const litertMissing: string | false = existsSync(path.join(folder, 'bin/python'))
  ? false
  : 'LiteRT is not installed: python3 -m venv .cache/litert && .cache/litert/bin/pip install ai-edge-litert';

/** The outputs of an int8 model for each input, one row each: all outputs in the order of the model. */
export function runInLiteRt(model: Uint8Array, inputs: readonly Int8Array[]): Int8Array[] {
  const work = mkdtempSync(path.join(tmpdir(), 'nasturtium-litert-'));
  try {
    const file = (name: string) => path.join(work, name);
    writeFileSync(file('model.tflite'), model);
    writeFileSync(
      file('inputs'),
      Buffer.concat(inputs.map((input) => Buffer.from(input.buffer, input.byteOffset, input.length))),
    );
    const script = path.join(import.meta.dirname, 'litert.py');
    execFileSync(python, [script, file('model.tflite'), file('inputs'), file('outputs')], { stdio: 'pipe' });
    const all = new Int8Array(readFileSync(file('outputs')));
    const size = all.length / inputs.length;
    return inputs.map((_, index) => all.slice(index * size, (index + 1) * size));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
