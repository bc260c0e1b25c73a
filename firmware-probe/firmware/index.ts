/** The door: what operators become for the kernels. */

export { type Call, type CallArray, type KernelName } from './lower/call.ts';
export { type Chip, chips, type Region, startFiles } from './chips.ts';
export { linking, optimisation } from './flags.ts';
export { callsIn } from './lower/network.ts';
export { families, type Family, scratchOf } from './lower/scratch.ts';
