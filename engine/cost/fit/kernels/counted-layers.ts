/** The counted layers of CMSIS-NN's kernels: see `device-profiles/measurements/counts`. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { ClassCounts } from '../../../../device-profiles/types.ts';
import { template } from '../../../operators/catalogue.ts';
import type { OpTemplate, Pair } from '../../../space/network.ts';
import { measureQuantities, type Quantities } from '../../quantities.ts';
import { measurementsFolder } from '../read.ts';

export type Row = Readonly<Record<string, string>>;

const readFrom = (name: string): Buffer => readFileSync(path.join(measurementsFolder, 'counts', name));

/** What a JSON file beside the counts says of them. */
export const readCountsAbout = (name: string): unknown => JSON.parse(readFrom(name).toString('utf8'));

/** Rows of a file of the counts, by the names of its first line. */
export function readCounts(name: string): readonly Row[] {
  const bytes = readFrom(name);
  return parse(name.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true });
}

/** A layer, and what each build executed for it. */
export interface CountedLayer {
  readonly id: string;
  readonly kind: string;
  readonly quantities: Quantities;
  /** By build, `v700-m4-O3`. */
  readonly instructions: Readonly<Record<string, number>>;
}

/** Of the kinds that are counted: their windows are `same` or `valid`, whichever gives the size that came out. */
function operatorOf(row: Row): OpTemplate {
  const n = (name: string): number => Number(row[name]);
  const pair = (height: string, width: string): Pair => [n(height), n(width)];
  const [kernel, stride] = [pair('k_h', 'k_w'), pair('s_h', 's_w')];
  const fits = (size: 'h' | 'w'): boolean =>
    n(`out_${size}`) === Math.floor((n(`in_${size}`) - n(`k_${size}`)) / n(`s_${size}`)) + 1;
  const padding: 'same' | 'valid' = fits('h') && fits('w') ? 'valid' : 'same';
  const window = { kernel, stride, padding };
  switch (row['op']) {
    case 'conv_2d':
      return template('conv_2d', { ...window, filters: n('out_c') });
    case 'depthwise_conv_2d':
      return template('depthwise_conv_2d', { ...window, depthMultiplier: n('ch_mult') });
    case 'average_pool_2d':
    case 'max_pool_2d':
      return template(row['op'], window);
    case 'fully_connected':
      return template('fully_connected', { units: n('out_c') });
    case 'add':
    case 'mul':
    case 'softmax':
      return template(row['op'], {});
    default:
      throw new Error(`A layer of kind ${row['op'] ?? ''} is counted that nobody can read.`);
  }
}

export function readLayers(): readonly CountedLayer[] {
  return readCounts('instructions.csv.gz').map((row) => {
    const op = operatorOf(row);
    const sides = (which: string) =>
      row['op'] === 'fully_connected'
        ? [Number(row[`${which}_c`])]
        : ['h', 'w', 'c'].map((side) => Number(row[`${which}_${side}`]));
    const input = sides('in');
    const inputs = op.kind === 'add' || op.kind === 'mul' ? [input, input] : [input];
    const builds = Object.entries(row).filter(([name]) => /^v\d+-/.test(name));
    return {
      id: row['id'] ?? '',
      kind: op.kind,
      quantities: measureQuantities(op, inputs, sides('out')),
      instructions: Object.fromEntries(builds.map(([name, count]) => [name, Number(count)])),
    };
  });
}

/** What did the work and what it executed, by layer, of a build whose instructions were told apart by class. */
export interface ClassifiedLayer {
  readonly kernel: string;
  readonly counts: ClassCounts;
}

export function readClasses(): ReadonlyMap<string, ReadonlyMap<string, ClassifiedLayer>> {
  const builds = new Map<string, Map<string, ClassifiedLayer>>();
  for (const row of readCounts('counts.csv.gz')) {
    const build = `${row['version'] ?? ''}-${row['core'] ?? ''}-${row['flags'] ?? ''}`;
    const layers = builds.get(build) ?? new Map<string, ClassifiedLayer>();
    builds.set(build, layers);
    layers.set(row['id'] ?? '', {
      kernel: row['kernel'] ?? '',
      counts: [Number(row['instructions']), Number(row['load_regs']), Number(row['branches_taken'])],
    });
  }
  return builds;
}
