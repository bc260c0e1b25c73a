/** What the tables of problems beside this file are made of. */

import type { Span } from '../../../grammar/ast.ts';
import type { Fix, Problem, Severity } from '../types.ts';

export interface ProblemKind<A> {
  readonly severity: Severity;
  /** A full sentence: what is wrong, why, and what to do. */
  readonly message: (args: A) => string;
  /** Edits that mend it, most likely first. */
  readonly fixes: (args: A, span: Span) => readonly Fix[];
}

type Row = <A>(message: ProblemKind<A>['message'], fixes?: ProblemKind<A>['fixes']) => ProblemKind<A>;

const row =
  (severity: Severity): Row =>
  (message, fixes = () => []) => ({ severity, message, fixes });

export const error = row('error');
export const warning = row('warning');
export const information = row('information');
export const hint = row('hint');

/** A problem whose place is not known yet. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fixes: (span: Span) => readonly Fix[];
}

export interface Place {
  readonly file: string;
  readonly span: Span;
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

/** The one fix that puts `text` in the place of `span`. */
export function fix(title: string, { start, end }: Span, text: string): readonly Fix[] {
  return [{ title, preferred: true, edits: [{ span: { start, end }, text }] }];
}

/** The one fix "replace what is underlined by `text`". */
export function replaceBy(text: string | undefined, span: Span): readonly Fix[] {
  return text === undefined ? [] : fix(`Change to \`${text}\``, span, text);
}

/** Arguments of a problem with a word that is not known: the known one that is nearest, if one is near. */
export interface Suggested {
  readonly suggestion: string | undefined;
}

export function didYouMean({ suggestion }: Suggested): string {
  return suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`;
}

export const replaceBySuggestion = ({ suggestion }: Suggested, span: Span): readonly Fix[] =>
  replaceBy(suggestion, span);
