import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { generateSpace } from '../../test/bench/generate-space.ts';
import { parse } from '../../grammar/index.ts';
import { importableBlocks } from '../features/completion-items.ts';
import { fixture } from '../testing/fixture.ts';
import { exportsOfText, exportsOfTree } from './exports.ts';

const examples = path.resolve(import.meta.dirname, '../../examples');
const texts: Record<string, string> = {
  'many blocks': generateSpace(400),
  'defaults, and parameters over lines':
    'block A(k, out = {8 | 16}, w = max(k, 2)) { gap }\nblock B(\n  k,\n  out = 3\n) {\n  gap\n}\nblock my-own { gap }\n',
  'no parameters': 'block A {\n  gap\n}\nblock B() {\n  gap\n}\ncell C(k) {\n  nodes 3\n}\n',
  'a parameter that is being written': 'block A(k, ) {\n  gap\n}\nblock B(k) {\n  gap\n}\n',
  'what looks like a block':
    '/*\nblock A(k) {\n}\n*/\n// x\n/* * **/\nimport "\\"block C"\nblockade\nspace s {\n  input 8x8x1\n  blocks\n}\nblock D(k) { gap }\n',
};
for (const name of readdirSync(examples))
  if (name.endsWith('.nas')) texts[name] = readFileSync(path.join(examples, name), 'utf8');

for (const [name, text] of Object.entries(texts)) {
  test(`in a text stand the blocks that reading it finds: ${name}`, () => {
    assert.deepEqual(exportsOfText(text), exportsOfTree(parse(text), text));
  });
}

test('parameters that nothing closes end somewhere', () => {
  const [found] = exportsOfText(`block A(${'p, '.repeat(100_000)}`);
  assert.ok(found !== undefined && found.parameters.length < 1000);
});

test('blocks of other files are offered, and none of the files is read for that', () => {
  const { workspace, snapshot } = fixture(
    '//- /a.nas\nblock A(k, out = 8) {\n  gap\n}\n//- /main.nas\nspace s {\n  $0\n}\n',
  );
  workspace.setFolders(['file:///']);
  const [offered] = importableBlocks(snapshot, workspace);
  assert.equal(offered?.label, 'A');
  assert.equal(offered.insertText, 'A(${1:k})');
  assert.deepEqual(offered.labelDetails, { description: './a.nas' });
  assert.deepEqual(
    workspace.known().map(({ uri, holdsMore }) => [uri, holdsMore]),
    [
      ['file:///main.nas', true],
      ['file:///a.nas', false],
    ],
  );
});
