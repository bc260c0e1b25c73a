/** Documents that nobody looks at let go of what was worked out, and are worked out again for whoever asks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose } from '../diagnostics/index.ts';
import { filesOf } from '../testing/fixture.ts';
import { ProfileLibrary } from './profiles.ts';
import { Room } from './room.ts';
import { defaultSettings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';
import { Workspace } from './workspace.ts';

const text = `import { Conv } from "./blocks.nas"
target "nucleo-f446re"
space s {
  input 16x16x1
  Conv(8); conv 3x3 -> 8, relux
  flatten
  dense -> 10
}
`;
const files = new Map([['file:///w/blocks.nas', 'block Conv(out) {\n  conv 3x3 -> out, relu\n}\n']]);

function workspaceWith(room: Room): Workspace {
  return new Workspace(filesOf(files), new ProfileLibrary(filesOf(files)), room);
}

function opened(workspace: Workspace, count: number): string[] {
  const uris = Array.from({ length: count }, (_, index) => `file:///w/${index}.nas`);
  for (const uri of uris) workspace.open(uri, 1, text);
  return uris;
}

const read = (workspace: Workspace, uri: string): Snapshot => {
  const snapshot = workspace.snapshot(uri);
  assert.ok(snapshot !== undefined);
  snapshot.reach('cost');
  return snapshot;
};

test('of many documents, those asked about last keep what was worked out', () => {
  const workspace = workspaceWith(new Room(undefined, { documents: 10, characters: 1e6 }));
  const uris = opened(workspace, 100);
  for (const uri of uris) {
    read(workspace, uri);
    workspace.makeRoom();
  }
  const holding = uris.filter((uri) => workspace.opened().find((each) => each.uri === uri)?.holdsMore);
  // The file with blocks is asked about by all, and counts too.
  assert.deepEqual(holding, uris.slice(-9));
});

test('weighing documents is no use of them', () => {
  const workspace = workspaceWith(new Room(undefined, { documents: 5, characters: 1e6 }));
  const [first = '', ...others] = opened(workspace, 20);
  for (const uri of [...others, first]) read(workspace, uri);
  for (const uri of others) assert.ok(workspace.weight(uri) > text.length);
  workspace.makeRoom();
  assert.equal(workspace.opened().find(({ uri }) => uri === first)?.holdsMore, true);
  assert.equal(workspace.opened().find(({ uri }) => uri === others[0])?.holdsMore, false);
});

test('long documents leave room for fewer', () => {
  const workspace = workspaceWith(new Room(undefined, { documents: 100, characters: 8 * text.length }));
  for (const uri of opened(workspace, 100)) read(workspace, uri);
  workspace.makeRoom();
  const holding = workspace.opened().filter(({ holdsMore }) => holdsMore);
  assert.ok(holding.length >= 7 && holding.length <= 8, String(holding.length));
});

test('when memory runs out only the last few stay', () => {
  let isScarce = false;
  const workspace = workspaceWith(new Room(() => isScarce));
  for (const uri of opened(workspace, 10)) read(workspace, uri);
  workspace.makeRoom();
  assert.equal(workspace.opened().filter(({ holdsMore }) => holdsMore).length, 10);
  isScarce = true;
  workspace.makeRoom();
  assert.ok(workspace.opened().filter(({ holdsMore }) => holdsMore).length <= 4);
});

test('what was let go says the same again, also after an edit', () => {
  const workspace = workspaceWith(new Room());
  const [uri = ''] = opened(workspace, 1);
  const before = diagnose(read(workspace, uri), defaultSettings);
  assert.ok(before.length > 0);
  workspace.snapshot(uri)?.letGo();
  assert.deepEqual(diagnose(read(workspace, uri), defaultSettings), before);
  workspace.snapshot(uri)?.letGo();
  const start = { line: 0, character: 0 };
  workspace.change(uri, 2, [{ range: { start, end: start }, text: '\n' }]);
  const moved = diagnose(read(workspace, uri), defaultSettings);
  assert.deepEqual(
    moved.map(({ range }) => range.start.line),
    before.map(({ range }) => range.start.line + 1),
  );
});
