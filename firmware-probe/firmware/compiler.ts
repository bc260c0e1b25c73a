/** How the firmware is compiled: the same for what is tested in emulators and for the images of boards. */

import { globSync } from 'node:fs';

export const compiler = 'arm-none-eabi-gcc';

export const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];
/** The stack of the probe is measured, so that nothing may be put into main by chance: no optimisation across files. */
export const language = [
  '-std=c11',
  '-O3',
  '-ffreestanding',
  '-fno-tree-loop-distribute-patterns',
  ...warnings,
];
export const linking = ['-nostartfiles', '-ffunction-sections', '-fdata-sections', '-Wl,--gc-sections'];

/** The kernels, of which each core takes those that are written for it. */
export const kernelSources = globSync('kernels/*.{c,S}', { cwd: import.meta.dirname }).sort();
