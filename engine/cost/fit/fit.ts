/** All profiles whose rows are in the project. */

import type { LatencyProfile } from '../../../device-profiles/types.ts';
import type { FittedLibrary, MemberFigures } from './fit-library.ts';
import { fitInside, insideErrors, priorProfile, readRuntime } from './libraries-fit.ts';
import { OperatorCalibration } from './operator-intervals.ts';
import type { OperatorResidual } from './operator-residuals.ts';
import { outsideErrors } from './operators-outside.ts';
import {
  fitProfiles,
  validateBaseModel,
  baseModelErrors,
  baseModelFigures,
  baseRuntime,
  type BaseModel,
} from './base-model.ts';

export interface FittedProject {
  /** All profiles of each runtime file (without `.json`) whose rows are in the project. */
  readonly profiles: ReadonlyMap<string, readonly LatencyProfile[]>;
  readonly baseModel: BaseModel;
  readonly baseModelFigures: readonly MemberFigures[];
  /** The libraries beside TFLM with CMSIS-NN. */
  readonly libraries: readonly FittedLibrary[];
  /** Errors of single operators, of the project and from outside it. */
  readonly operators: OperatorCalibration;
}

/** Everything that the rows in the project give. `outside`: errors of operators whose rows are not in it. */
export function fitProject(outside: readonly OperatorResidual[] = outsideErrors()): FittedProject {
  const { id, latency } = readRuntime(baseRuntime);
  const { paths } = latency;
  const baseModel = validateBaseModel(paths);
  // Where other libraries start from needs no intervals.
  const start = priorProfile(fitProfiles(paths, baseModel, new OperatorCalibration([])));
  const operators = new OperatorCalibration([
    ...baseModelErrors(baseModel),
    ...insideErrors(start),
    ...outside,
  ]);
  const cmsisNn = fitProfiles(paths, baseModel, operators);
  const libraries = fitInside(start, operators);
  const profiles = new Map<string, readonly LatencyProfile[]>();
  for (const library of libraries) {
    for (const [name, list] of library.profiles) {
      profiles.set(name, [...(profiles.get(name) ?? []), ...list]);
    }
  }
  // Builds of 2023 come before those of 2020: a Cortex-M7 that was not measured takes the first.
  profiles.set(baseRuntime, [...(profiles.get(baseRuntime) ?? []), ...cmsisNn]);
  return { profiles, baseModel, baseModelFigures: baseModelFigures(baseModel, id), libraries, operators };
}
