/** Published networks as the tests use them: their definitions live with the measurements. */

export { readNetwork } from '../../engine/cost/fit/read.ts';
export { networkFromDefinition, type NetworkDefinition } from '../../engine/cost/fit/network-definition.ts';
