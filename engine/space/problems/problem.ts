/** How a diagnostic is defined: one file per code beside this one, collected in `catalogue.ts`. */

import type { Span } from '../../../grammar/ast.ts';
import type { Fix, Problem, Severity } from '../types.ts';

export interface ProblemKind<A> {
  /** `docs/diagnostics/<code with - for />.md` explains it. */
  readonly code: string;
  readonly severity: Severity;
  /** A full sentence: what is wrong, why, and what to do. */
  readonly message: (args: A) => string;
  /** Edits that mend it, most likely first. */
  readonly fixes?: (args: A, span: Span) => readonly Fix[];
}

export interface Place {
  readonly file: string;
  readonly span: Span;
}

/** A problem whose place is not known yet. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fixes: (span: Span) => readonly Fix[];
}

export function finding<A>(kind: ProblemKind<A>, args: A): Finding {
  return {
    code: kind.code,
    severity: kind.severity,
    message: kind.message(args),
    fixes: (span) => kind.fixes?.(args, span) ?? [],
  };
}

export function problemAt(
  found: Finding,
  place: Place,
  related: Problem['related'] = [],
  suffix = '',
): Problem {
  return {
    code: found.code,
    severity: found.severity,
    message: found.message + suffix,
    file: place.file,
    start: place.span.start,
    end: place.span.end,
    related,
    fixes: found.fixes(place.span),
  };
}

/** The one fix "replace what is underlined by `text`". */
export function replaceBy(text: string | undefined, span: Span): readonly Fix[] {
  if (text === undefined) return [];
  return [{ title: `Change to \`${text}\``, preferred: true, edits: [{ span, text }] }];
}

export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`;
}
