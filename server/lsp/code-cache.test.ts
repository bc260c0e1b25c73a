/** Code that is kept from one run of a script to the next. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { CachedScript } from './code-cache.ts';

function places(t: TestContext): { readonly file: string; readonly kept: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return { file: path.join(folder, 'script.cjs'), kept: path.join(folder, 'below/code') };
}

const answering = (answer: number): string =>
  `const { basename } = require('node:path'); module.exports = { answer: (() => ${answer})(), name: basename(__filename) };`;

test('a script runs as if it were required, and again from the code that was kept', (t) => {
  const { file, kept } = places(t);
  writeFileSync(file, answering(41));
  const first = new CachedScript(file, kept);
  assert.equal(first.isKnown, false);
  assert.deepEqual(first.run(), { answer: 41, name: 'script.cjs' });
  first.keep();
  const second = new CachedScript(file, kept);
  assert.equal(second.isKnown, true);
  assert.deepEqual(second.run(), { answer: 41, name: 'script.cjs' });
});

test('another script of the same length is not answered from the code of the one before', (t) => {
  const { file, kept } = places(t);
  writeFileSync(file, answering(41));
  const before = new CachedScript(file, kept);
  before.run();
  before.keep();
  writeFileSync(file, answering(42));
  const after = new CachedScript(file, kept);
  assert.equal(after.isKnown, false);
  assert.deepEqual(after.run(), { answer: 42, name: 'script.cjs' });
});

test('code that is damaged is not run', (t) => {
  const { file, kept } = places(t);
  writeFileSync(file, answering(41));
  const first = new CachedScript(file, kept);
  first.run();
  first.keep();
  const code = readFileSync(kept);
  code.fill(0, code.length - 32);
  writeFileSync(kept, code);
  const second = new CachedScript(file, kept);
  assert.equal(second.isKnown, false);
  assert.deepEqual(second.run(), { answer: 41, name: 'script.cjs' });
});

test('where nothing can be written, nothing is kept', (t) => {
  const { file } = places(t);
  writeFileSync(file, answering(41));
  const below = path.join(file, 'code');
  new CachedScript(file, below).keep();
  assert.equal(existsSync(below), false);
  assert.equal(new CachedScript(file, below).isKnown, false);
});
