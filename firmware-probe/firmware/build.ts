/** Builds the kernels with the runner: images for the emulated machines, and a program of the host. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compiler, kernelSources, language, linking, warnings } from './compiler.ts';

const here = import.meta.dirname;

export interface Machine {
  /** Of QEMU. */
  readonly name: string;
  readonly compilerFlags: readonly string[];
  readonly codeBase: number;
  readonly ramBase: number;
  readonly ramBytes: number;
  /** Of SysTick. */
  readonly megahertz: number;
}

const MEBIBYTE = 2 ** 20;
const mps2 = { codeBase: 0, ramBase: 0x20000000, ramBytes: 4 * MEBIBYTE, megahertz: 25 } as const;

/** By core. QEMU has no Cortex-M0+ with memory enough, and an M3 runs all of its instructions. */
export const machines = {
  m0plus: { ...mps2, name: 'mps2-an385', compilerFlags: ['-mcpu=cortex-m0plus'] },
  m3: { ...mps2, name: 'mps2-an385', compilerFlags: ['-mcpu=cortex-m3'] },
  m4: { ...mps2, name: 'mps2-an386', compilerFlags: ['-mcpu=cortex-m4'] },
  m33: {
    name: 'mps2-an505',
    compilerFlags: ['-mcpu=cortex-m33'],
    codeBase: 0x10000000,
    ramBase: 0x38000000,
    ramBytes: 4 * MEBIBYTE,
    megahertz: 20,
  },
  m55: {
    name: 'mps3-an547',
    compilerFlags: ['-mcpu=cortex-m55', '-mfloat-abi=hard'],
    codeBase: 0x10000000,
    ramBase: 0x21000000,
    ramBytes: 4 * MEBIBYTE,
    megahertz: 32,
  },
} satisfies Record<string, Machine>;

export type Core = keyof typeof machines;

/** The same sources give the same bytes wherever they lie. */
const prefix = `-ffile-prefix-map=${here}=.`;
const runner: Program = {
  sources: [
    ...kernelSources,
    ...['layers.c', 'network.c'].map((file) => join('probe', file)),
    join('harness', 'runner.c'),
  ],
};

/** What runs the job (`run_job` of `harness/runner.h`): sources, and folders that they include from. */
export interface Program {
  readonly sources: readonly string[];
  readonly folders?: readonly string[];
}

const partsOf = ({ sources, folders = [] }: Program): readonly string[] => [
  ...[...folders, join(here, 'harness')].map((folder) => `-I${folder}`),
  ...sources,
];

const compile = (command: string, args: readonly string[]): void => {
  execFileSync(command, args, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
};

/** Writes the image of a core's machine. Throws where a source has a mistake or a warning. */
export function buildImage(core: Core, folder: string, program = runner): string {
  mkdirSync(folder, { recursive: true });
  const { compilerFlags, codeBase, ramBase, ramBytes, megahertz } = machines[core];
  const image = join(folder, `${core}.elf`);
  const symbols = Object.entries({ CODE_BASE: codeBase, RAM_BASE: ramBase, RAM_BYTES: ramBytes });
  compile(compiler, [
    ...language,
    ...linking,
    prefix,
    ...compilerFlags,
    `-DMACHINE_MHZ=${String(megahertz)}`,
    ...symbols.map(([name, value]) => `-Wl,--defsym=${name}=${String(value)}`),
    ...['-T', join('harness', 'machine.ld'), '-o', image],
    ...partsOf(program),
    join('harness', 'emulated.c'),
  ]);
  return image;
}

/** Writes the program of the host, with the sanitizers of addresses and of undefined behaviour. */
export function buildForHost(folder: string, program = runner): string {
  mkdirSync(folder, { recursive: true });
  const built = join(folder, 'host');
  compile('gcc', [
    ...['-std=c11', '-O2', ...warnings],
    ...['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-o', built],
    ...partsOf(program),
    join('harness', 'host.c'),
  ]);
  return built;
}
