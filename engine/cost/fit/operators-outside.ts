/** Errors of single operators whose rows lie outside the project: only errors enter it. */

import { round } from './intervals.ts';
import type { OperatorResidual } from './operator-residuals.ts';
import type { Evidence } from './evidence.ts';
import byTerms from './operators-by-terms.json' with { type: 'json' };
import file from './operators-outside.json' with { type: 'json' };

/** Errors of one family on one profile, as the file has them. */
export interface ErrorGroup {
  readonly profile: string;
  readonly family: string;
  readonly evidence: Evidence;
  /** The networks that they were left out with, in the order of `ratios`. */
  readonly networks: readonly string[];
  /** predicted / measured */
  readonly ratios: readonly number[];
}

/** What a fit by terms did on the kernels that are counted now: many errors, which no other runtime has. */
export const byTermsErrors = (): OperatorResidual[] =>
  residualsOfGroups(byTerms.groups as readonly ErrorGroup[]);

/** The errors of the last fit with rows outside the project. */
export function outsideErrors(): OperatorResidual[] {
  // The file is written by `npm run fit -- --with DIR` in this form.
  return residualsOfGroups(file.groups as readonly ErrorGroup[]);
}

/** Residuals in the form of the file. */
export function groupErrors(residuals: readonly OperatorResidual[]): ErrorGroup[] {
  const groups = new Map<string, OperatorResidual[]>();
  for (const residual of residuals) {
    const key = `${residual.profile}|${residual.family}|${residual.evidence}`;
    groups.set(key, [...(groups.get(key) ?? []), residual]);
  }
  return [...groups.values()].flatMap((list): ErrorGroup[] => {
    const [first] = list;
    if (first === undefined) return [];
    const { profile, family, evidence } = first;
    const networks = list.map(({ network }) => network);
    return [{ profile, family, evidence, networks, ratios: list.map(({ ratio }) => round(ratio, 3)) }];
  });
}

/** The file's errors. */
export function residualsOfGroups(groups: readonly ErrorGroup[]): OperatorResidual[] {
  return groups.flatMap(({ profile, family, evidence, networks, ratios }) =>
    ratios.map((ratio, at) => ({
      profile,
      family,
      evidence,
      network: networks[at] ?? '',
      ratio,
    })),
  );
}
