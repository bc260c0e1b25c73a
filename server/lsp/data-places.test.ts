/** Whether data is there is followed, and waits for trust. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, root } from '../testing/connected.ts';
import { DataPlaces } from './data-places.ts';
import type { Session } from './session.ts';
import { sessionOf } from './testing/session.ts';

const text = 'dataset csv("./table.csv") { classes 2 }\n';
const uri = 'file:///w/main.nas';
const table = 'file:///w/table.csv';

/** Looks twice; returns how often something was told. */
function looking(files: Map<string, string>): { readonly session: Session; readonly look: () => number } {
  const session = sessionOf(files);
  let told = 0;
  const places = new DataPlaces(session, () => told++);
  return {
    session,
    look: () => {
      places.look();
      places.look();
      return told;
    },
  };
}

test('data that comes or goes is told of once, and nothing else is', () => {
  const files = new Map<string, string>();
  const { session, look } = looking(files);
  assert.equal(look(), 0);
  session.workspace.open(uri, 1, text).reach('meaning');
  assert.equal(look(), 0);
  files.set(table, 'a,b\n');
  assert.equal(look(), 1);
  files.delete(table);
  assert.equal(look(), 2);
  session.workspace.open(uri, 2, text.replace('table', 'other')).reach('meaning');
  assert.equal(look(), 2);
});

test('looking for data works nothing out, and data of documents that were let go is followed all the same', () => {
  const files = new Map<string, string>();
  const { session, look } = looking(files);
  const snapshot = session.workspace.open(uri, 1, text);
  look();
  assert.equal(snapshot.holdsMore, false);
  snapshot.reach('meaning');
  assert.equal(look(), 0);
  snapshot.letGo();
  assert.equal(look(), 0);
  files.set(table, 'a,b\n');
  assert.equal(look(), 1);
  assert.equal(snapshot.holdsMore, false);
  // What another thread answers for is looked at there.
  snapshot.reach('meaning');
  session.isOwn = () => false;
  files.delete(table);
  assert.equal(look(), 1);
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
