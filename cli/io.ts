/**
 * Where a command reads and writes. Commands get this instead of the process, so that a test can call them as
 * functions.
 */

import { styleText } from 'node:util';
import { collect } from '../engine/files/index.ts';
import { exitCode, ioError } from './exit-codes.ts';
import { textOf } from './sources.ts';

export interface Io {
  /** Results. */
  out(text: string): void;
  /** Everything else: progress, summaries, failures. */
  err(text: string): void;
  /** Throws a `CliError` for what is not UTF-8, and for more than a `.nas` file may have. */
  stdin(): Promise<string>;
  /** A person watches standard error: progress may redraw itself. */
  readonly interactive: boolean;
  /** Aborted when a person asks to stop, or when nobody reads the results any more. */
  readonly stop: AbortSignal;
  /** From here on a signal asks to stop; before, it ends the process at once. */
  stopGently(): void;
  /** Text in a style of `node:util`, where the results go to a terminal that wants colour. */
  style(style: Style, text: string): string;
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'green';

/** The process's own streams. `NO_COLOR`, `FORCE_COLOR` and pipes are respected (Node decides). */
export function processIo(stop: AbortController, stopGently: () => void): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      stop.abort();
      // A reader that has seen enough (`| head`) is no failure: stop writing and end quietly.
      if (error.code !== 'EPIPE') {
        if (stream === process.stdout)
          process.stderr.write(`nasturtium: error: ${ioError('Standard output', error).message}\n`);
        process.exit(exitCode.io);
      }
      // Whatever holds the process open now has nobody to talk to.
      setTimeout(() => process.exit(), closingMs).unref();
    });
  }
  return {
    out: (line) => void process.stdout.write(line),
    err: (line) => void process.stderr.write(line),
    stdin: readStdin,
    interactive: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    stop: stop.signal,
    stopGently,
    style: (style, line) => styleText(style, line, { stream: process.stdout, validateStream: true }),
  };
}

async function readStdin(): Promise<string> {
  const place = 'Standard input';
  let bytes: Uint8Array;
  try {
    bytes = await collect(place, process.stdin as AsyncIterable<Buffer>, 'space');
  } catch (error) {
    throw ioError(place, error);
  }
  return textOf(place, bytes);
}

/** The path that means standard input. */
export const stdinPath = '-';

/** Enough for a search to close its journal. */
const closingMs = 5000;

/** One JSON document and a line end, as every `--json` prints. */
export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
