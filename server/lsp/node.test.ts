/** The ways on which a client reaches the server: over each of them, broken messages are passed over. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { LspClient } from '../../test/lsp-client.ts';

const main = path.resolve(import.meta.dirname, '../main.ts');
const timeout = 60_000;

/** Listens, starts the server with what `argument` makes of the place, and gives the server's end. */
async function serverAt(
  t: TestContext,
  place: string | undefined,
  argument: (port: number) => readonly string[],
): Promise<{ socket: Socket; exited: Promise<unknown> }> {
  const listening = createServer();
  t.after(() => listening.close());
  if (place === undefined) listening.listen(0, '127.0.0.1');
  else listening.listen(place);
  await once(listening, 'listening');
  const { port } = (place === undefined ? listening.address() : { port: 0 }) as AddressInfo;
  const server = spawn(process.execPath, [main, ...argument(port)], { stdio: 'ignore' });
  t.after(() => server.kill('SIGKILL'));
  const exited = once(server, 'exit');
  const [socket] = (await once(listening, 'connection')) as [Socket];
  t.after(() => socket.destroy());
  return { socket, exited };
}

async function hearsBehindBrokenMessages(socket: Socket, exited: Promise<unknown>): Promise<void> {
  socket.write('Content-Length: x\r\n\r\n'.repeat(4));
  const client = new LspClient(socket, socket);
  const { capabilities } = (await client.initialize()) as { capabilities: object };
  assert.ok('hoverProvider' in capabilities);
  // A server whose client has gone without a word ends.
  socket.end();
  await exited;
}

test('over a port', { timeout }, async (t) => {
  const { socket, exited } = await serverAt(t, undefined, (port) => [`--socket=${port}`]);
  await hearsBehindBrokenMessages(socket, exited);
});

test('over a named pipe', { timeout }, async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const place =
    process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, 'client.sock');
  const { socket, exited } = await serverAt(t, place, () => ['--pipe', place]);
  await hearsBehindBrokenMessages(socket, exited);
});

test('a client that does not listen is told', { timeout }, async (t) => {
  const server = spawn(process.execPath, [main, '--socket=1'], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => server.kill('SIGKILL'));
  let told = '';
  server.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(server, 'close')) as [number | null];
  assert.equal(code, 1);
  assert.match(told, /The client cannot be reached/);
});
