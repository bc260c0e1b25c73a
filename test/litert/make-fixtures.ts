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
import type { QuantizedNetwork } from '../../engine/space/trained.ts';
import { int8Cases } from '../../engine/train/int8/testing.ts';

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

function answers(
  quantized: QuantizedNetwork,
  values: Uint8Array,
  kernels: 'BUILTIN_REF' | 'BUILTIN_WITHOUT_DEFAULT_DELEGATES',
): Buffer {
  writeFileSync(model, exportTflite(quantized));
  writeFileSync(inputs, values);
  execFileSync(python, [join(import.meta.dirname, 'run.py'), kernels, model, inputs, outputs], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return readFileSync(outputs);
}

/** Of an operator without a reference kernel, such as ELU, the only kernel there is, behind the reference kernels. */
function answersInTwo({ network, activations, parameters }: QuantizedNetwork, values: Uint8Array): Buffer {
  const reads = network.ops.at(-1)?.inputs ?? [];
  const part = (own: Partial<typeof network>) => {
    const ids = new Set([...(own.inputs ?? network.inputs), ...(own.ops ?? []).map((op) => op.output)]);
    const tensors = network.tensors.filter(({ id }) => ids.has(id));
    return { network: { ...network, ...own, tensors }, activations, parameters };
  };
  const before = part({ ops: network.ops.slice(0, -1), outputs: reads });
  const alone = part({ ops: network.ops.slice(-1), inputs: reads });
  return answers(alone, answers(before, values, 'BUILTIN_REF'), 'BUILTIN_WITHOUT_DEFAULT_DELEGATES');
}

const cases: Record<string, string> = {};
try {
  for (const { name, quantized, inputs: values } of int8Cases()) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.length);
    let found: Buffer;
    try {
      found = answers(quantized, bytes, 'BUILTIN_REF');
    } catch {
      found = answersInTwo(quantized, bytes);
    }
    cases[name] = found.toString('base64');
  }
  const path = join(import.meta.dirname, '../../engine/train/int8/litert.json');
  writeFileSync(
    path,
    `${JSON.stringify({ interpreter: `ai-edge-litert ${version}, BUILTIN_REF`, cases }, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
