/** Definition, references, highlights, rename: everything that follows a name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applied, fixture } from '../testing/fixture.ts';
import { definition } from './definition.ts';
import { documentHighlights, references } from './references.ts';
import { renameFiles } from './rename-files.ts';
import { prepareRename, Refusal, rename } from './rename.ts';

function checkDefinition(source: string, ...expected: string[]): void {
  const { workspace, snapshot, cursor } = fixture(source);
  const links = definition(workspace, snapshot, cursor) ?? [];
  const found = links.map(({ targetUri, targetSelectionRange }) => {
    const target = workspace.snapshot(targetUri);
    const span = target?.lines.span(targetSelectionRange);
    const line = targetSelectionRange.start.line;
    return `${targetUri.replace('file://', '')}:${line} ${target?.text.slice(span?.start, span?.end)}`;
  });
  assert.deepEqual(found, expected);
}

test('definition of blocks, values and parameters', () => {
  checkDefinition('block DS(out) { gap }\nspace s {\n  input 8x8x1\n  D$0S(8)\n}', '/main.nas:0 DS');
  checkDefinition(
    'block DS(out) {\n  conv 1x1 -> ou$0t\n}\nspace s {\n  input 8x8x1\n  DS(8)\n}',
    '/main.nas:0 out',
  );
  checkDefinition('space s {\n  input 8x8x1\n  tie w = {8 | 16}\n  conv 3x3 -> w$0\n}', '/main.nas:2 w');
  checkDefinition('space s {\n  input 8x8x2\n  split(p, q)\n  add(q$0, p)\n}', '/main.nas:2 q');
  checkDefinition('space s {\n  input 8x8x1\n  co$0nv 3x3 -> 8\n}');
});

test('definition across files', () => {
  const files = '//- /a.nas\n\nblock A(out) { conv 1x1 -> out }\n//- /main.nas\n';
  checkDefinition(
    `${files}import { A as B } from "./a.nas"\nspace s {\n  input 8x8x1\n  B$0(8)\n}`,
    '/a.nas:1 A',
  );
  checkDefinition(`${files}import { A } from "./a$0.nas"\n`, '/a.nas:0 ');
});

function checkReferences(source: string, includeDeclaration: boolean, expected: readonly string[]): void {
  const { workspace, snapshot, cursor } = fixture(source);
  const found = references(workspace, snapshot, cursor, includeDeclaration) ?? [];
  const shown = found.map(({ uri, range }) => `${uri.replace('file://', '')}:${range.start.line}`);
  assert.deepEqual(shown.sort(), expected);
}

test('references in the file and in those that import it', () => {
  const source =
    '//- /other.nas\nimport { A } from "./main.nas"\nspace t {\n  input 8x8x1\n  A(8)\n}\n//- /main.nas\nblock A$0(out) { conv 1x1 -> out }\nspace s {\n  input 8x8x1\n  A(8)\n  A(16)\n}\n';
  checkReferences(source, true, [
    '/main.nas:0',
    '/main.nas:3',
    '/main.nas:4',
    '/other.nas:0',
    '/other.nas:3',
  ]);
  checkReferences(source, false, ['/main.nas:3', '/main.nas:4', '/other.nas:0', '/other.nas:3']);
});

test('highlights tell writing from reading', () => {
  const { snapshot, cursor } = fixture('space s {\n  input 8x8x1\n  tie w$0 = {8 | 16}\n  conv 3x3 -> w\n}');
  const highlights = documentHighlights(snapshot, cursor)?.map(({ range, kind }) => [range.start.line, kind]);
  assert.deepEqual(highlights, [
    [2, 3],
    [3, 2],
  ]);
});

function checkRename(source: string, newName: string, expected: Readonly<Record<string, string>>): void {
  const { workspace, snapshot, cursor } = fixture(source);
  const { changes } = rename(workspace, snapshot, cursor, newName);
  const texts = Object.entries(changes ?? {}).map(([uri, edits]) => {
    const file = workspace.snapshot(uri);
    assert.ok(file !== undefined);
    return [uri.replace('file://', ''), applied(file, edits)];
  });
  assert.deepEqual(Object.fromEntries(texts), expected);
}

test('rename of a parameter reaches named arguments', () => {
  checkRename(
    'block B(o$0ut) { conv 1x1 -> out * 2 }\nspace s {\n  input 8x8x1\n  B(out = 8)\n}',
    'filters',
    {
      '/main.nas':
        'block B(filters) { conv 1x1 -> filters * 2 }\nspace s {\n  input 8x8x1\n  B(filters = 8)\n}',
    },
  );
});

test('rename of a block reaches imports; an alias stays what it is', () => {
  checkRename(
    '//- /main.nas\nblock A$0(out) { conv 1x1 -> out }\n//- /x.nas\nimport { A as B } from "./main.nas"\nspace t {\n  input 8x8x1\n  B(8)\n}\n',
    'C',
    {
      '/main.nas': 'block C(out) { conv 1x1 -> out }\n',
      '/x.nas': 'import { C as B } from "./main.nas"\nspace t {\n  input 8x8x1\n  B(8)\n}\n',
    },
  );
});

test('rename of an alias stays in its file', () => {
  checkRename(
    '//- /a.nas\nblock A(out) { conv 1x1 -> out }\n//- /main.nas\nimport { A as B } from "./a.nas"\nspace t {\n  input 8x8x1\n  B$0(8)\n}\n',
    'C',
    { '/main.nas': 'import { A as C } from "./a.nas"\nspace t {\n  input 8x8x1\n  C(8)\n}\n' },
  );
});

function checkRefusal(source: string, newName: string, reason: RegExp): void {
  const { workspace, snapshot, cursor } = fixture(source);
  assert.throws(
    () => rename(workspace, snapshot, cursor, newName),
    (error: unknown) => error instanceof Refusal && reason.test(error.message),
  );
}

test('refusals say why', () => {
  const block =
    'block A$0(out) { conv 1x1 -> out }\nblock B(out) { conv 1x1 -> out }\nspace s {\n  input 8x8x1\n  A(8)\n  B(8)\n}';
  checkRefusal(block, '3a', /is not a name/);
  checkRefusal(block, 'x3', /is not a name/);
  checkRefusal(block, 'space', /word of the language/);
  checkRefusal(block, 'B', /block "B" already/);
  checkRefusal('space s {\n  input 8x8x1\n  con$0v 3x3 -> 8\n}', 'y', /belongs to the language/);
  checkRefusal('space s {\n  input 8x8x1\n}\n$0', 'y', /There is no name here/);
});

test('prepare gives the word as it is written', () => {
  const { workspace, snapshot, cursor } = fixture(
    'space s {\n  input 8x8x1\n  tie w$0idth = {8 | 16}\n  conv 3x3 -> width\n}',
  );
  assert.equal(prepareRename(workspace, snapshot, cursor).placeholder, 'width');
});

const spread =
  '//- /w/lib/blocks.nas\nimport { B } from "../more/b.nas"\nblock A { B }\n//- /w/more/b.nas\nblock B { gap }\n' +
  '//- /w/main.nas\nimport { A } from "./lib/blocks.nas"\ndataset images("./lib/pictures")\nspace s { A }\n';

function checkMove(oldPath: string, newPath: string, expected: Readonly<Record<string, string>>): void {
  const { workspace } = fixture(spread);
  const edit = renameFiles(workspace, [{ oldUri: `file://${oldPath}`, newUri: `file://${newPath}` }]);
  const heads = Object.entries(edit?.changes ?? {}).map(([uri, edits]) => {
    const file = workspace.snapshot(uri);
    assert.ok(file !== undefined);
    return [uri.replace('file://', ''), applied(file, edits).split('\n').slice(0, 2).join(' ')];
  });
  assert.deepEqual(Object.fromEntries(heads), expected);
}

test('imports follow a renamed file', () => {
  checkMove('/w/lib/blocks.nas', '/w/lib/parts.nas', {
    '/w/main.nas': 'import { A } from "./lib/parts.nas" dataset images("./lib/pictures")',
  });
});

test('a moved file takes its own paths along', () => {
  checkMove('/w/lib/blocks.nas', '/w/blocks.nas', {
    '/w/main.nas': 'import { A } from "./blocks.nas" dataset images("./lib/pictures")',
    '/w/lib/blocks.nas': 'import { B } from "./more/b.nas" block A { B }',
  });
  checkMove('/w/main.nas', '/w/lib/deep/main.nas', {
    '/w/main.nas': 'import { A } from "../blocks.nas" dataset images("../pictures")',
  });
});

test('a renamed folder is followed by all that point into it, and nothing else is touched', () => {
  checkMove('/w/lib', '/w/parts', {
    '/w/main.nas': 'import { A } from "./parts/blocks.nas" dataset images("./parts/pictures")',
  });
  checkMove('/w/other.nas', '/w/another.nas', {});
});
