/** All profiles whose rows are in the project. */

import type { LatencyProfile } from '../../../device-profiles/types.ts';
import type { FittedLibrary, MemberFigures } from './fit-library.ts';
import { fitInside, priorProfile, readRuntime } from './libraries-fit.ts';
import { fitProfiles, judgeTrunk, trunkFigures, type Trunk } from './trunk.ts';

export interface FittedProject {
  /** All profiles of each runtime file (without `.json`) whose rows are in the project. */
  readonly profiles: ReadonlyMap<string, readonly LatencyProfile[]>;
  readonly trunk: Trunk;
  readonly trunkFigures: readonly MemberFigures[];
  /** The libraries beside TFLM with CMSIS-NN. */
  readonly libraries: readonly FittedLibrary[];
}

/** Everything that the rows in the project give. */
export function fitProject(): FittedProject {
  const file = 'tflm-cmsis-nn';
  const { id, latency } = readRuntime(file);
  const { paths } = latency;
  const trunk = judgeTrunk(paths);
  const cmsisNn = fitProfiles(paths, trunk);
  const libraries = fitInside(priorProfile(cmsisNn));
  const profiles = new Map<string, readonly LatencyProfile[]>();
  for (const library of libraries) {
    for (const [name, list] of library.profiles) {
      profiles.set(name, [...(profiles.get(name) ?? []), ...list]);
    }
  }
  // Builds of 2023 come before those of 2020: a Cortex-M7 that was not measured takes the first.
  profiles.set(file, [...(profiles.get(file) ?? []), ...cmsisNn]);
  return { profiles, trunk, trunkFigures: trunkFigures(trunk, id), libraries };
}
