/** Runs jobs in the emulator and on the host. */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { machines, type Core } from './build.ts';
import { encodeJob, readResults, type CaseResult, type JobCase } from './job.ts';

/** Printed outputs can be long. */
const maxBuffer = 2 ** 28;

/** What an image prints, with a clock of one nanosecond per instruction. The job is written beside the image. */
export function emulate(core: Core, image: string, job: Uint8Array): string {
  const folder = dirname(image);
  writeFileSync(join(folder, 'job.bin'), job);
  return execFileSync(
    machines[core].emulator,
    [
      ...['-bios', 'none', '-M', machines[core].name, '-display', 'none'],
      ...['-monitor', 'none', '-serial', 'none'],
      ...['-chardev', 'stdio,id=console', '-semihosting-config', 'enable=on,target=native,chardev=console'],
      ...['-icount', 'shift=0', '-kernel', image],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer },
  );
}

/** What a program of the host prints. */
export const runProgram = (program: string, job: Uint8Array): string =>
  execFileSync(program, { input: job, encoding: 'utf8', maxBuffer });

export const runEmulated = (core: Core, image: string, cases: readonly JobCase[]): readonly CaseResult[] =>
  readResults(emulate(core, image, encodeJob(cases)));

export const runOnHost = (program: string, cases: readonly JobCase[]): readonly CaseResult[] =>
  readResults(runProgram(program, encodeJob(cases)));
