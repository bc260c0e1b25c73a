/** Linked editing and the hierarchy of blocks, over the wire. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  LinkedEditingRanges,
  Range,
} from 'vscode-languageserver';
import type { LspClient } from '../../test/lsp-client.ts';
import { connect, root } from '../testing/connected.ts';

const uri = 'file:///w/main.nas';
const blocks = 'file:///w/blocks.nas';
const files = new Map([
  [blocks, 'block Point(out) { conv 1x1 -> out }\nblock DS(out) { dwconv 3x3; Point(out); Point(out) }\n'],
]);
const text = `import { DS as Sep } from "./blocks.nas"
block Local(out) {
  let wide = out * 2
  Sep(wide) as inner
  conv 1x1 -> wide from inner
}
space s {
  input 16x16x1
  tie n = {8 | 16}
  Local(n)
  Sep(n)
  Local(n) x2
}
`;

async function start(t: TestContext): Promise<LspClient> {
  const client = connect(t, files);
  await client.initialize({}, root);
  client.open(uri, text);
  return client;
}

const place = ({ start, end }: Range): string => `${start.line}:${start.character}-${end.character}`;

/** Positions of the words that would be typed together, with the cursor in the given occurrence of a word. */
async function linked(client: LspClient, word: string, occurrence = 0): Promise<string[] | null> {
  let offset = -1;
  for (let found = 0; found <= occurrence; found++) offset = text.indexOf(word, offset + 1);
  const lines = text.slice(0, offset + 1).split('\n');
  const position = { line: lines.length - 1, character: (lines.at(-1) ?? '').length };
  const params = { textDocument: { uri }, position };
  const answer = (await client.request(
    'textDocument/linkedEditingRange',
    params,
  )) as LinkedEditingRanges | null;
  return answer === null ? null : answer.ranges.map(place);
}

test('names of a file are edited together from their declaration: let, tie, tensor, block, parameter', async (t) => {
  const client = await start(t);
  assert.deepEqual(await linked(client, 'wide'), ['2:6-10', '3:6-10', '4:14-18']);
  assert.deepEqual(await linked(client, 'n ='), ['8:6-7', '9:8-9', '10:6-7', '11:8-9']);
  assert.deepEqual(await linked(client, 'inner'), ['3:15-20', '4:24-29']);
  assert.deepEqual(await linked(client, 'Local'), ['1:6-11', '9:2-7', '11:2-7']);
  assert.deepEqual(await linked(client, 'out)'), ['1:12-15', '2:13-16']);
});

test('a use is edited by itself, and so is a name that other files use', async (t) => {
  const client = await start(t);
  assert.equal(await linked(client, 'wide', 1), null);
  assert.equal(await linked(client, 'gap'), null);
  client.open(blocks, files.get(blocks) ?? '');
  const params = { textDocument: { uri: blocks }, position: { line: 1, character: 7 } };
  assert.equal(await client.request('textDocument/linkedEditingRange', params), null);
});

async function item(
  client: LspClient,
  of: string,
  line: number,
  character: number,
): Promise<CallHierarchyItem> {
  const params = { textDocument: { uri: of }, position: { line, character } };
  const [first] = (await client.request('textDocument/prepareCallHierarchy', params)) as CallHierarchyItem[];
  assert.ok(first !== undefined);
  return first;
}

test('the blocks that a space uses, and what those use, across files', async (t) => {
  const client = await start(t);
  const outgoing = async (of: CallHierarchyItem): Promise<CallHierarchyOutgoingCall[]> =>
    (await client.request('callHierarchy/outgoingCalls', { item: of })) as CallHierarchyOutgoingCall[];
  const shown = (calls: readonly CallHierarchyOutgoingCall[]) =>
    calls.map(({ to, fromRanges }) => `${to.name} ${to.detail ?? ''} ${fromRanges.map(place).join(' ')}`);
  const calls = await outgoing(await item(client, uri, 6, 7));
  assert.deepEqual(shown(calls), ['Local main.nas 9:2-7 11:2-7', 'DS blocks.nas 10:2-5']);
  const [, ds] = calls;
  assert.ok(ds !== undefined);
  assert.deepEqual(shown(await outgoing(ds.to)), ['Point blocks.nas 1:28-33 1:40-45']);
});

test('the spaces and blocks that use a block, by whatever name they import it', async (t) => {
  const client = await start(t);
  const incoming = async (of: CallHierarchyItem): Promise<string[]> => {
    const calls = (await client.request('callHierarchy/incomingCalls', {
      item: of,
    })) as CallHierarchyIncomingCall[];
    return calls.map(
      ({ from, fromRanges }) => `${from.name} ${from.detail ?? ''} ${fromRanges.map(place).join(' ')}`,
    );
  };
  // From a use under an alias to the declaration in the other file.
  const ds = await item(client, uri, 10, 3);
  assert.equal(ds.uri, blocks);
  assert.deepEqual(await incoming(ds), ['Local main.nas 3:2-5', 's main.nas 10:2-5']);
  assert.deepEqual(await incoming(await item(client, uri, 6, 7)), []);
});

test('there is no hierarchy of a layer, nor of what has gone', async (t) => {
  const client = await start(t);
  const params = { textDocument: { uri }, position: { line: 4, character: 3 } };
  assert.equal(await client.request('textDocument/prepareCallHierarchy', params), null);
  const local = await item(client, uri, 1, 7);
  client.change(uri, 2, [{ text: 'space s {}\n' }]);
  assert.deepEqual(await client.request('callHierarchy/incomingCalls', { item: local }), []);
  assert.deepEqual(await client.request('callHierarchy/outgoingCalls', { item: local }), []);
});
