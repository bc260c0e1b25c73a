/** Extract: whole statements of a body become a block, with the names they read as parameters. */

import { CodeActionKind } from 'vscode-languageserver-types';
import type { Span, Statement } from '../../../grammar/ast.ts';
import { referencesIn } from '../../analysis/names.ts';
import type { Snapshot } from '../../analysis/snapshot.ts';
import { bodyOf } from '../../../grammar/index.ts';
import type { Refactoring } from '../code-actions.ts';

export function extractBlock(snapshot: Snapshot, span: Span): Refactoring | undefined {
  if (span.start === span.end) return undefined;
  const selected = trimmed(snapshot.text, span);
  for (const declaration of snapshot.parse.file.declarations) {
    if (declaration.start > selected.start || declaration.end < selected.end) continue;
    const body = statementsAround(bodyOf(declaration), selected);
    const statements = body.filter((s) => s.start >= selected.start && s.end <= selected.end);
    const [first] = statements;
    const last = statements[statements.length - 1];
    if (first === undefined || last === undefined) return undefined;
    // Half a statement selected: what the person wants is not clear.
    if (first.start !== selected.start || last.end < selected.end - 1) return undefined;
    // A skip joins the input of its own body: in a block it would join something else, unless it is the whole.
    if (statements.some((s) => s.kind === 'skip') && statements.length !== body.length) return undefined;
    const region = { start: first.start, end: last.end };
    const reads = namesRead(snapshot, region);
    if (reads === undefined) return undefined;
    const name = freshBlockName(snapshot);
    const parameters = reads.length > 0 ? `(${reads.join(', ')})` : '';
    const inner = indented(snapshot, region);
    const before = snapshot.lines.startOf(snapshot.lines.lineAt(declaration.start));
    return {
      title: `Extract ${statements.length === 1 ? 'the statement' : `${statements.length} statements`} to a block`,
      kind: CodeActionKind.RefactorExtract,
      edits: [
        { span: { start: before, end: before }, text: `block ${name}${parameters} {\n${inner}\n}\n\n` },
        { span: region, text: `${name}${parameters}` },
      ],
    };
  }
  return undefined;
}

function trimmed(text: string, span: Span): Span {
  const written = text.slice(span.start, span.end);
  const start = span.start + (written.length - written.trimStart().length);
  return { start, end: Math.max(start, span.start + written.trimEnd().length) };
}

/** The innermost body that holds the whole span. */
function statementsAround(body: readonly Statement[], span: Span): readonly Statement[] {
  for (const statement of body) {
    if (statement.start > span.start || statement.end < span.end) continue;
    const inner =
      statement.kind === 'choice' || statement.kind === 'branches'
        ? statement.alternatives.map((alternative) => alternative.body)
        : statement.kind === 'group'
          ? [statement.body]
          : [];
    for (const each of inner) {
      const [first] = each;
      const last = each[each.length - 1];
      if (
        first !== undefined &&
        last !== undefined &&
        first.start <= span.start &&
        span.end <= last.end + 1
      ) {
        return statementsAround(each, span);
      }
    }
  }
  return body;
}

/**
 * Names that the region reads and does not define: the block's parameters. `undefined` when something outside
 * reads a name that the region defines, because the block would hide it.
 */
function namesRead(snapshot: Snapshot, region: Span): string[] | undefined {
  const inside = (span: Span): boolean => span.start >= region.start && span.end <= region.end;
  const names = new Set<string>();
  for (const { span, symbol, access } of referencesIn(snapshot)) {
    const { definition } = symbol;
    if (definition === undefined || access === 'definition') continue;
    const local = symbol.kind === 'let' || symbol.kind === 'tie' || symbol.kind === 'parameter';
    if (!local || definition.file !== snapshot.uri) continue;
    const defined = inside(definition.span);
    if (defined && !inside(span)) return undefined;
    // A `tie` in a block is still one draw for the space, but its name is known only where it stands.
    if (!defined && inside(span) && !isParameterName(snapshot, span)) names.add(symbol.name);
  }
  return [...names];
}

/** The `out` of `MB(out = 8)` names a parameter of another block and reads nothing here. */
function isParameterName(snapshot: Snapshot, span: Span): boolean {
  return snapshot
    .path(span.start)
    .some((node) => node.kind === 'argument' && node.name?.start === span.start);
}

function freshBlockName(snapshot: Snapshot): string {
  const taken = new Set(
    snapshot.parse.file.declarations.flatMap((declaration) =>
      'name' in declaration && declaration.name !== undefined ? [declaration.name.name] : [],
    ),
  );
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'Extracted' : `Extracted${number}`;
    if (!taken.has(name)) return name;
  }
}

/** The region's lines, moved to the indentation of a block's body. */
function indented(snapshot: Snapshot, region: Span): string {
  const { lines, text } = snapshot;
  const line = lines.lineAt(region.start);
  const old = /^\s*/.exec(text.slice(lines.startOf(line), region.start))?.[0] ?? '';
  return text
    .slice(region.start, region.end)
    .split('\n')
    .map((each) => `  ${each.startsWith(old) ? each.slice(old.length) : each.trimStart()}`)
    .join('\n');
}
