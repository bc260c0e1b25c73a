/** A server that is in the middle of long work when its client is killed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';

const watch = path.join(import.meta.dirname, 'client-watch.ts');
/** Says its number and then never gives way again; ends by itself in the end, so that no failure leaves it behind. */
const server = `
  const { endWithClient } = await import(${JSON.stringify(watch)});
  endWithClient(undefined, 50);
  await new Promise((resolve) => setTimeout(resolve, 300));
  require('node:fs').writeSync(1, String(process.pid) + '\\n');
  for (const end = Date.now() + 60_000; Date.now() < end; );`;
const client = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['--input-type=commonjs', '-e', ${JSON.stringify(`(async () => {${server}})()`)}], { stdio: ['pipe', 'inherit', 'inherit'] });
  setInterval(() => {}, 1000);`;

test('ends although it is busy', { timeout: 30_000 }, async () => {
  const parent = spawn(process.execPath, ['-e', client], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [told] = (await once(parent.stdout, 'data')) as [Buffer];
  const busy = Number(told.toString());
  assert.ok(busy > 0);
  parent.kill('SIGKILL');
  // The pipe is closed when the last process that holds its other end has gone, long before it would go by itself.
  await once(parent, 'close');
});
