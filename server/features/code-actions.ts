/** The light bulb: fixes of problems, and the refactorings of `refactor/`. */

import {
  CodeActionKind,
  type CodeAction,
  type CodeActionContext,
  type Diagnostic,
  type TextEdit,
} from 'vscode-languageserver-types';
import type { Span } from '../../grammar/ast.ts';
import type { Fix, Problem } from '../../engine/space/types.ts';
import { problemsOf, toDiagnostic } from '../diagnostics/index.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { choiceToTie } from './refactor/choice-to-tie.ts';
import { extractBlock } from './refactor/extract-block.ts';
import { extractLet } from './refactor/extract-let.ts';
import { inlineLet } from './refactor/inline-let.ts';
import { organizeImports } from './refactor/organize-imports.ts';

/** A refactoring as it stands in the menu; edits are in offsets of the snapshot's own text. */
export interface Refactoring {
  readonly title: string;
  readonly kind: CodeActionKind;
  readonly edits: Fix['edits'];
}

const refactorings: readonly (readonly [
  kind: CodeActionKind,
  offer: (snapshot: Snapshot, span: Span) => Refactoring | undefined,
])[] = [
  [CodeActionKind.RefactorExtract, extractLet],
  [CodeActionKind.RefactorExtract, extractBlock],
  [CodeActionKind.RefactorInline, inlineLet],
  [CodeActionKind.RefactorRewrite, choiceToTie],
  [CodeActionKind.SourceOrganizeImports, organizeImports],
];

export function codeActions(
  snapshot: Snapshot,
  span: Span,
  context: CodeActionContext,
  settings: Settings,
): CodeAction[] {
  const wanted = (kind: string): boolean =>
    context.only === undefined ||
    context.only.some((only) => kind === only || kind.startsWith(`${only}.`) || only === '');
  const actions: CodeAction[] = [];
  if (wanted(CodeActionKind.QuickFix)) actions.push(...quickFixes(snapshot, span, context, settings));
  // What reaches over the whole file is offered only when it is asked for by name.
  if (context.only !== undefined && wanted(CodeActionKind.SourceFixAll)) {
    actions.push(...fixAll(snapshot, settings));
  }
  for (const [kind, offer] of refactorings) {
    if (!wanted(kind)) continue;
    if (kind.startsWith('source.') && context.only === undefined) continue;
    const found = offer(snapshot, span);
    if (found === undefined) continue;
    actions.push({
      title: found.title,
      kind: found.kind,
      edit: { changes: { [snapshot.uri]: snapshot.lines.edits(found.edits) } },
    });
  }
  return actions;
}

function quickFixes(
  snapshot: Snapshot,
  span: Span,
  context: CodeActionContext,
  settings: Settings,
): CodeAction[] {
  return problemsOf(snapshot, settings)
    .filter((problem) => problem.start <= span.end && span.start <= problem.end)
    .flatMap((problem) => {
      const mends = diagnosticOf(snapshot, problem, context, settings);
      return problem.fixes.map((fix) => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        isPreferred: fix.preferred,
        diagnostics: [mends],
        edit: { changes: { [snapshot.uri]: snapshot.lines.edits(fix.edits) } },
      }));
    });
}

/** The client's own object for the problem where it sent one, so that it knows which squiggle is mended. */
function diagnosticOf(
  snapshot: Snapshot,
  problem: Problem,
  context: CodeActionContext,
  settings: Settings,
): Diagnostic {
  const own = toDiagnostic(snapshot, problem, settings);
  return (
    context.diagnostics.find(
      (shown) =>
        shown.code === own.code &&
        shown.range.start.line === own.range.start.line &&
        shown.range.start.character === own.range.start.character,
    ) ?? own
  );
}

/** The preferred fix of every problem, as far as the edits do not overlap. */
function fixAll(snapshot: Snapshot, settings: Settings): CodeAction[] {
  const taken: Span[] = [];
  const edits: TextEdit[] = [];
  for (const problem of problemsOf(snapshot, settings)) {
    const fix = problem.fixes.find(({ preferred }) => preferred);
    if (fix === undefined) continue;
    const overlaps = fix.edits.some(({ span }) =>
      taken.some((other) => span.start <= other.end && other.start <= span.end),
    );
    if (overlaps) continue;
    taken.push(...fix.edits.map(({ span }) => span));
    edits.push(...snapshot.lines.edits(fix.edits));
  }
  if (edits.length === 0) return [];
  return [
    {
      title: 'Fix every problem that has a preferred fix',
      kind: CodeActionKind.SourceFixAll,
      edit: { changes: { [snapshot.uri]: edits } },
    },
  ];
}
