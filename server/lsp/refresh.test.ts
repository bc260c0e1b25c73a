/** What the server works out while nobody types, and what it asks the client to ask again, over the wire. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeLens, Diagnostic, DocumentDiagnosticReport, InlayHint } from 'vscode-languageserver';
import type { LspClient } from '../../test/lsp-client.ts';
import { connect, root, touched, watching } from '../testing/connected.ts';

const uri = 'file:///w/main.nas';
const document = { textDocument: { uri } };
const options = '{4 | 8 | 12 | 16 | 20 | 24}';
const text = `target "nucleo-f446re" { runtime tflm + cmsis-nn }
constraints { ram < 40 KB; latency < 40 ms }
space s {
  input 32x32x3
  conv 3x3 -> ${options}
  conv 3x3 -> ${options} stride 2
  conv 3x3 -> ${options}
  conv 3x3 -> ${options}
  maxpool 4x4 stride 4
  flatten
  dense -> 10
}
`;

async function sizeLens(client: LspClient): Promise<string> {
  const lenses = (await client.request('textDocument/codeLens', document)) as CodeLens[];
  const resolved = await Promise.all(lenses.map((lens) => client.request('codeLens/resolve', lens)));
  return (
    (resolved as CodeLens[])
      .map(({ command }) => command?.title ?? '')
      .find((title) => /architectures/.test(title)) ?? ''
  );
}

/** The lens once it no longer counts; other work may ask for lenses before. */
async function sizeLensCounted(client: LspClient): Promise<string> {
  for (;;) {
    await client.next('workspace/codeLens/refresh');
    const title = await sizeLens(client);
    if (!title.includes('counting')) return title;
  }
}

async function codes(client: LspClient): Promise<unknown[]> {
  const report = (await client.request('textDocument/diagnostic', document)) as DocumentDiagnosticReport;
  return report.kind === 'full' ? report.items.map(({ code }) => code) : [];
}

test('the share that fits is counted after a pause, and the client is asked for its lenses again', async (t) => {
  const client = connect(t);
  await client.initialize(watching, root);
  client.open(uri, text);
  assert.match(await sizeLens(client), /^1,296 architectures · counting what fits…$/);
  const counted = await sizeLensCounted(client);
  assert.ok(client.serverRequests.some(({ method }) => method === 'workspace/codeLens/refresh'));
  // Of 1,296 every one was looked at: a share without an interval.
  assert.match(counted, /^1,296 architectures · [\d.]+ % fit$/);
});

test('an edit stops the counting, and the next pause counts the text as it is then', async (t) => {
  const client = connect(t);
  await client.initialize(watching, root);
  client.open(uri, text);
  await sizeLens(client);
  client.change(uri, 2, [{ text: text.replace(options, '8') }]);
  assert.match(await sizeLens(client), /^216 architectures · counting what fits…$/);
  assert.match(await sizeLensCounted(client), /^216 architectures · [\d.]+ % fit$/);
});

test('bounds become exact in a pause, and problems that follow are asked for again', async (t) => {
  const client = connect(t);
  await client.initialize(watching, root);
  client.open(uri, text);
  assert.deepEqual(await codes(client), []);
  await client.next('workspace/diagnostic/refresh');
  assert.deepEqual(await codes(client), ['constraint/always-met']);
});

test('to a client that does not pull they are pushed', async (t) => {
  const client = connect(t);
  await client.initialize({}, root);
  const codesOf = (params: unknown): unknown[] =>
    (params as { diagnostics: Diagnostic[] }).diagnostics.map(({ code }) => code);
  const met = client.next('textDocument/publishDiagnostics', (params) => codesOf(params).length > 0);
  client.open(uri, text);
  assert.deepEqual(codesOf(await met), ['constraint/always-met']);
});

const block = (out: string): string => `block B(out) { conv 3x3 -> ${out} }\n`;
const importing =
  'import { B } from "./blocks.nas"\ntarget "pico"\nspace s {\n  input 8x8x1\n  B(8)\n  flatten\n  dense -> 10\n}\n';
const blocks = 'file:///w/blocks.nas';

test('an imported file that changes on disk changes the documents that import it', async (t) => {
  const files = new Map([[blocks, block('out')]]);
  const client = connect(t, files);
  await client.initialize(watching, root);
  client.open(uri, importing);
  const hints = async (): Promise<string> => {
    const all = { range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } };
    const found = (await client.request('textDocument/inlayHint', { ...document, ...all })) as InlayHint[];
    return JSON.stringify(found.map(({ label }) => label));
  };
  assert.deepEqual(await codes(client), []);
  const before = await hints();
  const asked = Promise.all([
    client.next('workspace/diagnostic/refresh'),
    client.next('workspace/inlayHint/refresh'),
    client.next('workspace/codeLens/refresh'),
  ]);
  files.set(blocks, block('out * 4'));
  touched(client, blocks);
  await asked;
  assert.notEqual(await hints(), before);

  files.delete(blocks);
  touched(client, blocks, 3);
  assert.ok((await codes(client)).includes('import/not-found'));
  files.set(blocks, block('out'));
  touched(client, blocks, 1);
  assert.deepEqual(await codes(client), []);
});

test('an imported file that is open counts as it is in the editor, whatever happens on disk', async (t) => {
  const files = new Map([[blocks, block('out')]]);
  const client = connect(t, files);
  await client.initialize(watching, root);
  client.open(uri, importing);
  client.open(blocks, block('nothing'));
  const before = await codes(client);
  files.set(blocks, block('8'));
  touched(client, blocks);
  assert.deepEqual(await codes(client), before);
  client.notify('textDocument/didClose', { textDocument: { uri: blocks } });
  await client.request('textDocument/documentSymbol', document);
  assert.deepEqual(await codes(client), []);
});
