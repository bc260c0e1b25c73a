/**
 * Programs that npm cannot bring: found where they are, installed where that is allowed (as root on Debian and
 * its kin), else named in one line so that a person can install them.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface SystemProgram {
  /** What a person calls it. */
  readonly name: string;
  /** Names that the program goes by on a `PATH`. */
  readonly commands: readonly string[];
  /** Where installers put it when they do not change the `PATH`. */
  readonly places: readonly string[];
  readonly debianPackages: readonly string[];
  readonly neededFor: string;
}

export const chromium: SystemProgram = {
  name: 'Chromium',
  commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
  places: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
  debianPackages: ['chromium'],
  neededFor: 'the tests in the real workbench',
};

export const armCompiler: SystemProgram = {
  name: 'The compiler for Arm (arm-none-eabi-gcc)',
  commands: ['arm-none-eabi-gcc'],
  places: [],
  debianPackages: ['gcc-arm-none-eabi', 'libnewlib-arm-none-eabi'],
  neededFor: 'the tests that build the probe',
};

export const armEmulator: SystemProgram = {
  name: 'The emulator for Arm (qemu-system-arm)',
  commands: ['qemu-system-arm'],
  places: [],
  debianPackages: ['qemu-system-arm'],
  neededFor: 'the tests on its virtual boards',
};

export const riscvCompiler: SystemProgram = {
  name: 'The compiler for RISC-V (riscv64-unknown-elf-gcc)',
  commands: ['riscv64-unknown-elf-gcc'],
  places: [],
  debianPackages: ['gcc-riscv64-unknown-elf', 'picolibc-riscv64-unknown-elf'],
  neededFor: 'the tests of the kernels on RISC-V',
};

export const riscvEmulator: SystemProgram = {
  name: 'The emulator for RISC-V (qemu-system-riscv32)',
  commands: ['qemu-system-riscv32'],
  places: [],
  debianPackages: ['qemu-system-misc'],
  neededFor: 'the tests of the kernels on RISC-V',
};

export const hostCompiler: SystemProgram = {
  name: 'A C compiler (gcc)',
  commands: ['gcc'],
  places: [],
  debianPackages: ['gcc', 'libc6-dev'],
  neededFor: 'the tests that run the code of the probe under sanitizers',
};

export const cmake: SystemProgram = {
  name: 'CMake (cmake)',
  commands: ['cmake'],
  places: [],
  debianPackages: ['cmake', 'make'],
  neededFor: 'the tests that build deployed projects',
};

export function find(program: SystemProgram): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => program.commands.flatMap((name) => endings.map((end) => join(folder, name + end))));
  return [...onPath, ...program.places].find((path) => existsSync(path));
}

/** The program's path, after an attempt to install it; or why it is not there, as a full sentence. */
export function ensure(program: SystemProgram): { readonly path: string } | { readonly missing: string } {
  const present = find(program);
  if (present !== undefined) return { path: present };
  const missing =
    `${program.name} is not installed, so ${program.neededFor} cannot run: install it ` +
    `(on Debian or Ubuntu: sudo apt-get install ${program.debianPackages.join(' ')}) and run the command again.`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return { missing };
  console.log(`Installing ${program.name} with apt-get for ${program.neededFor}.`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['-qq', 'update'], options);
  spawnSync(
    'apt-get',
    ['-qq', 'install', '-y', '--no-install-recommends', ...program.debianPackages],
    options,
  );
  const installed = find(program);
  return installed === undefined ? { missing } : { path: installed };
}
