/** Documents that are read in threads have one each, as long as there are any, and wait for nobody else's. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Diagnostic } from 'vscode-languageserver-types';
import { generateSpace } from '../../test/bench/generate-space.ts';
import type { LspClient } from '../../test/lsp-client.ts';
import { connect } from '../testing/connected.ts';

const serverEntry = path.resolve(import.meta.dirname, '../main.ts');
const long = generateSpace(1200);
const pulls = { textDocument: { diagnostic: {} } };
const uriOf = (name: string): string => `file:///w/${name}.nas`;

/** A thread that is at work for good as soon as it is given a document whose name begins with "stuck". */
const script = (folder: string): string => `
  import { writeFileSync } from 'node:fs';
  import { parentPort, threadId } from 'node:worker_threads';
  await import(${JSON.stringify(serverEntry)});
  parentPort.on('message', ({ method, params }) => {
    if (method === 'nasturtium/taken' && params.uri.includes('/stuck')) for (;;);
  });
  writeFileSync(${JSON.stringify(folder)} + '/started-' + threadId, '');`;

async function start(t: TestContext): Promise<{ client: LspClient; started: () => number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const threadEntry = path.join(folder, 'thread.mjs');
  writeFileSync(threadEntry, script(folder));
  const client = connect(t, undefined, { threadEntry });
  await client.initialize(pulls);
  return { client, started: () => readdirSync(folder).length - 1 };
}

const outlined = async (client: LspClient, name: string): Promise<number> => {
  const textDocument = { uri: uriOf(name) };
  return ((await client.requestUntilAnswered('textDocument/documentSymbol', { textDocument })) as []).length;
};

test('a document whose thread never answers keeps no other one waiting', async (t) => {
  const { client, started } = await start(t);
  client.open(uriOf('stuck'), long);
  await assert.rejects(
    client.request('textDocument/documentSymbol', { textDocument: { uri: uriOf('stuck') } }),
    { code: -32802 },
  );
  // More than there are threads.
  for (const name of ['a', 'b', 'c', 'd']) {
    client.open(uriOf(name), long);
    assert.ok((await outlined(client, name)) > 10);
  }
  assert.equal(started(), 3);
});

test('the thread of a document that was closed is given the next one', async (t) => {
  const { client, started } = await start(t);
  for (const name of ['a', 'b', 'c']) {
    client.open(uriOf(name), long);
    assert.ok((await outlined(client, name)) > 10);
    // Whatever was answered too late has been answered before this.
    await outlined(client, name);
    client.notify('textDocument/didClose', { textDocument: { uri: uriOf(name) } });
  }
  assert.equal(started(), 1);
});

test('a document that becomes short stays where it is', async (t) => {
  const { client, started } = await start(t);
  client.open(uriOf('a'), long);
  await outlined(client, 'a');
  client.change(uriOf('a'), 2, [{ text: 'space s {\n}\n' }]);
  assert.equal(await outlined(client, 'a'), 1);
  client.open(uriOf('b'), long);
  await outlined(client, 'b');
  // The second thread is there because the first one still has a document.
  assert.equal(started(), 2);
});

test('a thread that starts after the workspace was trusted looks for data', async (t) => {
  const client = connect(t, undefined, { threadEntry: serverEntry });
  await client.initialize(pulls, { initializationOptions: { trusted: false } });
  client.notify('nasturtium/trusted', undefined);
  client.open(uriOf('a'), long.replace('images("./pictures")', 'csv("./missing.csv")'));
  const report = (await client.requestUntilAnswered('textDocument/diagnostic', {
    textDocument: { uri: uriOf('a') },
  })) as { items: Diagnostic[] };
  assert.ok(report.items.some(({ code }) => code === 'data/missing'));
});

test('a document that imports one of a thread is told of its changes', async (t) => {
  const client = connect(t, undefined, { threadEntry: serverEntry });
  await client.initialize();
  const published = (uri: string): Promise<unknown> =>
    client.next('textDocument/publishDiagnostics', (params) => (params as { uri: string }).uri === uri);
  /** Short, but too much to work out for the main thread. */
  const wide =
    'space wide {\n  input 8x8x1\n  conv 3x3 -> {1..128}\n  conv 3x3 -> {1..128}\n  conv 3x3 -> {1..128}\n}\n';
  const library = (name: string): string =>
    `block ${name}(k) {\n  conv 3x3 -> k\n}\ntarget "nucleo-f446re"\n${wide}`;
  const first = published(uriOf('library'));
  client.open(uriOf('library'), library('Before'));
  await first;
  const user = published(uriOf('user'));
  client.open(
    uriOf('user'),
    'import { After } from "./library.nas"\nspace s {\n  input 8x8x1\n  After(8)\n}\n',
  );
  const missing = (await user) as { diagnostics: Diagnostic[] };
  assert.ok(missing.diagnostics.some(({ message }) => JSON.stringify(message).includes('After')));
  const again = published(uriOf('user'));
  client.change(uriOf('library'), 2, [{ text: library('After') }]);
  const found = (await again) as { diagnostics: Diagnostic[] };
  assert.ok(!found.diagnostics.some(({ message }) => JSON.stringify(message).includes('After')));
});
