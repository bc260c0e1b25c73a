/** A server that is in the middle of long work when its client is killed, or closes its end without a word. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ProcessClient } from '../../test/lsp-client.ts';

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

test('ends with its input although its thread is busy', { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const busy = path.join(folder, 'busy.mjs');
  writeFileSync(busy, 'for (const end = Date.now() + 120_000; Date.now() < end; );\n');
  const parts = [import.meta.resolve('./server.ts'), import.meta.resolve('./disk.ts')];
  const script = `
    import { createConnection, ProposedFeatures } from ${JSON.stringify(import.meta.resolve('vscode-languageserver/node'))};
    const { startServer } = await import(${JSON.stringify(parts[0])});
    const { disk } = await import(${JSON.stringify(parts[1])});
    const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
    startServer(connection, disk, undefined, { threadEntry: ${JSON.stringify(busy)} });`;
  const client = new ProcessClient(process.execPath, ['--input-type=module', '-e', script]);
  t.after(() => client.kill());
  await client.initialize({ textDocument: { diagnostic: {} } });
  const uri = 'file:///w/long.nas';
  client.open(uri, '// a line\n'.repeat(5000));
  // The thread is at work for good: it does not answer in time.
  await assert.rejects(client.request('textDocument/diagnostic', { textDocument: { uri } }), {
    code: -32802,
  });
  client.process.stdin.end();
  assert.equal(await client.exited, 1);
});
