/** Runs jobs in the emulator and on the host. */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { machines, type Core } from './build.ts';
import { encodeJob, readResults, type CaseResult, type JobCase } from './job.ts';

/** Printed outputs can be long. */
const maxBuffer = 2 ** 28;

/** How the emulator is started, in the folder of the image, beside which the job is written: a nanosecond per instruction. */
export function prepareEmulator(
  core: Core,
  image: string,
  job: Uint8Array,
): { readonly cwd: string; readonly program: string; readonly options: readonly string[] } {
  const cwd = dirname(image);
  writeFileSync(join(cwd, 'job.bin'), job);
  const options = [
    ...['-bios', 'none', '-M', machines[core].name, '-display', 'none'],
    ...['-monitor', 'none', '-serial', 'none'],
    ...['-chardev', 'stdio,id=console', '-semihosting-config', 'enable=on,target=native,chardev=console'],
    ...['-icount', 'shift=0', '-kernel', image],
  ];
  return { cwd, program: machines[core].emulator, options };
}

/** What an image prints. */
export function emulate(core: Core, image: string, job: Uint8Array): string {
  const { cwd, program, options } = prepareEmulator(core, image, job);
  return execFileSync(program, options, { cwd, encoding: 'utf8', maxBuffer });
}

/** What a program of the host prints. */
export const runProgram = (program: string, job: Uint8Array): string =>
  execFileSync(program, { input: job, encoding: 'utf8', maxBuffer });

export const runEmulated = (core: Core, image: string, cases: readonly JobCase[]): readonly CaseResult[] =>
  readResults(emulate(core, image, encodeJob(cases)));

export const runOnHost = (program: string, cases: readonly JobCase[]): readonly CaseResult[] =>
  readResults(runProgram(program, encodeJob(cases)));
