/** Every kind of problem of meaning, by its code. `docs/diagnostics/<code with - for />.md` explains each. */

import type { Severity } from '../types.ts';
import { argumentProblems } from './arguments.ts';
import { laterProblems } from './later.ts';
import { nameProblems } from './names.ts';
import type { Finding, ProblemKind } from './problem.ts';
import { settingProblems } from './settings.ts';
import { shapeProblems } from './shapes.ts';
import { spaceProblems } from './spaces.ts';
import { trainingProblems } from './training.ts';
import { valueProblems } from './values.ts';

const tables = {
  ...nameProblems,
  ...argumentProblems,
  ...valueProblems,
  ...shapeProblems,
  ...spaceProblems,
  ...settingProblems,
  ...trainingProblems,
  ...laterProblems,
};

export type ProblemCode = keyof typeof tables;

/** What the message of each code needs to be told. */
export type ProblemArguments = { readonly [C in ProblemCode]: Parameters<(typeof tables)[C]['message']>[0] };

const kinds: { readonly [C in ProblemCode]: ProblemKind<ProblemArguments[C]> } = tables;

export function finding<C extends ProblemCode>(code: C, args: ProblemArguments[C]): Finding {
  const kind = kinds[code];
  return {
    code,
    severity: kind.severity,
    message: kind.message(args),
    fixes: (span) => kind.fixes(args, span),
  };
}

/** For pages, settings and tests that go through all of them. */
export const catalogue: readonly { readonly code: string; readonly severity: Severity }[] = Object.entries(
  kinds,
).map(([code, { severity }]) => ({ code, severity }));
