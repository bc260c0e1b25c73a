import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { programWords, shellWord } from './invocation.ts';

const main = path.join(import.meta.dirname, 'main.ts');

test('a message names the program as it was called', () => {
  const cases: readonly (readonly [string, string, Record<string, string>, string])[] = [
    ['/p/cli/main.ts', '/p', { npm_lifecycle_event: 'nasturtium' }, 'npm run -s nasturtium --'],
    ['/p/node_modules/.bin/nasturtium', '/p', { npm_command: 'exec' }, 'npx nasturtium'],
    ['/usr/bin/nasturtium', '/p', {}, 'nasturtium'],
    ['/p/cli/main.ts', '/p', {}, `node ${path.join('cli', 'main.ts')}`],
    ['/ext/dist/cli/main.js', '/p', {}, 'node /ext/dist/cli/main.js'],
    ['/my ext/main.js', '/p', {}, `node ${shellWord('/my ext/main.js')}`],
  ];
  for (const [script, cwd, env, words] of cases) assert.equal(programWords({ script, cwd, env }), words);
});

test('a path is one word to a shell, whatever its name is', { skip: process.platform === 'win32' }, () => {
  assert.equal(shellWord('runs/clothes-2026'), 'runs/clothes-2026');
  for (const name of ['my run', "it's", '$(reboot)', '`x`', 'a;b', '*', '~', '"', '\\', '-n', '', 'é a']) {
    const said = spawnSync('sh', ['-c', `printf %s. -- ${shellWord(name)}`], { encoding: 'utf8' });
    assert.equal(said.stdout, `--.${name}.`, name);
  }
});

test('on Windows words are quoted for both of its shells', () => {
  assert.equal(shellWord('C:\\runs\\one', 'win32'), 'C:\\runs\\one');
  assert.equal(shellWord('C:\\my runs\\one', 'win32'), '"C:\\my runs\\one"');
  assert.equal(shellWord('a&b', 'win32'), '"a&b"');
});

test('a command that the help shows runs as it is typed', () => {
  const cwd = path.dirname(path.dirname(main));
  const env = { ...process.env, npm_lifecycle_event: '', npm_command: '' };
  const run = (line: string) => spawnSync(line, { cwd, env, encoding: 'utf8', shell: true });
  const help = run(`"${process.execPath}" cli/main.ts --help`);
  assert.equal(help.status, 0, help.stderr);
  const shown = /\$ (node \S+ boards)/.exec(help.stdout)?.[1];
  assert.ok(shown !== undefined, help.stdout);
  const listed = run(shown.replace('node', `"${process.execPath}"`));
  assert.equal(listed.status, 0, listed.stderr);
  assert.match(listed.stdout, /nucleo-f446re/);
});
