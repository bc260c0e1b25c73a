/**
 * Runs the command line that comes with the extension as a process of its own, so that training never shares the
 * process of the editor's extensions.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import type { Log } from '../log.ts';

export interface Finished {
  readonly code: number | null;
  /** The whole standard output, unless it was read line by line. */
  readonly output: string;
  readonly errors: string;
}

export class CommandLine {
  private readonly main: string;
  readonly log: Log;

  constructor(extension: vscode.ExtensionContext, log: Log) {
    this.main = vscode.Uri.joinPath(extension.extensionUri, 'dist/cli/main.js').fsPath;
    this.log = log;
  }

  /** The program and the arguments before those of the job, for tasks that run in a terminal. */
  get invocation(): {
    readonly program: string;
    readonly first: readonly string[];
    readonly env: Record<string, string>;
  } {
    // In a desktop VS Code the executable is Electron, which becomes Node by this variable.
    return { program: process.execPath, first: [this.main], env: { ELECTRON_RUN_AS_NODE: '1' } };
  }

  /**
   * Starts a job. With `onLine` its standard output is handed over line by line as it comes; `input` is what it reads
   * on its standard input.
   */
  start(
    args: readonly string[],
    folder: string,
    { onLine, input }: { readonly onLine?: (line: string) => void; readonly input?: string | undefined } = {},
  ): { readonly process: ChildProcess; readonly finished: Promise<Finished> } {
    const { program, first, env } = this.invocation;
    const child = spawn(program, [...first, ...args], {
      cwd: folder,
      env: { ...process.env, ...env, NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const job = `${args[0] ?? ''} (process ${child.pid ?? 'none'})`;
    const start = performance.now();
    this.log.info(`${job} starts in ${folder}: nasturtium ${args.join(' ')}`);
    // A job that ends without reading what it is given tells why by itself.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    let output = '';
    let errors = '';
    if (onLine === undefined) child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    else {
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.log.debug(`${job}: ${line}`);
        onLine(line);
      });
    }
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      this.log.info(`${job}: ${chunk.toString().trimEnd()}`);
    });
    const finished = new Promise<Finished>((done) => {
      child.on('error', (error) => {
        this.log.error(`${job}: ${error.message}`);
        done({ code: null, output, errors: `${errors}${error.message}` });
      });
      child.on('close', (code, signal) => {
        const how = code === null ? `by ${signal ?? 'something unknown'}` : `with exit code ${code}`;
        this.log.info(`${job} ended ${how} after ${((performance.now() - start) / 1000).toFixed(1)} s.`);
        done({ code, output, errors });
      });
    });
    return { process: child, finished };
  }

  /**
   * Runs a job to its end and returns what it printed as JSON. `started` hears of its process.
   * @throws Error with the job's own message
   */
  async json<T>(
    args: readonly string[],
    folder: string,
    input?: string,
    started: (process: ChildProcess) => void = () => undefined,
  ): Promise<T> {
    const job = this.start([...args, '--json'], folder, { input });
    started(job.process);
    const { code, output, errors } = await job.finished;
    if (code !== 0) throw new Error(messageOf(output, errors));
    return JSON.parse(output) as T;
  }
}

/** The job's account of what went wrong: the command line writes it as JSON or as its last line of text. */
export function messageOf(output: string, errors: string): string {
  try {
    const answer = JSON.parse(output) as { error?: { message?: unknown } };
    if (typeof answer.error?.message === 'string') return answer.error.message;
  } catch {
    // It printed no JSON, so the text says it.
  }
  const lines = `${output}\n${errors}`.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.at(-1)?.replace(/^(nasturtium: )?error: /i, '') ?? vscode.l10n.t('It ended without a message.')
  );
}
