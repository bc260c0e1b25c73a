/** Reads the measurements that live in the project. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Network } from '../../space/network.ts';
import { networkFromDefinition, type NetworkDefinition } from './network-definition.ts';

export const measurementsFolder = path.join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'device-profiles',
  'measurements',
);

/** A network definition of the project by its name, e.g. `mlperf_tiny_kws_dscnn_int8`. */
export function readNetwork(name: string): Network {
  return networkIn(measurementsFolder, name);
}

/** A network definition of `folder/networks`. */
export function networkIn(folder: string, name: string): Network {
  const file = path.join(folder, 'networks', `${name}.json`);
  return networkFromDefinition(JSON.parse(readFileSync(file, 'utf8')) as NetworkDefinition);
}
