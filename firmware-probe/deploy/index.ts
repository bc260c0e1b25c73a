/** Networks as programs of their own, with the kernels that the probe measures. */

export { KernelSources, shippedFirmware } from './kernel-sources.ts';
export { networkC, type NetworkC, type NetworkCRequest } from './network-c.ts';
export { project, type Project, type ProjectRequest } from './project.ts';
