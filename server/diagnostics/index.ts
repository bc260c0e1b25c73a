/**
 * Every problem of a document: what the parser and the meaning say, and what only the costs can tell. One file
 * per diagnostic of cost in this folder; here they are gathered and put into LSP's form.
 */

import { visible } from '../../engine/space/index.ts';
import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic,
  type DiagnosticRelatedInformation,
} from 'vscode-languageserver-types';
import type { Fix, Problem, Severity } from '../../engine/space/types.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Lines } from '../analysis/lines.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { alwaysMetConstraints } from './constraint-always-met.ts';
import { withoutConsequences } from './consequences.ts';
import { missingData } from './data-missing.ts';
import { impossibleConstraints } from './constraint-impossible.ts';
import { unknownConstraints } from './constraint-unknown.ts';
import { slowKernelPaths } from './kernel-slow-path.ts';
import { unsupportedOperators } from './operator-unsupported.ts';
import { arenasThatDoNotFit } from './memory-does-not-fit.ts';
import { listed } from './problems-too-many.ts';
import { unknownSchedules } from './schedule-unknown.ts';
import { slipFixes } from './slips.ts';
import { slowReductions } from './slow-reduction.ts';
import { syntaxProblems } from './syntax.ts';
import { targetValueFixes } from './target-values.ts';
import { unknownTargets } from './target-unknown.ts';

const source = 'nasturtium';

/** Problems whose place lies in this file, in source order. */
export function problemsOf(snapshot: Snapshot, settings: Settings): readonly Problem[] {
  const problems = [
    ...syntaxProblems(snapshot),
    ...meaningProblems(snapshot),
    ...missingData(snapshot),
    ...unknownTargets(snapshot),
    ...unsupportedOperators(snapshot),
    ...impossibleConstraints(snapshot),
    ...alwaysMetConstraints(snapshot),
    ...unknownConstraints(snapshot),
    ...unknownSchedules(snapshot),
    ...arenasThatDoNotFit(snapshot),
    ...(settings.diagnostics.slowPath ? [...slowKernelPaths(snapshot), ...slowReductions(snapshot)] : []),
  ];
  problems.sort((a, b) => a.start - b.start || a.end - b.end);
  return withoutConsequences(withoutRepeats(problems), (offset) => snapshot.lines.lineAt(offset));
}

/** Two targets can have the same to say of a layer. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, start, end, message }) => {
    const key = `${code} ${start} ${end} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function meaningProblems(snapshot: Snapshot): Problem[] {
  const { analysis, uri } = snapshot;
  return analysis.problems
    .filter(({ file }) => file === uri)
    .map((problem) =>
      problem.fixes.length > 0 ? problem : { ...problem, fixes: fixesOf(snapshot, problem) },
    );
}

function fixesOf(snapshot: Snapshot, problem: Problem): readonly Fix[] {
  const ofTarget = problem.code === 'setting/missing' ? targetValueFixes(snapshot, problem) : [];
  return ofTarget.length > 0 ? ofTarget : slipFixes(snapshot.text, problem);
}

export function diagnose(snapshot: Snapshot, settings: Settings): Diagnostic[] {
  return listed(problemsOf(snapshot, settings)).map((problem) => toDiagnostic(snapshot, problem, settings));
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Codes of things that do nothing, which an editor greys out. */
const unnecessary = new Set(['name/unused', 'constraint/always-met']);

export function toDiagnostic(snapshot: Snapshot, problem: Problem, settings: Settings): Diagnostic {
  return toLspDiagnostic(problem, settings, snapshot.lines, (file) =>
    file === snapshot.uri ? snapshot.lines : snapshot.other(file)?.lines,
  );
}

/** The same for a problem of any text. @param linesOf the text of another file, if it can be read */
export function toLspDiagnostic(
  problem: Problem,
  settings: Settings,
  lines: Lines,
  linesOf: (file: string) => Lines | undefined,
): Diagnostic {
  const related = relatedInformation(problem, linesOf);
  const href = documentationOf(problem.code, settings);
  return {
    range: lines.range(problem),
    severity: severities[problem.severity],
    code: problem.code,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source,
    message: visible(problem.message),
    ...(unnecessary.has(problem.code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
    ...(problem.fixes.length > 0 ? { data: { fixes: problem.fixes.map((fix) => fix.title) } } : {}),
  };
}

/** The address of a code's page: `docs/diagnostics/name-unknown.md` for `name/unknown`; `undefined` if not known. */
export function documentationOf(code: string, settings: Settings): string | undefined {
  const base = settings.diagnostics.documentationBase;
  if (base === undefined) return undefined;
  return `${base}${base.endsWith('/') ? '' : '/'}${code.replaceAll('/', '-')}.md`;
}

function relatedInformation(
  problem: Problem,
  linesOf: (file: string) => Lines | undefined,
): DiagnosticRelatedInformation[] {
  return problem.related.flatMap(({ file, span, message }) => {
    const lines = linesOf(file);
    return lines === undefined
      ? []
      : [{ location: { uri: file, range: lines.range(span) }, message: visible(message) }];
  });
}
