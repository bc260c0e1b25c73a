/** `npm start` on a machine with a desktop VS Code: a stand-in for `code` on the path writes down how it is called. */

import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hopelessMs } from './patience.ts';
import { root } from './session.ts';

/** A shell script stands in for `code`, which on Windows is a batch file. */
const skip = process.platform === 'win32' ? 'The stand-in for code is a shell script' : false;

/** Runs `npm start`'s script where `code` ends with this exit code. */
function start(t: TestContext, exitCode: number): { calls: string[][]; status: number | null; text: string } {
  const folder = mkdtempSync(join(tmpdir(), 'nasturtium-start-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, 'calls');
  const script = `#!/bin/sh\nfor word in "$@"; do printf '%s\\n' "$word"; done >> '${log}'\necho --- >> '${log}'\nexit ${exitCode}\n`;
  writeFileSync(join(folder, 'code'), script, { mode: 0o755 });
  const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/start.ts')], {
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
    timeout: hopelessMs,
  });
  const calls = readFileSync(log, 'utf8')
    .split('---\n')
    .slice(0, -1)
    .map((call) => call.split('\n').slice(0, -1));
  return { calls, status, text: stdout + stderr };
}

test('npm start installs the package into the desktop VS Code and opens the example', { skip }, (t) => {
  const { calls, status, text } = start(t, 0);
  assert.equal(status, 0, text);
  assert.deepEqual(calls, [
    ['--install-extension', join(root, 'nasturtium.vsix'), '--force'],
    ['--new-window', join(root, 'examples'), '--goto', join(root, 'examples/fashion-mnist.nas')],
  ]);
  assert.match(text, /Opened .*fashion-mnist\.nas in VS Code/);
});

test('npm start says so when VS Code cannot install the package', { skip }, (t) => {
  const { calls, status, text } = start(t, 3);
  assert.notEqual(status, 0);
  assert.equal(calls.length, 1);
  assert.match(text, /VS Code could not install the extension: see its messages above/);
});
