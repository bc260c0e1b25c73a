/** The connection of a Node process: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME` on its command line. */

import { Console } from 'node:console';
import { createConnection, ProposedFeatures, type Connection } from 'vscode-languageserver/node';
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
  if (process.argv.includes('--stdio')) {
    serveStdio();
    return;
  }
  serve(createConnection(ProposedFeatures.all));
}

/** The same over the process's standard streams, whatever the command line says. For `nasturtium lsp --stdio`. */
export function serveStdio(): void {
  // The standard output belongs to the protocol.
  globalThis.console = new Console(process.stderr, process.stderr);
  const frames = new Frames((fault) => process.stderr.write(`nasturtium: ${fault}\n`));
  serve(createConnection(ProposedFeatures.all, process.stdin.pipe(frames), process.stdout));
}

function serve(connection: Connection): void {
  keepGarbageYoung();
  const log = (error: unknown): void => {
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);
  startServer(connection, disk, installedSettings(), youngCollector(), endWithClient);
}
