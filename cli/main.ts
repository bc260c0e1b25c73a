#!/usr/bin/env node
/** The process of `nasturtium`: signals, streams and where the parts of the program lie. */

import path from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { exitCode } from './exit-codes.ts';
import { processIo } from './io.ts';
import { runCommandLine } from './run.ts';
import type { Surroundings } from './program.ts';

const here = import.meta.dirname;
/** Run from source, or bundled into one file by `npm run build`. */
const bundled = import.meta.filename.endsWith('.js');

const surroundings: Surroundings = {
  version: manifest.version,
  // Loaded when asked for: the protocol library is of no use to the other commands.
  serveLanguage: async () => (await import('../server/lsp/node.ts')).serveStdio(),
  imagesFolder: path.join(here, bundled ? '../../firmware-probe/images' : '../firmware-probe/images'),
  firmware: path.join(here, bundled ? '../../firmware-probe/firmware' : '../firmware-probe/firmware'),
  workerEntry: bundled ? path.join(here, 'worker.js') : undefined,
  assets: bundled
    ? { wasmDir: here, datasetDir: path.join(here, '../../examples/data/fashion-mnist-subset') }
    : undefined,
};

// Beyond a limit of the shell on the size of files the system would end the process without a word. Heard, the signal
// does nothing, and the write fails with a reason that is told.
process.on('SIGXFSZ', () => undefined);

const stop = new AbortController();
const io = processIo(stop, listenForSignals);

/**
 * A handler is heard only between two steps of the program, so that there is none until a search has something to
 * close: whatever else a command is doing, a signal ends it at once.
 */
function listenForSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(exitCode.interrupted);
      io.err('\nStopping; what is done is kept. Press Ctrl+C again to end at once.\n');
      stop.abort();
    });
  }
}

const code = await runCommandLine(process.argv.slice(2), io, surroundings);
// Not process.exit: what has been written must reach its reader first.
if (code !== undefined) process.exitCode = code;
