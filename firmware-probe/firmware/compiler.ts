/** How the firmware is compiled: the same for what is tested in emulators and for the images of boards. */

import { globSync } from 'node:fs';
import { optimisation } from './flags.ts';

export { linking } from './flags.ts';

export const compiler = 'arm-none-eabi-gcc';

export const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];
export const language = ['-std=c11', ...optimisation, ...warnings];

/** The kernels, of which each core takes those that are written for it. */
export const kernelSources = globSync('kernels/*.{c,S}', { cwd: import.meta.dirname }).sort();
