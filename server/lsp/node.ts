/** The connection of a Node process: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME` on its command line. */

import { Console } from 'node:console';
import { existsSync, realpathSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import {
  createConnection,
  PortMessageReader,
  PortMessageWriter,
  ProposedFeatures,
  type Connection,
} from 'vscode-languageserver/node';
import { endWithClient } from './client-watch.ts';
import { disk } from './disk.ts';
import { Frames } from './frames.ts';
import { keepGarbageYoung, youngCollector } from './heap.ts';
import { installedSettings } from './installation.ts';
import { startServer } from './server.ts';

/**
 * Serves the client on the other end of this process. Faults that reach the event loop are written to the log
 * and the server goes on; ending is the client's right.
 */
export function serveProcess(): void {
  const args = process.argv.slice(2);
  const [pipe, port] = [valueOf(args, '--pipe'), valueOf(args, '--socket')];
  if (args.includes('--stdio')) serveStdio();
  else if (pipe !== undefined) serveSocket(connect(pipe));
  else if (port !== undefined) serveSocket(connect(Number(port), '127.0.0.1'));
  else serve(createConnection(ProposedFeatures.all));
}

/** The value of `--name=value` or `--name value`. */
function valueOf(args: readonly string[], name: string): string | undefined {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  return args[at] === name ? args[at + 1] : args[at]?.slice(name.length + 1);
}

/** The client listens, and the server comes to it. */
function serveSocket(socket: Socket): void {
  socket.on('error', (error) => {
    process.stderr.write(`nasturtium: The client cannot be reached (${error.message}).\n`);
    process.exit(1);
  });
  serve(createConnection(ProposedFeatures.all, socket.pipe(frames()), socket));
}

/** What reads messages from a stream, see `Frames`. */
function frames(): Frames {
  return new Frames((fault) => process.stderr.write(`nasturtium: ${fault}\n`));
}

/** The same over the process's standard streams, whatever the command line says. For `nasturtium lsp --stdio`. */
export function serveStdio(): void {
  // The standard output belongs to the protocol.
  globalThis.console = new Console(process.stderr, process.stderr);
  serve(createConnection(ProposedFeatures.all, process.stdin.pipe(frames()), process.stdout));
}

/** Serves the main thread of this process with what it has of long documents. See `Annex`. */
export function serveThread(): void {
  const port = parentPort;
  if (port === null) throw new Error('This is not a thread.');
  const connection = createConnection(new PortMessageReader(port), new PortMessageWriter(port));
  startServer(connection, disk, installedSettings(), { isThread: true, tidy: youngCollector() });
}

function serve(connection: Connection): void {
  keepGarbageYoung();
  const log = (error: unknown): void => {
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);
  startServer(connection, disk, installedSettings(), {
    tidy: youngCollector(),
    watchClient: endWithClient,
    threadEntry: threadEntry(),
  });
}

/** The script of the language server, which knows when it runs in a thread: this one, or beside the command line's. */
function threadEntry(): string | undefined {
  const [, own] = process.argv;
  if (own === undefined || !existsSync(own)) return undefined;
  const script = realpathSync(own);
  const folder = path.dirname(script);
  const candidates = [
    /^(server\.cjs|main\.ts)$/.test(path.basename(script)) && path.basename(folder) !== 'cli'
      ? script
      : undefined,
    path.join(folder, '../server.cjs'),
    path.join(folder, '../server/main.ts'),
  ];
  return candidates.find((file) => file !== undefined && existsSync(file));
}
