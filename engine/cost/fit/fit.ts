/** All profiles of a runtime, fitted from the measurements in the project. */

import type { LatencyPath, LatencyProfile } from '../../../device-profiles/types.ts';
import { cmsisNnProfiles, type ProfileSpec } from './boards.ts';
import type { MemberFigures } from './fit-library.ts';
import { fitInside, priorProfile, readRuntime } from './libraries-fit.ts';
import { TermReader } from './observations.ts';
import { makeProfile, pooledResiduals } from './profile.ts';
import { loadObservations, readRows } from './read.ts';

function sourcesOf(spec: ProfileSpec): LatencyProfile['sources'] {
  const rows = readRows().filter((row) => row.board.startsWith(spec.measuredOn) && spec.accepts(row));
  const counts = new Map<string, number>();
  for (const row of rows) {
    const title =
      row.source.split(' ')[0] === 'MicroNets'
        ? 'MicroNets (Banbury et al., MLSys 2021), Table 4'
        : row.source;
    const repository = title.replace(/ (closed|benchmarking_results|results|sheet|benchmark_results).*$/, '');
    counts.set(repository, (counts.get(repository) ?? 0) + 1);
  }
  const layers =
    spec.layers === undefined
      ? []
      : [{ title: `KIT MicroNAS look-up tables, ${spec.layers} (prior)`, date: '2023-08' }];
  return [
    ...[...counts].map(([title, count]) => ({ title, date: '2021 to 2026', note: `${count} rows` })),
    ...layers,
  ];
}

/** The profiles of TFLM with CMSIS-NN on the boards of `boards.ts`. */
export function fitProfiles(paths: readonly LatencyPath[]): readonly LatencyProfile[] {
  const observations = loadObservations(cmsisNnProfiles, new TermReader(paths));
  const residuals = pooledResiduals(cmsisNnProfiles, observations);
  return cmsisNnProfiles.map((spec) => makeProfile(spec, paths, observations, residuals, sourcesOf(spec)));
}

export interface FittedProject {
  /** All profiles of each runtime file (without `.json`) whose rows are in the project. */
  readonly profiles: ReadonlyMap<string, readonly LatencyProfile[]>;
  /** Of the libraries beside TFLM with CMSIS-NN. */
  readonly figures: readonly MemberFigures[];
}

/** Everything that the rows in the project give. */
export function fitProject(): FittedProject {
  const file = 'tflm-cmsis-nn';
  const cmsisNn = fitProfiles(readRuntime(file).latency.paths);
  const profiles = new Map<string, readonly LatencyProfile[]>([[file, cmsisNn]]);
  const fitted = fitInside(priorProfile(cmsisNn));
  for (const library of fitted) {
    for (const [name, list] of library.profiles) {
      profiles.set(name, [...(profiles.get(name) ?? []), ...list]);
    }
  }
  return { profiles, figures: fitted.flatMap(({ figures }) => figures) };
}
