/** Whether data is there is followed, and waits for trust. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection } from 'vscode-languageserver';
import { defaultSettings } from '../analysis/settings.ts';
import { filesOf } from '../testing/fixture.ts';
import { connect, root } from '../testing/connected.ts';
import { DataPlaces } from './data-places.ts';
import { Rest } from './rest.ts';
import { newSession } from './session.ts';

const text = 'dataset csv("./table.csv") { classes 2 }\n';
const uri = 'file:///w/main.nas';
const table = 'file:///w/table.csv';

test('data that comes or goes is told of once, and nothing else is', () => {
  const files = new Map<string, string>();
  const session = newSession({} as Connection, filesOf(files), defaultSettings, new Rest(() => undefined));
  let told = 0;
  const places = new DataPlaces(session, () => told++);
  const lookTwice = (): number => {
    places.look();
    places.look();
    return told;
  };
  assert.equal(lookTwice(), 0);
  session.workspace.open(uri, 1, text);
  assert.equal(lookTwice(), 0);
  files.set(table, 'a,b\n');
  assert.equal(lookTwice(), 1);
  files.delete(table);
  assert.equal(lookTwice(), 2);
  session.workspace.open(uri, 2, text.replace('table', 'other'));
  assert.equal(lookTwice(), 2);
});

interface Report {
  readonly items: readonly { readonly code: string }[];
}

test('nobody looks for data until the client says that the workspace is trusted', async (t) => {
  const client = connect(t);
  await client.request('initialize', {
    processId: null,
    capabilities: { textDocument: { diagnostic: {} } },
    initializationOptions: { trusted: false },
    ...root,
  });
  client.notify('initialized', {});
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'nas', version: 1, text } });
  const codes = async (): Promise<readonly string[]> => {
    const report = await client.request('textDocument/diagnostic', { textDocument: { uri } });
    return (report as Report).items.map(({ code }) => code);
  };
  assert.deepEqual(await codes(), []);
  client.notify('nasturtium/trusted', undefined);
  assert.deepEqual(await codes(), ['data/missing']);
});
