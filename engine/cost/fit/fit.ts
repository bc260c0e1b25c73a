/** All profiles and paces whose rows are in the project. */

import type { LatencyProfile } from '../../../device-profiles/types.ts';
import type { FittedLibrary } from './fit-library.ts';
import { fitPaces, type FittedPaces, type KeptSetup } from './fit-paces.ts';
import { fitInside, insideErrors } from './libraries-fit.ts';
import { OperatorCalibration } from './operator-intervals.ts';
import type { OperatorResidual } from './operator-residuals.ts';
import { byTermsErrors, outsideErrors } from './operators-outside.ts';
import outsidePaces from './outside-paces.json' with { type: 'json' };

export interface FittedProject {
  /** All profiles of each runtime file (without `.json`) whose rows are in the project. */
  readonly profiles: ReadonlyMap<string, readonly LatencyProfile[]>;
  readonly paces: FittedPaces;
  /** The libraries that were not counted. */
  readonly libraries: readonly FittedLibrary[];
  /** Errors of single operators, of the project and from outside it. */
  readonly operators: OperatorCalibration;
}

/** What the rows outside the project gave when they were last there: written by `npm run fit -- --with DIR`. */
export const keptSetups = outsidePaces.setups as unknown as readonly KeptSetup[];

/** Everything that the rows in the project give. `outside`: errors of operators whose rows are not in it. */
export function fitProject(outside: readonly OperatorResidual[] = outsideErrors()): FittedProject {
  const operators = new OperatorCalibration([...byTermsErrors(), ...insideErrors(), ...outside]);
  const libraries = fitInside(operators);
  const profiles = new Map<string, readonly LatencyProfile[]>();
  for (const library of libraries) {
    for (const [name, list] of library.profiles) {
      profiles.set(name, [...(profiles.get(name) ?? []), ...list]);
    }
  }
  return { profiles, paces: fitPaces(keptSetups), libraries, operators };
}
