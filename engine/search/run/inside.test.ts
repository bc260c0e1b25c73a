import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { insideRun } from './inside.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-inside-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

test('no name leads out of a run, on any system', () => {
  const out = ['..', '.', '', 'a/b', 'a\\b', '/etc', 'C:', 'C:\\x', 'a:stream', '..\\..', 'a\0b'];
  for (const name of out) assert.throws(() => insideRun(scratch, 'trials', name), { code: 'folder' }, name);
  assert.equal(insideRun(scratch, 'trials', '7', '0.25'), join(scratch, 'trials', '7', '0.25'));
});

test('no link in a run is followed, but one to it is', { skip: process.platform === 'win32' }, () => {
  const [run, link] = [join(scratch, 'run'), join(scratch, 'link')];
  mkdirSync(join(run, 'trials'), { recursive: true });
  symlinkSync(run, link);
  symlinkSync('/nowhere', join(run, 'trials', '1'));
  assert.equal(insideRun(link, 'trials', '0'), join(link, 'trials', '0'));
  assert.throws(() => insideRun(link, 'trials', '1', '2'), { code: 'folder', message: /trials.1 is a link/ });
});
