/** Builds the kernels with the runner: images for the emulated machines, and a program of the host. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compiler, kernelSources, language, linking, warnings } from './compiler.ts';

const here = import.meta.dirname;

export interface Machine {
  /** Of QEMU, and which of its programs emulates it. */
  readonly name: string;
  readonly emulator: string;
  readonly compiler: string;
  readonly compilerFlags: readonly string[];
  readonly codeBase: number;
  readonly ramBase: number;
  readonly ramBytes: number;
  /** Source of what differs between families of cores. */
  readonly family: string;
  /** Of the clock that counts instructions, where it is a timer. */
  readonly megahertz?: number;
}

const MEBIBYTE = 2 ** 20;
const cortexM = {
  emulator: 'qemu-system-arm',
  compiler,
  family: 'cortex-m.c',
} as const;
const arm = (cpu: string, ...more: readonly string[]) => [
  '-mthumb',
  '--specs=nano.specs',
  `-mcpu=cortex-${cpu}`,
  ...more,
];
const mps2 = { ...cortexM, codeBase: 0, ramBase: 0x20000000, ramBytes: 4 * MEBIBYTE, megahertz: 25 } as const;

/** By core. QEMU has no Cortex-M0+ with memory enough, and an M3 runs all of its instructions. */
export const machines = {
  m0plus: { ...mps2, name: 'mps2-an385', compilerFlags: arm('m0plus') },
  m3: { ...mps2, name: 'mps2-an385', compilerFlags: arm('m3') },
  m4: { ...mps2, name: 'mps2-an386', compilerFlags: arm('m4') },
  m33: {
    ...cortexM,
    name: 'mps2-an505',
    compilerFlags: arm('m33'),
    codeBase: 0x10000000,
    ramBase: 0x38000000,
    ramBytes: 4 * MEBIBYTE,
    megahertz: 20,
  },
  m55: {
    ...cortexM,
    name: 'mps3-an547',
    compilerFlags: arm('m55', '-mfloat-abi=hard'),
    codeBase: 0x10000000,
    ramBase: 0x21000000,
    ramBytes: 4 * MEBIBYTE,
    megahertz: 32,
  },
  /** The core of ESP32-C3. */
  rv32imc: {
    name: 'virt',
    emulator: 'qemu-system-riscv32',
    compiler: 'riscv64-unknown-elf-gcc',
    compilerFlags: ['--specs=picolibc.specs', '-march=rv32imc', '-mabi=ilp32', '-mcmodel=medany'],
    family: 'riscv.c',
    codeBase: 0x80000000,
    ramBase: 0x80100000,
    ramBytes: 4 * MEBIBYTE,
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
  const machine: Machine = machines[core];
  const { codeBase, ramBase, ramBytes } = machine;
  const image = join(folder, `${core}.elf`);
  const symbols = Object.entries({ CODE_BASE: codeBase, RAM_BASE: ramBase, RAM_BYTES: ramBytes });
  compile(machine.compiler, [
    ...language,
    ...linking,
    prefix,
    ...machine.compilerFlags,
    ...(machine.megahertz === undefined ? [] : [`-DMACHINE_MHZ=${machine.megahertz}`]),
    ...symbols.map(([name, value]) => `-Wl,--defsym=${name}=${String(value)}`),
    ...['-T', join('harness', 'machine.ld'), '-o', image],
    ...partsOf(program),
    ...['emulated.c', machine.family].map((file) => join('harness', file)),
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
