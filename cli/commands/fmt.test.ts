import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { invoke, violations } from '../testing/capture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-fmt-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'a.nas');
const untidy = 'space a{\ninput   8x8x1\n    conv 3x3->8 ,relu // a comment\n}\n';
const tidy = 'space a {\n  input 8x8x1\n  conv 3x3 -> 8, relu // a comment\n}\n';

test('a file is laid out in place, once, and keeps its permissions', async () => {
  writeFileSync(file, untidy);
  chmodSync(file, 0o640);
  assert.deepEqual(await invoke(['fmt', folder]), { code: 0, out: `${file}\n`, err: '' });
  assert.equal(readFileSync(file, 'utf8'), tidy);
  assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.deepEqual(await invoke(['fmt', folder]), { code: 0, out: '', err: '' });
});

test('--check changes nothing and tells by the exit code', async () => {
  writeFileSync(file, untidy);
  const { code, out } = await invoke(['fmt', '--check', '--json', file]);
  assert.equal(code, 1);
  assert.deepEqual(violations('fmt', JSON.parse(out)), []);
  assert.equal(readFileSync(file, 'utf8'), untidy);
  writeFileSync(file, tidy);
  assert.equal((await invoke(['fmt', '--check', file])).code, 0);
});

test('standard input goes to standard output', async () => {
  assert.deepEqual(await invoke(['fmt', '-'], { stdin: untidy }), { code: 0, out: tidy, err: '' });
  assert.equal((await invoke(['fmt', '--check', '-'], { stdin: untidy })).code, 1);
});

test('lines with syntax problems stay, with a word about them', async () => {
  const { code, out, err } = await invoke(['fmt', '-'], {
    stdin: 'space a {\n conv   3x3 -> ->\n   gap\n}\n',
  });
  assert.equal(code, 0);
  assert.match(out, /conv {3}3x3 -> ->/);
  assert.match(err, /Standard input has .*syntax problem/);
});
