/** Long documents are answered for by threads; what they say does not depend on it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Diagnostic } from 'vscode-languageserver/node';
import type { LspClient } from '../../test/lsp-client.ts';
import { generateSpace } from '../../test/bench/generate-space.ts';
import { connect } from '../testing/connected.ts';

const serverEntry = path.resolve(import.meta.dirname, '../main.ts');
const long = `${generateSpace(1800)}\nspace broken {\n  input 8x8x1\n  conv 3x3 -> unknwon\n}\n`;
const short = 'target "nucleo-f446re"\nspace s {\n  input 8x8x1\n  flatten\n  dense -> 10\n}\n';
/** Short, but every layer has 128 options, which meet those of the next. */
const wide = `target "nucleo-f446re"
block Wide(k) {
  conv 3x3 -> k, relu
}
space s {
  input 8x8x1
  Wide({1..128})
  Wide({1..128})
  flatten
  dense -> 10
}
`;
const [longUri, shortUri] = ['file:///w/long.nas', 'file:///w/short.nas'];
const pulls = { textDocument: { diagnostic: {} } };

const start = (t: TestContext, threadEntry: string | undefined): LspClient =>
  connect(t, undefined, { threadEntry });

/** Colours are numbered by the time at which they were asked for. */
const comparable = (answer: unknown): string => JSON.stringify(answer).replace(/"resultId":"\d+"/, '');

const whole = { start: { line: 0, character: 0 }, end: { line: 5000, character: 0 } };
const asked: [method: string, params: object][] = [
  ['textDocument/diagnostic', {}],
  ['textDocument/inlayHint', { range: whole }],
  ['textDocument/documentSymbol', {}],
  ['textDocument/semanticTokens/range', { range: whole }],
  ['textDocument/codeLens', {}],
];

for (const [kind, text] of [
  ['long', long],
  ['costly', wide],
] as const) {
  const blockLine = text.split('\n').findIndex((line) => line.startsWith('block '));
  test(`the thread says of ${kind} documents what the server without one says, before and after an edit`, async (t) => {
    const [plain, threaded] = [start(t, undefined), start(t, serverEntry)];
    for (const client of [plain, threaded]) {
      await client.initialize(pulls);
      client.open(longUri, text);
      client.open(shortUri, short);
    }
    for (const version of [1, 2]) {
      const position = { line: blockLine + version - 1, character: 'block '.length };
      const uses = { position, context: { includeDeclaration: true } };
      const layer = { position: { line: blockLine + version, character: 3 } };
      const placed = [
        ['textDocument/references', uses],
        ['textDocument/hover', layer],
      ] as const;
      for (const [method, rest] of [...asked, ...placed]) {
        const params = { textDocument: { uri: longUri }, ...rest };
        const expected = await plain.request(method, params);
        assert.notEqual(JSON.stringify(expected ?? []).length, 2, `${method} has an answer`);
        assert.equal(
          comparable(await threaded.requestUntilAnswered(method, params)),
          comparable(expected),
          method,
        );
      }
      const change = [{ range: { start: whole.start, end: whole.start }, text: '// a line\n' }];
      for (const client of [plain, threaded]) client.change(longUri, version + 1, change);
    }
    const lenses = (await threaded.requestUntilAnswered('textDocument/codeLens', {
      textDocument: { uri: longUri },
    })) as object[];
    const lens = (await threaded.requestUntilAnswered('codeLens/resolve', lenses[0] ?? {})) as {
      command?: object;
    };
    assert.ok(lens.command !== undefined);
  });
}

const publishedOf = (client: LspClient, uri: string): Promise<unknown> =>
  client.next('textDocument/publishDiagnostics', (params) => (params as { uri: string }).uri === uri);

test('problems of long documents are pushed to clients that do not ask, and of short ones as before', async (t) => {
  const client = start(t, serverEntry);
  await client.initialize();
  const of = (uri: string): Promise<unknown> => publishedOf(client, uri);
  const published = of(longUri);
  client.open(longUri, long);
  const { diagnostics } = (await published) as { diagnostics: Diagnostic[] };
  assert.ok(diagnostics.some(({ code }) => code === 'name/unknown'));
  // The document becomes a short one.
  const again = of(longUri);
  client.change(longUri, 2, [{ text: short }]);
  assert.deepEqual(((await again) as { diagnostics: Diagnostic[] }).diagnostics, []);
});

test('problems of costly documents are pushed too, and told of a whole workspace', async (t) => {
  const client = start(t, serverEntry);
  await client.initialize();
  const published = publishedOf(client, longUri);
  client.open(longUri, `${wide}\nspace broken {\n  input 8x8x1\n  conv 3x3 -> unknwon\n}\n`);
  const { diagnostics } = (await published) as { diagnostics: Diagnostic[] };
  assert.ok(diagnostics.some(({ code }) => code === 'name/unknown'));
  const asking = start(t, serverEntry);
  await asking.initialize(pulls);
  asking.open(longUri, `${wide}\nspace broken {\n  input 8x8x1\n  conv 3x3 -> unknwon\n}\n`);
  asking.open(shortUri, short);
  for (let told: readonly string[] = []; told.length < 2;) {
    const report = (await asking.request('workspace/diagnostic', { previousResultIds: [] })) as {
      items: { uri: string; items: Diagnostic[] }[];
    };
    // What the thread has not worked out yet is not in it.
    told = report.items.map(({ uri }) => uri);
    const costly = report.items.find(({ uri }) => uri === longUri);
    if (costly !== undefined) assert.ok(costly.items.some(({ code }) => code === 'name/unknown'));
  }
});

for (const [kind, text] of [
  ['long', long],
  ['costly', wide],
] as const) {
  test(`a thread that fails at a ${kind} document is told in that document, and all others go on`, async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const broken = path.join(folder, 'thread.mjs');
    writeFileSync(broken, 'setTimeout(() => { throw new Error("out of memory"); }, 50);\n');
    const client = start(t, broken);
    await client.initialize(pulls);
    client.open(longUri, text);
    client.open(shortUri, short);
    const document = { textDocument: { uri: longUri } };
    const report = (await client.requestUntilAnswered('textDocument/diagnostic', document)) as {
      items: Diagnostic[];
    };
    assert.deepEqual(
      report.items.map(({ code }) => code),
      ['syntax/too-large'],
    );
    await assert.rejects(client.request('textDocument/documentSymbol', document), { code: -32803 });
    const symbols = (await client.request('textDocument/documentSymbol', {
      textDocument: { uri: shortUri },
    })) as unknown[];
    assert.equal(symbols.length, 2);
  });
}

test('documents of the usual kinds need no thread', async (t) => {
  const client = start(t, path.join(tmpdir(), 'no-such-thread.mjs'));
  await client.initialize(pulls);
  const examples = path.resolve(import.meta.dirname, '../../examples');
  const texts = readdirSync(examples)
    .filter((name) => name.endsWith('.nas'))
    .map((name) => readFileSync(path.join(examples, name), 'utf8'));
  assert.ok(texts.length > 3);
  for (const [index, text] of [...texts, generateSpace(1000)].entries()) {
    const uri = `file:///w/${index}.nas`;
    client.open(uri, text);
    const { items } = (await client.request('textDocument/diagnostic', { textDocument: { uri } })) as {
      items: Diagnostic[];
    };
    assert.ok(items.every(({ code }) => code !== 'syntax/too-large'));
  }
});
