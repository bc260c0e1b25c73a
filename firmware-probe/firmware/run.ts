/** Runs jobs in the emulator and on the host. */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { machines, type Core } from './build.ts';
import { encodeJob, readResults, type CaseResult, type JobCase } from './job.ts';

/** Printed outputs can be long. */
const maxBuffer = 2 ** 28;

/** With a clock of one nanosecond per instruction. The job is written beside the image. */
export function runEmulated(core: Core, image: string, cases: readonly JobCase[]): readonly CaseResult[] {
  const folder = dirname(image);
  writeFileSync(join(folder, 'job.bin'), encodeJob(cases));
  const output = execFileSync(
    'qemu-system-arm',
    [
      ...['-M', machines[core].name, '-display', 'none', '-monitor', 'none', '-serial', 'none'],
      ...['-chardev', 'stdio,id=console', '-semihosting-config', 'enable=on,target=native,chardev=console'],
      ...['-icount', 'shift=0', '-kernel', image],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer },
  );
  return readResults(output);
}

export function runOnHost(program: string, cases: readonly JobCase[]): readonly CaseResult[] {
  return readResults(execFileSync(program, { input: encodeJob(cases), encoding: 'utf8', maxBuffer }));
}
