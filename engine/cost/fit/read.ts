/** Reads the measurements that live in the project. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Network } from '../../space/network.ts';
import type { ProfileSpec } from './boards.ts';
import type { Observation } from './least-squares.ts';
import { networkFromDefinition, type NetworkDefinition } from './network-definition.ts';
import { observationOf, type MeasuredRow, type TermReader } from './observations.ts';

export const measurementsFolder = path.join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'device-profiles',
  'measurements',
);

export function readRows(): readonly MeasuredRow[] {
  return parse(readFileSync(path.join(measurementsFolder, 'networks_and_operators.csv')), { columns: true });
}

/** A network definition of the project by its name, e.g. `mlperf_tiny_kws_dscnn_int8`. */
export function readNetwork(name: string): Network {
  return networkIn(measurementsFolder, name);
}

/** A network definition of `folder/networks`. */
export function networkIn(folder: string, name: string): Network {
  const file = path.join(folder, 'networks', `${name}.json`);
  return networkFromDefinition(JSON.parse(readFileSync(file, 'utf8')) as NetworkDefinition);
}

export function loadObservations(
  specs: readonly ProfileSpec[],
  reader: TermReader,
): ReadonlyMap<string, readonly Observation[]> {
  const rows = readRows();
  return new Map(
    specs.map((spec) => [
      spec.id,
      rows
        .filter((row) => row.board.startsWith(spec.measuredOn) && spec.accepts(row))
        .map((row) => observationOf(row, readNetwork(row.model_json), reader))
        .filter((observation) => observation !== undefined),
    ]),
  );
}
