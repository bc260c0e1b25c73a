import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { invoke, violations } from './testing/capture.ts';

test('without arguments it shows the help and calls that wrong usage', async () => {
  const { code, out, err } = await invoke([]);
  assert.equal(code, 2);
  assert.equal(out, '');
  for (const command of [
    'check',
    'cost',
    'search',
    'resume',
    'front',
    'export',
    'deploy',
    'fmt',
    'boards',
    'lsp',
  ]) {
    assert.match(err, new RegExp(`^  ${command} `, 'm'));
  }
});

test('every command teaches by examples', async () => {
  for (const command of ['check', 'cost', 'search', 'resume', 'front', 'export', 'deploy', 'fmt', 'boards']) {
    const { code, out } = await invoke([command, '--help']);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`Examples:\n  \\$ nasturtium ${command}`), command);
  }
});

test('a slip of the fingers is answered by what was meant', async () => {
  const { code, err } = await invoke(['chek', 'a.nas']);
  assert.equal(code, 2);
  assert.match(err, /Did you mean check\?/);
  assert.equal((await invoke(['cost'])).code, 2);
  assert.equal((await invoke(['search', 'a.nas', '--workers', '0'])).code, 2);
  assert.match((await invoke(['search', 'a.nas', '--epochs', '5..2'])).err, /low\.\.high/);
});

test('a path that is not there is named, with cause and cure', async () => {
  for (const command of ['check', 'cost', 'search', 'front', 'resume', 'fmt']) {
    const { code, err } = await invoke([command, 'no/such/place.nas']);
    assert.equal(code, 3, command);
    assert.match(err, /no\/such\/place\.nas does not exist\. \w/, command);
  }
});

test('a failure is JSON where JSON was asked for', async () => {
  const io = await invoke(['cost', 'nowhere.nas', '--json']);
  assert.deepEqual(violations('error', JSON.parse(io.out)), []);
  assert.equal((JSON.parse(io.out) as { error: { code: string } }).error.code, 'io');
  const usage = await invoke(['cost', '--json']);
  assert.deepEqual(violations('error', JSON.parse(usage.out)), []);
  const events = await invoke(['search', 'nowhere.nas', '--events']);
  assert.deepEqual(violations('events', JSON.parse(events.out)), []);
  assert.deepEqual(JSON.parse(events.out), {
    event: 'failed',
    schema: 1,
    code: 'io',
    message: 'nowhere.nas does not exist. Check the path.',
  });
});

test('two forms at once are refused, in the form that can be told apart', async () => {
  const both = await invoke(['search', 'a.nas', '--events', '--json']);
  assert.deepEqual([both.code, violations('events', JSON.parse(both.out))], [2, []]);
  assert.match(both.err, /'--events' cannot be used with option '--json'/);
  assert.equal((await invoke(['front', 'run', '--json', '--print', 'best'])).code, 2);
});

test('the version is printed', async () => {
  assert.deepEqual(await invoke(['--version']), { code: 0, out: '0.0.0\n', err: '' });
});

test(
  'results that do not fit where they go end with a sentence and no trace',
  { skip: !existsSync('/dev/full') },
  () => {
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [main, 'boards'], {
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    assert.equal(status, 3);
    assert.equal(
      String(stderr),
      'nasturtium: error: Standard output does not fit on the disk. Free some space.\n',
    );
  },
);
