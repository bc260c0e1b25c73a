/** The server spoken to over JSON-RPC: once as a process over its standard streams, else over streams in memory. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type {
  CompletionList,
  Diagnostic,
  DocumentDiagnosticReport,
  Hover,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { PassThrough } from 'node:stream';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LspClient, ProcessClient, RequestError } from '../../test/lsp-client.ts';
import { filesOf } from '../testing/fixture.ts';
import { installedSettings } from './installation.ts';
import { startServer } from './server.ts';

const main = path.resolve(import.meta.dirname, '../main.ts');
const uri = 'file:///space/main.nas';
const text =
  'block DS(out) { dwconv 3x3; conv 1x1 -> out }\nspace s {\n  input 16x16x1\n  DS(8)\n  gap\n  dense -> 10\n}\n';
const document = { textDocument: { uri } };

function start(t: TestContext): LspClient {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  const connection = createConnection(ProposedFeatures.all, toServer, fromServer);
  startServer(connection, filesOf(new Map()), installedSettings(main));
  t.after(() => connection.dispose());
  return new LspClient(toServer, fromServer);
}

async function code(request: Promise<unknown>): Promise<number> {
  try {
    await request;
  } catch (error) {
    if (error instanceof RequestError) return error.code;
    throw error;
  }
  throw new Error('The request succeeded.');
}

const pulls = { textDocument: { diagnostic: {} } };

test('a process over its standard streams: open, ask, edit, ask again, stop', async (t) => {
  const client = new ProcessClient(process.execPath, [main, '--stdio']);
  t.after(() => client.kill());
  const { capabilities } = (await client.initialize(pulls)) as { capabilities: Record<string, unknown> };
  assert.deepEqual(Object.keys(capabilities).sort(), [
    'callHierarchyProvider',
    'codeActionProvider',
    'codeLensProvider',
    'completionProvider',
    'definitionProvider',
    'diagnosticProvider',
    'documentFormattingProvider',
    'documentHighlightProvider',
    'documentLinkProvider',
    'documentOnTypeFormattingProvider',
    'documentRangeFormattingProvider',
    'documentSymbolProvider',
    'foldingRangeProvider',
    'hoverProvider',
    'inlayHintProvider',
    'linkedEditingRangeProvider',
    'positionEncoding',
    'referencesProvider',
    'renameProvider',
    'selectionRangeProvider',
    'semanticTokensProvider',
    'signatureHelpProvider',
    'textDocumentSync',
    'workspace',
    'workspaceSymbolProvider',
  ]);
  client.open(uri, text);
  const first = (await client.request('textDocument/diagnostic', document)) as DocumentDiagnosticReport;
  assert.equal(first.kind, 'full');
  assert.deepEqual(first.items, []);
  const again = (await client.request('textDocument/diagnostic', {
    ...document,
    previousResultId: first.resultId,
  })) as DocumentDiagnosticReport;
  assert.equal(again.kind, 'unchanged');

  client.change(uri, 2, [
    { range: { start: { line: 3, character: 5 }, end: { line: 3, character: 6 } }, text: '' },
  ]);
  const broken = (await client.request('textDocument/diagnostic', document)) as DocumentDiagnosticReport;
  assert.equal(broken.kind, 'full');
  assert.notDeepEqual(broken.items, []);
  assert.equal(
    client.notifications.filter(({ method }) => method === 'textDocument/publishDiagnostics').length,
    0,
  );

  const hover = (await client.request('textDocument/hover', {
    ...document,
    position: { line: 4, character: 3 },
  })) as Hover;
  assert.match(JSON.stringify(hover.contents), /gap/);
  assert.equal(await client.stop(), 0);
});

test('a client that does not pull is told', async (t) => {
  const client = start(t);
  await client.initialize();
  const published = client.next('textDocument/publishDiagnostics');
  client.open(uri, 'space s {\n  input 8x8x1\n  conv 3x3 ->\n}\n');
  const { diagnostics, version } = (await published) as { diagnostics: Diagnostic[]; version: number };
  assert.equal(version, 1);
  const [problem] = diagnostics;
  assert.match(String(problem?.code), /^syntax\//);
  assert.match(problem?.codeDescription?.href ?? '', /docs\/diagnostics\/syntax-/);
  const cleared = client.next('textDocument/publishDiagnostics');
  client.notify('textDocument/didClose', document);
  assert.deepEqual(((await cleared) as { diagnostics: Diagnostic[] }).diagnostics, []);
});

test('completion, symbols, rename and formatting answer over the wire', async (t) => {
  const client = start(t);
  await client.initialize();
  client.open(uri, text);
  const list = (await client.request('textDocument/completion', {
    ...document,
    position: { line: 4, character: 2 },
  })) as CompletionList;
  assert.ok(list.items.some(({ label }) => label === 'DS'));
  const item = list.items.find(({ label }) => label === 'conv');
  assert.match(JSON.stringify(await client.request('completionItem/resolve', item)), /CONV_2D/);
  const symbols = (await client.request('textDocument/documentSymbol', document)) as unknown[];
  assert.equal(symbols.length, 2);
  const edit = (await client.request('textDocument/rename', {
    ...document,
    position: { line: 0, character: 7 },
    newName: 'Separable',
  })) as WorkspaceEdit;
  assert.equal(edit.changes?.[uri]?.length, 2);
  assert.equal(
    await code(
      client.request('textDocument/rename', {
        ...document,
        position: { line: 4, character: 3 },
        newName: 'x',
      }),
    ),
    -32803,
  );
});

test('a malformed or failing request is one failed request', async (t) => {
  const client = start(t);
  await client.initialize();
  client.open(uri, text);
  assert.equal(await code(client.request('textDocument/hover', {})), -32602);
  assert.equal(await code(client.request('textDocument/hover', { ...document, position: null })), -32603);
  assert.equal(await code(client.request('textDocument/hover', undefined)), -32602);
  assert.equal(await code(client.request('no/suchMethod', {})), -32601);
  client.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: 7 });
  client.notify('textDocument/didOpen', {});
  client.notify('no/suchNotification', {});
  assert.equal(
    await client.request('textDocument/hover', {
      textDocument: { uri: 'file:///none.nas' },
      position: { line: 0, character: 0 },
    }),
    null,
  );
  const symbols = (await client.request('textDocument/documentSymbol', document)) as unknown[];
  assert.equal(symbols.length, 2);
  const log = client.notifications.filter(({ method }) => method === 'window/logMessage');
  assert.match(JSON.stringify(log), /textDocument\/hover failed: TypeError.*routes\.ts/);
});

test('what is not JSON does not end the server', async (t) => {
  const client = start(t);
  await client.initialize();
  client.sendRaw('{"jsonrpc": "2.0", "id": 9, "method": ');
  client.open(uri, text);
  const symbols = (await client.request('textDocument/documentSymbol', document)) as unknown[];
  assert.equal(symbols.length, 2);
});

test('a cancelled request is answered as cancelled', async (t) => {
  const client = start(t);
  await client.initialize(pulls);
  client.open(uri, text);
  // Both arrive in one piece, so the cancellation is heard before the work begins.
  const { id, result } = client.start('workspace/diagnostic', { previousResultIds: [] });
  client.notify('$/cancelRequest', { id });
  assert.equal(await code(result), -32800);
});

test('positions count in UTF-8 for a client that asks for it', async (t) => {
  const client = start(t);
  const { capabilities } = (await client.initialize({
    general: { positionEncodings: ['utf-8', 'utf-16'] },
  })) as {
    capabilities: { positionEncoding: string };
  };
  assert.equal(capabilities.positionEncoding, 'utf-8');
  client.open(uri, '/* é→ */ block DS { gap }\n');
  const [symbol] = (await client.request('textDocument/documentSymbol', document)) as {
    selectionRange: { start: { character: number } };
  }[];
  assert.equal(symbol?.selectionRange.start.character, '/* é→ */ block '.length + 1 + 2);
});

test('settings are pulled, and hints follow them', async (t) => {
  const client = start(t);
  client.configuration.set('nasturtium', { codeLens: { enabled: false } });
  await client.initialize({ workspace: { configuration: true } });
  client.open(uri, text);
  await client.next('workspace/configuration');
  // The answer is on its way; the next request comes after it.
  await client.request('textDocument/documentSymbol', document);
  assert.deepEqual(await client.request('textDocument/codeLens', document), []);
});

test('spaceInfo tells what a status item shows', async (t) => {
  const client = start(t);
  await client.initialize();
  client.open(uri, text);
  const info = (await client.request('nasturtium/spaceInfo', document)) as {
    version: number;
    spaces: { name: string; size: string; line: number }[];
  };
  assert.equal(info.version, 1);
  assert.deepEqual(
    info.spaces.map(({ name, size, line }) => ({ name, size, line })),
    [{ name: 's', size: '1', line: 1 }],
  );
});
