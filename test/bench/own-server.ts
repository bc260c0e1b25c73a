/** Our server, bundled from the source as the extension ships it and started as VS Code starts it. */

import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildServer } from '../../scripts/build.ts';
import { ProcessClient } from '../lsp-client.ts';
import { generateSpace } from './generate-space.ts';

export interface OwnServer {
  readonly script: string;
  /** Names the code that an earlier process has compiled, as VS Code has it from the second start on. */
  readonly env: Readonly<Record<string, string>>;
}

/** The server keeps its code after five seconds. */
const keptMs = 6500;

const root = path.resolve(import.meta.dirname, '../..');
export const example = readFileSync(path.join(root, 'examples/fashion-mnist.nas'), 'utf8');

export async function ownServer(): Promise<OwnServer> {
  const script = await buildServer('.cache/bench');
  const folder = path.join(root, '.cache/bench/code');
  rmSync(folder, { recursive: true, force: true });
  const env = { NASTURTIUM_CODE_CACHE: folder };
  const client = new ProcessClient(process.execPath, [script, '--stdio'], env);
  await client.initialize({ textDocument: { diagnostic: {}, inlayHint: {} } });
  // One for the process and one for its thread.
  for (const [name, text] of Object.entries({ short: example, long: generateSpace(10_000) })) {
    const textDocument = { uri: `file:///bench/${name}.nas` };
    client.open(textDocument.uri, text);
    const range = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
    await client.requestUntilAnswered('textDocument/diagnostic', { textDocument });
    await client.requestUntilAnswered('textDocument/inlayHint', { textDocument, range });
  }
  await setTimeout(keptMs);
  client.kill();
  await client.exited;
  return { script, env };
}
