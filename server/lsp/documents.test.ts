/** Documents of every kind: in several folders, in none, on no disk, with any line ends and any characters. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type {
  Diagnostic,
  DocumentDiagnosticReport,
  InlayHint,
  TextEdit,
  WorkspaceDiagnosticReport,
  WorkspaceEdit,
  WorkspaceSymbol,
} from 'vscode-languageserver';
import type { LspClient } from '../../test/lsp-client.ts';
import { connect, watching } from '../testing/connected.ts';

const docs = path.resolve(import.meta.dirname, '../../examples/own-board/.nasturtium');
const teensy = readFileSync(path.join(docs, 'boards/teensy-4-1.json'), 'utf8').replace(', "my-kernels"', '');
const folders = (...names: string[]) => ({
  workspaceFolders: names.map((name) => ({ uri: `file:///${name}`, name })),
});
const space = (board: string): string =>
  `target "${board}"\nspace s {\n  input 16x16x1\n  conv 3x3 -> 8\n  flatten\n  dense -> 10\n}\n`;

async function problems(client: LspClient, uri: string): Promise<Diagnostic[]> {
  const params = { textDocument: { uri } };
  const report = (await client.request('textDocument/diagnostic', params)) as DocumentDiagnosticReport;
  return report.kind === 'full' ? report.items : [];
}

const codes = async (client: LspClient, uri: string) => (await problems(client, uri)).map(({ code }) => code);

async function hints(client: LspClient, uri: string): Promise<number> {
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  return ((await client.request('textDocument/inlayHint', { textDocument: { uri }, range })) as InlayHint[])
    .length;
}

/** `line:from-to` of each problem. */
const places = (found: readonly Diagnostic[]): string[] =>
  found.map(({ range: { start, end } }) => `${start.line}:${start.character}-${end.character}`);

test('every folder of a workspace has boards of its own; symbols and problems come from all', async (t) => {
  const files = new Map([
    ['file:///one/.nasturtium/boards/teensy-4-1.json', teensy],
    ['file:///one/a.nas', space('teensy-4-1')],
    ['file:///two/b.nas', space('teensy-4-1').replace('space s', 'space other')],
  ]);
  const client = connect(t, files);
  await client.initialize(watching, folders('one', 'two'));
  const report = (await client.request('workspace/diagnostic', {
    previousResultIds: [],
  })) as WorkspaceDiagnosticReport;
  const found = new Map(
    report.items.map((item) => [item.uri, item.kind === 'full' ? item.items.length : -1]),
  );
  assert.deepEqual(
    [...found],
    [
      ['file:///one/a.nas', 0],
      ['file:///two/b.nas', 1],
    ],
  );
  const symbols = (await client.request('workspace/symbol', { query: '' })) as WorkspaceSymbol[];
  assert.deepEqual(symbols.map(({ name }) => name).sort(), ['other', 's']);
});

test('the problems of a file that has been deleted are taken back', async (t) => {
  const files = new Map([['file:///one/a.nas', space('no-such-board')]]);
  const client = connect(t, files);
  await client.initialize(watching, folders('one'));
  const ask = async (previousResultIds: readonly { uri: string; value: string }[]) =>
    (await client.request('workspace/diagnostic', { previousResultIds })) as WorkspaceDiagnosticReport;
  const [told] = (await ask([])).items;
  assert.ok(told?.kind === 'full' && told.items.length > 0 && told.resultId !== undefined);
  files.delete('file:///one/a.nas');
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: told.uri, type: 3 }] });
  assert.deepEqual((await ask([{ uri: told.uri, value: told.resultId }])).items, [
    { uri: told.uri, version: null, kind: 'full', items: [] },
  ]);
});

test('a folder that is added is read, and one that is removed is forgotten', async (t) => {
  const files = new Map([
    ['file:///two/.nasturtium/boards/teensy-4-1.json', teensy.replace('"mcu"', '"mcU"')],
  ]);
  const client = connect(t, files);
  await client.initialize(watching, folders('one'));
  const published = () =>
    client.next('textDocument/publishDiagnostics') as Promise<{ uri: string; diagnostics: Diagnostic[] }>;
  const told = published();
  client.notify('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ uri: 'file:///two', name: 'two' }], removed: [] },
  });
  assert.equal((await told).diagnostics.length, 2);
});

test('a file outside every folder works with what is beside it', async (t) => {
  const files = new Map([
    ['file:///else/blocks.nas', 'block B(out) { conv 3x3 -> out }\n'],
    ['file:///else/.nasturtium/boards/teensy-4-1.json', teensy],
  ]);
  const client = connect(t, files);
  await client.initialize(watching, folders('one'));
  const uri = 'file:///else/a.nas';
  client.open(
    uri,
    `import { B } from "./blocks.nas"\n${space('teensy-4-1').replace('conv 3x3 -> 8', 'B(8)')}`,
  );
  assert.deepEqual(await codes(client, uri), []);
  assert.ok((await hints(client, uri)) > 1);
});

test('without any folder everything that needs none works', async (t) => {
  const client = connect(t);
  await client.initialize(watching, { workspaceFolders: null });
  client.open('file:///a.nas', space('pico'));
  assert.deepEqual(await codes(client, 'file:///a.nas'), []);
});

test('an untitled document has costs, and the boards of the first folder', async (t) => {
  const client = connect(t, new Map([['file:///one/.nasturtium/boards/teensy-4-1.json', teensy]]));
  await client.initialize(watching, folders('one'));
  const uri = 'untitled:Untitled-1';
  client.open(uri, space('teensy-4-1'));
  assert.deepEqual(await codes(client, uri), []);
  assert.ok((await hints(client, uri)) > 1);
  client.change(uri, 2, [{ text: `import { B } from "./blocks.nas"\n${space('pico')}` }]);
  assert.ok((await codes(client, uri)).includes('import/not-found'));
  const edit = (await client.request('textDocument/rename', {
    textDocument: { uri },
    position: { line: 2, character: 6 },
    newName: 'whole',
  })) as WorkspaceEdit;
  assert.deepEqual(Object.keys(edit.changes ?? {}), [uri]);
});

test('CRLF: places, edits in the middle and formatting keep to it', async (t) => {
  const client = connect(t);
  await client.initialize(watching, folders('w'));
  const uri = 'file:///w/a.nas';
  const text = space('pico').replace('conv 3x3 -> 8', 'conv   3x3 ->').replaceAll('\n', '\r\n');
  client.open(uri, text);
  const [problem] = await problems(client, uri);
  assert.equal(problem?.range.start.line, 3);
  assert.ok(problem.range.end.character <= '  conv   3x3 ->'.length + 1);
  const end = { line: 3, character: '  conv   3x3 ->'.length };
  client.change(uri, 2, [{ range: { start: end, end }, text: ' 8\r\n  cnov 3x3 -> 8' }]);
  assert.deepEqual(places(await problems(client, uri)), ['4:2-6']);
  const edits = (await client.request('textDocument/formatting', {
    textDocument: { uri },
    options: { tabSize: 2, insertSpaces: true },
  })) as TextEdit[];
  assert.ok(
    edits.length > 0 && edits.every(({ newText }) => !/(^|[^\r])\n/.test(newText)),
    JSON.stringify(edits),
  );
});

test('a byte order mark is no character of the program', async (t) => {
  const client = connect(t);
  await client.initialize(watching, folders('w'));
  const uri = 'file:///w/a.nas';
  client.open(uri, `\uFEFF${space('pico')}`);
  assert.deepEqual(await codes(client, uri), []);
  client.open('file:///w/b.nas', '\uFEFFtarget "picoo"\n');
  assert.deepEqual(places(await problems(client, 'file:///w/b.nas')), ['0:8-15']);
});

test('characters beyond the basic plane before a problem count as the client counts', async (t) => {
  const text = '/* 🦔🦔 é */ target "picoo" // 😀\nspace s { input 8x8x1; /* 𝛼 */ cnov 3x3 -> 8 }\n';
  const uri = 'file:///w/a.nas';
  const first = '/* 🦔🦔 é */ target ';
  const second = 'space s { input 8x8x1; /* 𝛼 */ ';
  const bytes = (of: string): number => Buffer.byteLength(of);
  for (const [encoding, count] of [
    ['utf-16', (of: string) => of.length],
    ['utf-8', bytes],
  ] as const) {
    const client = connect(t);
    await client.initialize({ ...watching, general: { positionEncodings: [encoding] } }, folders('w'));
    client.open(uri, text);
    assert.deepEqual(places(await problems(client, uri)), [
      `0:${count(first)}-${count(`${first}"picoo"`)}`,
      `1:${count(second)}-${count(`${second}cnov`)}`,
    ]);
    // An edit behind them lands where the client means it.
    const at = { line: 0, character: count(first) + 1 };
    const end = { line: 0, character: count(first) + 6 };
    client.change(uri, 2, [{ range: { start: at, end }, text: 'pico' }]);
    assert.deepEqual(places(await problems(client, uri)), [`1:${count(second)}-${count(`${second}cnov`)}`]);
  }
});

test('every problem that the parser finds on a line is shown', async (t) => {
  const client = connect(t);
  await client.initialize(watching, folders('w'));
  const uri = 'file:///w/a.nas';
  client.open(uri, 'space s { input 8x8x1; conv 3x3 -> ; dense -> ; flatten @ }\n');
  assert.deepEqual((await codes(client, uri)).slice(0, 3), [
    'syntax/missing-token',
    'syntax/missing-token',
    'syntax/unexpected-character',
  ]);
});

test('a folder that the editor renames is followed, though nothing watches the disk', async (t) => {
  const main = 'import { A } from "./old/a.nas"\nspace s { input 8x8x1; A; flatten; dense -> 2 }\n';
  const files = new Map([
    ['file:///w/old/a.nas', 'block A { conv 3x3 -> 4 }\n'],
    ['file:///w/main.nas', main],
  ]);
  const client = connect(t, files);
  await client.initialize(watching, folders('w'));
  const uri = 'file:///w/main.nas';
  client.open(uri, main);
  const renamed = { files: [{ oldUri: 'file:///w/old', newUri: 'file:///w/new' }] };
  const edit = (await client.request('workspace/willRenameFiles', renamed)) as WorkspaceEdit;
  const [change] = edit.changes?.[uri] ?? [];
  assert.ok(change !== undefined);
  client.change(uri, 2, [{ range: change.range, text: change.newText }]);
  // Asked before the folder has moved, it is not there; afterwards it is.
  assert.deepEqual(await codes(client, uri), ['import/not-found']);
  files.set('file:///w/new/a.nas', files.get('file:///w/old/a.nas') ?? '');
  files.delete('file:///w/old/a.nas');
  client.notify('workspace/didRenameFiles', renamed);
  assert.deepEqual(await codes(client, uri), []);
  files.delete('file:///w/new/a.nas');
  client.notify('workspace/didDeleteFiles', { files: [{ uri: 'file:///w/new' }] });
  assert.deepEqual(await codes(client, uri), ['import/not-found']);
});
