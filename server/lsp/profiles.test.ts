/** A workspace's own boards and runtimes, as a client sees them come, change and go. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type {
  CompletionList,
  Diagnostic,
  DocumentDiagnosticReport,
  Hover,
  InlayHint,
} from 'vscode-languageserver';
import type { LspClient } from '../../test/lsp-client.ts';
import { connect, root, touched, watching } from '../testing/connected.ts';

const pages = path.resolve(import.meta.dirname, '../../examples/own-board/.nasturtium');
const read = (file: string): string => readFileSync(path.join(pages, file), 'utf8');
const teensy = read('boards/teensy-4-1.json').replace(', "my-kernels"', '');
const board = 'file:///w/.nasturtium/boards/teensy-4-1.json';
const uri = 'file:///w/spaces/main.nas';
const text =
  'target "teensy-4-1"\nspace s {\n  input 16x16x1\n  conv 3x3 -> 8\n  flatten\n  dense -> 10\n}\n';
const document = { textDocument: { uri } };
const everywhere = { range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } };

async function codes(client: LspClient): Promise<unknown[]> {
  const report = (await client.request('textDocument/diagnostic', document)) as DocumentDiagnosticReport;
  return report.kind === 'full' ? report.items.map(({ code }) => code) : ['unchanged'];
}

async function hover(client: LspClient, line: number, character: number): Promise<string> {
  const found = (await client.request('textDocument/hover', {
    ...document,
    position: { line, character },
  })) as Hover;
  return JSON.stringify(found.contents);
}

const published = (client: LspClient, of: string): Promise<{ diagnostics: Diagnostic[] }> =>
  client.next(
    'textDocument/publishDiagnostics',
    (params) => (params as { uri: string }).uri === of,
  ) as Promise<{
    diagnostics: Diagnostic[];
  }>;

test('a board of the workspace is a target like those that ship, and says where it is from', async (t) => {
  const client = connect(t, new Map([[board, teensy]]));
  await client.initialize(watching, root);
  client.open(uri, text);
  assert.deepEqual(await codes(client), []);
  const hints = (await client.request('textDocument/inlayHint', {
    ...document,
    ...everywhere,
  })) as InlayHint[];
  assert.match(JSON.stringify(hints[0]?.label), / (ms|µs) · /);
  assert.match(await hover(client, 0, 12), /PJRC Teensy 4\.1.*From your workspace: \[teensy-4-1\.json\]/);
  assert.match(await hover(client, 3, 3), /profile from your workspace/);
  const list = (await client.request('textDocument/completion', {
    ...document,
    position: { line: 0, character: 8 },
  })) as CompletionList;
  const [first] = [...list.items].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
  assert.equal(first?.label, 'teensy-4-1');
  const resolved = JSON.stringify(await client.request('completionItem/resolve', first));
  assert.match(resolved, /MIMXRT1062.*From your workspace/);
  const info = JSON.stringify(await client.request('nasturtium/spaceInfo', document));
  assert.ok(info.includes(`"origin":"${board}"`), info);
});

test('a file that changes on disk changes what the documents say', async (t) => {
  const files = new Map([[board, teensy]]);
  const client = connect(t, files);
  await client.initialize(watching, root);
  client.open(uri, text);
  const before = (await client.request('textDocument/inlayHint', {
    ...document,
    ...everywhere,
  })) as InlayHint[];
  const refreshed = Promise.all([
    client.next('workspace/diagnostic/refresh'),
    client.next('workspace/inlayHint/refresh'),
    client.next('workspace/codeLens/refresh'),
  ]);
  files.set(board, teensy.replaceAll('600000000', '60000000'));
  touched(client, board);
  await refreshed;
  const after = (await client.request('textDocument/inlayHint', {
    ...document,
    ...everywhere,
  })) as InlayHint[];
  assert.notDeepEqual(after[0]?.label, before[0]?.label);

  files.delete(board);
  touched(client, 'file:///w/.nasturtium', 3);
  assert.deepEqual(await codes(client), ['target/unknown']);
});

test('what is wrong with a profile is shown in its file, and the language goes on', async (t) => {
  const broken = teensy.replace('"mcu"', '"mcU"');
  const files = new Map([[board, broken]]);
  const client = connect(t, files);
  const first = published(client, board);
  await client.initialize(watching, root);
  const { diagnostics } = await first;
  assert.deepEqual(
    diagnostics.map(({ code, range }) => [
      code,
      range.start.line,
      range.start.character,
      range.end.character,
    ]),
    [
      ['profile/schema', 0, 0, 1],
      ['profile/schema', 4, 2, 7],
    ],
  );
  assert.match(diagnostics[0]?.codeDescription?.href ?? '', /docs\/diagnostics\/profile-schema\.md$/);
  client.open(uri, text.replace('teensy-4-1', 'pico'));
  assert.deepEqual(await codes(client), []);

  const cleared = published(client, board);
  files.set(board, teensy);
  touched(client, board);
  assert.deepEqual((await cleared).diagnostics, []);
});

test('a folder that the settings name counts, relative to each folder of the workspace', async (t) => {
  const mine = 'file:///data/shared/boards/teensy-4-1.json';
  const client = connect(t, new Map([[mine, teensy]]));
  client.configuration.set('nasturtium', { profiles: ['../data/shared', 7] });
  const registered = client.next('client/registerCapability', (params) =>
    JSON.stringify(params).includes('file:///data/shared'),
  );
  await client.initialize({ ...watching, workspace: { ...watching.workspace, configuration: true } }, root);
  client.open(uri, text);
  await client.next('workspace/configuration');
  await client.request('textDocument/documentSymbol', document);
  assert.deepEqual(await codes(client), []);
  assert.equal(await registered.then(() => 'watched').catch(() => 'not'), 'watched');
});

test('the nearest folder counts, and other folders of the workspace do not', async (t) => {
  const near = 'file:///w/spaces/.nasturtium/boards/teensy-4-1.json';
  const beside = 'file:///w/other/.nasturtium/boards/mine.json';
  const files = new Map([
    [board, teensy],
    [near, teensy.replace('PJRC Teensy 4.1', 'My Teensy')],
    [beside, teensy.replaceAll('teensy', 'tansy').replace('imxrt1062', 'rt')],
  ]);
  const client = connect(t, files);
  await client.initialize(watching, root);
  client.open(uri, text);
  assert.match(await hover(client, 0, 12), /My Teensy/);
  client.open('file:///w/other/x.nas', 'target "tansy-4-1"\n');
  const far = { textDocument: { uri: 'file:///w/other/x.nas' }, position: { line: 0, character: 12 } };
  assert.match(JSON.stringify(await client.request('textDocument/hover', far)), /PJRC Teensy/);
  client.change(uri, 2, [{ text: text.replace('teensy-4-1', 'tansy-4-1') }]);
  assert.deepEqual(await codes(client), ['target/unknown']);
});
