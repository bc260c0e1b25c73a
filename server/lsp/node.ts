/** The connection of a Node process: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME` on its command line. */

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { disk } from './disk.ts';
import { keepGarbageYoung, youngCollector } from './heap.ts';
import { installedSettings } from './installation.ts';
import { startServer } from './server.ts';

/**
 * Serves the client on the other end of this process. Faults that reach the event loop are written to the log
 * and the server goes on; ending is the client's right.
 */
export function serveProcess(): void {
  keepGarbageYoung();
  const connection = createConnection(ProposedFeatures.all);
  const log = (error: unknown): void => {
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);
  startServer(connection, disk, installedSettings(), youngCollector());
}

/** The same over the process's standard streams, whatever the command line says. For `nasturtium lsp --stdio`. */
export function serveStdio(): void {
  keepGarbageYoung();
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  startServer(connection, disk, installedSettings(), youngCollector());
}
