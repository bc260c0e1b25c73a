/**
 * Writes engine/train/int8/litert.json: what LiteRT's reference kernels answer for the networks of cases.ts.
 *
 *   python3 -m venv .cache/litert && .cache/litert/bin/pip install ai-edge-litert==2.3.0 numpy
 *   node test/litert/make-fixtures.ts .cache/litert/bin/python
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportTflite } from '../../engine/model/index.ts';
import { int8Cases } from '../../engine/train/int8/cases.ts';

const python = process.argv[2] ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'nasturtium-litert-'));
const [model, inputs, outputs] = ['model.tflite', 'inputs', 'outputs'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const version = execFileSync(python, ['-c', 'import ai_edge_litert; print(ai_edge_litert.__version__)'], {
  encoding: 'utf8',
}).trim();
const cases: Record<string, string> = {};
try {
  for (const { name, quantized, inputs: values } of int8Cases()) {
    writeFileSync(model, exportTflite(quantized));
    writeFileSync(inputs, values);
    execFileSync(python, [join(import.meta.dirname, 'run.py'), model, inputs, outputs], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    cases[name] = readFileSync(outputs).toString('base64');
  }
  const path = join(import.meta.dirname, '../../engine/train/int8/litert.json');
  writeFileSync(
    path,
    `${JSON.stringify({ interpreter: `ai-edge-litert ${version}, BUILTIN_REF`, cases }, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
