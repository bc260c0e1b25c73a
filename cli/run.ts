/** One invocation of the command line: from the arguments to the exit code. */

import { reasonOf } from '../engine/files/index.ts';
import { CommanderError } from 'commander';
import { visibleJson, visibleLine } from '../engine/space/index.ts';
import { CliError, exitCode } from './exit-codes.ts';
import { type Io, printJson } from './io.ts';
import { createProgram, type Surroundings } from './program.ts';

/** The exit code; `undefined` when something (the language server) keeps running. Never throws. */
export async function runCommandLine(
  args: readonly string[],
  io: Io,
  surroundings: Surroundings,
): Promise<number | undefined> {
  let code: number | undefined;
  const program = createProgram(io, surroundings, (result) => (code = result));
  if (args.length === 0) {
    program.outputHelp({ error: true });
    return exitCode.usage;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Help and version come as an error of code 0; a usage error has been printed by commander already.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCode.ok;
      if (wantsJson(args)) tellJson(io, args, 'usage', withoutPrefix(error.message));
      return exitCode.usage;
    }
    return fail(io, args, error);
  }
}

function fail(io: Io, args: readonly string[], error: unknown): number {
  const known = error instanceof CliError;
  const name = known ? error.exit : 'internal';
  const reason = reasonOf(error);
  const message = known
    ? reason
    : `Nasturtium has a fault: ${reason} Please report it with the command and the file that led here.`;
  if (wantsJson(args)) tellJson(io, args, name, message, known ? error.place : undefined);
  io.err(`nasturtium: error: ${visibleLine(message)}\n`);
  if (!known && error instanceof Error && error.stack !== undefined) io.err(`${error.stack}\n`);
  return exitCode[name];
}

const wantsJson = (args: readonly string[]) => args.includes('--json') || args.includes('--events');
const withoutPrefix = (message: string) => message.replace(/^error: /, '');

/** A program that reads our JSON gets the failure as JSON too. */
function tellJson(
  io: Io,
  args: readonly string[],
  code: string,
  message: string,
  place?: CliError['place'],
): void {
  if (args.includes('--events')) {
    const where = place === undefined ? {} : { place };
    io.out(`${visibleJson({ event: 'failed', schema: 1, code, message, ...where })}\n`);
  } else printJson(io, { schema: 1, error: { code, message } });
}
