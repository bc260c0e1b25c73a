/**
 * What jobs execute by class of instruction. The emulator logs each block of code that it translates, and each one that it
 * runs: between the start and the stop of the runner's clock they make up one run, to the instruction.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Core } from '../build.ts';
import { encodeJob, type JobCase } from '../job.ts';
import { prepareEmulator } from '../run.ts';
import { isLong, registersLoaded } from './thumb.ts';

/** Instructions, registers that loads fill, and branches taken. */
export type Classes = readonly [instructions: number, loads: number, branches: number];

interface Block {
  readonly instructions: number;
  readonly loads: number;
  /** Where the code goes on when it ends without a jump. */
  readonly end: number;
}

/** Reads the log line by line. */
export class Follower {
  /** Of each run, in their order. */
  readonly runs: Classes[] = [];
  readonly #blocks = new Map<string, Block>();
  /** Halfwords of what is translated and has not run yet, and where they begin. */
  #fresh: number[] = [];
  #start = 0;
  #isRunning = false;
  #totals = [0, 0, 0] as [number, number, number];
  #end = -1;

  line(text: string): void {
    if (text.startsWith('Trace')) this.#run(text);
    else if (text.startsWith('IN:')) this.#fresh = [];
    else if (text.startsWith('0x')) this.#translate(text);
  }

  /** `0x00000100:  f8d0 3004  ldr.w    r3, [r0, #4]`: what the disassembler does not know, it takes for bytes. */
  #translate(text: string): void {
    const match = /^0x([0-9a-f]+): {2}([0-9a-f]{4})(?: ([0-9a-f]{4}) )? /.exec(text);
    if (match === null) throw new Error(`The emulator translated: ${text}`);
    const [, address = '', first = '', second] = match;
    if (this.#fresh.length === 0) this.#start = parseInt(address, 16);
    this.#fresh.push(parseInt(first, 16), ...(second === undefined ? [] : [parseInt(second, 16)]));
  }

  /** `Trace 0: 0x7f8984000400 [00800408/000041e0/00000110/ff020200] memcpy` */
  #run(text: string): void {
    const bracket = text.indexOf('[');
    const host = text.slice(9, bracket);
    if (this.#fresh.length > 0) this.#blocks.set(host, blockOf(this.#start, this.#fresh));
    this.#fresh = [];
    if (text.endsWith(' platform_start_clock')) {
      this.#isRunning = true;
      this.#totals = [0, 0, 0];
      this.#end = -1;
      return;
    }
    if (!this.#isRunning) return;
    if (text.endsWith(' platform_stop_clock')) {
      this.#isRunning = false;
      this.runs.push(this.#totals);
      return;
    }
    const block = this.#blocks.get(host);
    if (block === undefined) throw new Error(`A block runs that was not translated: ${text}`);
    const start = parseInt(text.slice(bracket + 10, bracket + 18), 16);
    const totals = this.#totals;
    totals[0] += block.instructions;
    totals[1] += block.loads;
    if (this.#end !== -1 && start !== this.#end) totals[2] += 1;
    this.#end = block.end;
  }
}

function blockOf(start: number, halfwords: readonly number[]): Block {
  let [instructions, loads] = [0, 0];
  for (let at = 0; at < halfwords.length; at += isLong(halfwords[at] ?? 0) ? 2 : 1) {
    instructions += 1;
    loads += registersLoaded(halfwords[at] ?? 0, halfwords[at + 1] ?? 0);
  }
  return { instructions, loads, end: start + 2 * halfwords.length };
}

/** Throws an `Error` where the emulator fails, or runs other than the jobs. */
export async function follow(
  core: Core,
  image: string,
  cases: readonly JobCase[],
): Promise<readonly Classes[]> {
  const { cwd, program, options } = prepareEmulator(core, image, encodeJob(cases));
  // The log is written to stderr.
  const child = spawn(program, [...options, '-d', 'in_asm,exec,nochain'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  const follower = new Follower();
  for await (const line of createInterface({ input: child.stderr })) follower.line(line);
  const code = await ended;
  if (code !== 0 || follower.runs.length !== cases.length)
    throw new Error(
      `The emulator followed ${follower.runs.length} of ${cases.length} runs and ended with ${code}.`,
    );
  return follower.runs;
}
