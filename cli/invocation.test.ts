import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { programWords } from './invocation.ts';

const main = path.join(import.meta.dirname, 'main.ts');

test('a message names the program as it was called', () => {
  const cases: readonly (readonly [string, string, Record<string, string>, string])[] = [
    ['/p/cli/main.ts', '/p', { npm_lifecycle_event: 'nasturtium' }, 'npm run -s nasturtium --'],
    ['/p/node_modules/.bin/nasturtium', '/p', { npm_command: 'exec' }, 'npx nasturtium'],
    ['/usr/bin/nasturtium', '/p', {}, 'nasturtium'],
    ['/p/cli/main.ts', '/p', {}, `node ${path.join('cli', 'main.ts')}`],
    ['/ext/dist/cli/main.js', '/p', {}, 'node /ext/dist/cli/main.js'],
    ['/my ext/main.js', '/p', {}, 'node "/my ext/main.js"'],
  ];
  for (const [script, cwd, env, words] of cases) assert.equal(programWords({ script, cwd, env }), words);
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
