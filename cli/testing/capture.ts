/** Calls the command line as a function and keeps what it would have written. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import type { Io } from '../io.ts';
import { runCommandLine } from '../run.ts';
import { printable } from '../terminal-text.ts';

export interface Captured {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** `stdin` is what the command reads there. */
export async function invoke(
  args: readonly string[],
  options: { readonly stdin?: string; readonly stop?: AbortSignal } = {},
): Promise<Captured> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => void (out += printable(text)),
    exact: (text) => void (out += text),
    err: (text) => void (err += printable(text)),
    stdin: () => Promise.resolve(options.stdin ?? ''),
    interactive: false,
    stop: options.stop ?? new AbortController().signal,
    stopGently: () => undefined,
    style: (_, text) => text,
  };
  const code = await runCommandLine(args, io, {
    version: '0.0.0',
    imagesFolder: path.join(import.meta.dirname, '../../firmware-probe/images'),
    serveLanguage: () => Promise.resolve(),
  });
  return { code, out, err };
}

const schemas = path.resolve(import.meta.dirname, '../schema');
const load = (name: string) =>
  JSON.parse(readFileSync(path.join(schemas, `${name}.schema.json`), 'utf8')) as object;
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: true });
// Others refer to these by the names of their files.
const shared: readonly string[] = ['cost', 'front'];
for (const name of shared) ajv.addSchema(load(name), `${name}.schema.json`);

/** What is wrong with a document by `cli/schema/<name>.schema.json`; empty when nothing is. */
export function violations(name: string, document: unknown): string[] {
  const validate = shared.includes(name)
    ? ajv.getSchema(`${name}.schema.json`)
    : (ajv.getSchema(name) ?? ajv.addSchema(load(name), name).getSchema(name));
  if (validate === undefined) return [`There is no schema ${name}.`];
  void validate(document);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
