/**
 * A server and one that types, for `leaks.test.ts`: `node --expose-gc --no-flush-bytecode many-edits.ts`. Writes the bytes that are left by
 * each of 4,000 edits after the first 1,000, and by each of 500 more of which the last answers are kept, as JSON.
 */

import { PassThrough } from 'node:stream';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LspClient } from '../../test/lsp-client.ts';
import { installedSettings } from '../lsp/installation.ts';
import { startServer } from '../lsp/server.ts';
import { filesOf } from './fixture.ts';

const uri = 'file:///w/a.nas';
const document = { textDocument: { uri } };
const lines = [
  'target "nucleo-f446re"',
  'block B(k) {',
  '  conv 3x3 -> k, relu',
  '}',
  'space s {',
  '  input 8x8x1',
  '  B({4 | 8})',
  '  flatten',
  '  dense -> 10',
  '}',
  'constraints { flash < 64 KB }',
];
const kernel = { line: 2, character: 7 };
const layer = { line: 7, character: 0 };

const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
startServer(
  createConnection(ProposedFeatures.all, toServer, fromServer),
  filesOf(new Map()),
  installedSettings(import.meta.filename),
);
const client = new LspClient(toServer, fromServer);
const kept: unknown[] = [];
let isLeaky = false;

/** A kernel becomes another, a layer comes, one is half typed, and all goes back. */
const changes = [
  { range: { start: kernel, end: { ...kernel, character: 8 } }, text: '5' },
  { range: { start: layer, end: layer }, text: '  conv 1x1 -> 8\n' },
  { range: { start: layer, end: { line: 8, character: 0 } }, text: '' },
  { range: { start: layer, end: layer }, text: '  conv 3x3 ->\n' },
  { range: { start: layer, end: { line: 8, character: 0 } }, text: '' },
  { range: { start: kernel, end: { ...kernel, character: 8 } }, text: '3' },
];

async function edit(version: number): Promise<void> {
  const change = changes[version % changes.length];
  client.change(uri, version, change === undefined ? [] : [change]);
  const range = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  await client.request('textDocument/diagnostic', document);
  const hints = await client.request('textDocument/inlayHint', { ...document, range });
  if (isLeaky) kept.push(hints);
  if (version % 10 !== 0) return;
  await client.request('textDocument/semanticTokens/full', document);
  await client.request('textDocument/codeLens', document);
  await client.request('textDocument/hover', { ...document, position: kernel });
  await client.request('textDocument/completion', { ...document, position: layer });
}

async function alive(): Promise<number> {
  // What waits for a pause is done, and what a promise held is free.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  client.notifications.length = 0;
  client.serverRequests.length = 0;
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

await client.initialize({ textDocument: { diagnostic: {} } });
client.open(uri, lines.join('\n'), 0);
let version = 0;
async function leftByEach(edits: number): Promise<number> {
  const before = await alive();
  for (let count = 0; count < edits; count++) await edit(version++);
  return ((await alive()) - before) / edits;
}
// Until everything has been compiled.
await leftByEach(1000);
const usual = await leftByEach(4000);
isLeaky = true;
const leaky = await leftByEach(500);
process.stdout.write(JSON.stringify({ usual, leaky, kept: kept.length }));
process.exit(0);
