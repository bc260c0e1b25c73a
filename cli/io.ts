/**
 * Where a command reads and writes. Commands get this instead of the process, so that a test can call them as
 * functions.
 */

import { collect } from '../engine/files/index.ts';
import { visibleJson } from '../engine/space/index.ts';
import { exitCode, ioError } from './exit-codes.ts';
import { textOf } from './sources.ts';
import { printable, styled } from './terminal-text.ts';

export interface Io {
  /** Results. Text of others in them is shown and not obeyed: see terminal-text.ts. */
  out(text: string): void;
  /** Results that a file takes as they are, such as a `.nas` text. */
  exact(text: string): void;
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
          process.stderr.write(
            printable(`nasturtium: error: ${ioError('Standard output', error).message}\n`),
          );
        process.exit(exitCode.io);
      }
      // Whatever holds the process open now has nobody to talk to.
      setTimeout(() => process.exit(), closingMs).unref();
    });
  }
  return {
    out: (text) => void process.stdout.write(printable(text)),
    err: (text) => void process.stderr.write(printable(text)),
    // What goes to a terminal is looked at, whatever it is meant for.
    exact: (text) => void process.stdout.write(process.stdout.isTTY ? printable(text) : text),
    stdin: readStdin,
    interactive: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    stop: stop.signal,
    stopGently,
    style: (style, text) => styled(style, text, process.stdout),
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
  io.out(`${visibleJson(value, 2)}\n`);
}
