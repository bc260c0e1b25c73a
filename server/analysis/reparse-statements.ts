/**
 * Reading a long declaration again after an edit among its statements: only the lines around it are parsed, between
 * the declaration's own head and a closing brace. Two statements on either side must come out as they were, or the
 * edit reaches further and the whole declaration is read.
 */

import type { Comment, Declaration, ParseResult, Span, Statement } from '../../grammar/ast.ts';
import type { Change } from './edits.ts';

/** Fewer statements are read at once as quickly. */
const LONG = 64;
/** Statements before and after those that an edit touches: the nearest may join it, the next must not change. */
const AROUND = 2;

type WithBody = Declaration & { readonly body: readonly Statement[] };

/** The statements `[from, to)` of the old body are replaced; all places are those of the new text. */
export interface Reread {
  readonly from: number;
  readonly to: number;
  readonly statements: Statement[];
  readonly comments: readonly Comment[];
  /** What was read again, in the old text. */
  readonly span: Span;
}

/** `undefined` when the whole declaration has to be read. `move` shifts a tree by a number of code units. */
export function rereadStatements(
  old: Declaration,
  text: string,
  { span, inserted }: Change,
  parse: (text: string) => ParseResult,
  move: <T extends object>(node: T, by: number) => T,
): Reread | undefined {
  if (!isLong(old)) return undefined;
  const { body } = old;
  const delta = inserted - (span.end - span.start);
  const head = body[0]?.start ?? 0;
  if (span.start < head) return undefined;
  let from = Math.max(0, firstWhere(body, ({ end }) => end >= span.start) - AROUND);
  while (from > 0 && !startsLine(text, body[from]?.start ?? 0)) from--;
  let to = Math.min(body.length, firstWhere(body, ({ start }) => start > span.end) + AROUND);
  let end = lineEnd(text, (body[to - 1]?.end ?? 0) + delta);
  while (to < body.length && end > (body[to]?.start ?? 0) + delta)
    end = lineEnd(text, (body[to++]?.end ?? 0) + delta);
  const start = body[from]?.start ?? head;
  const isLast = to === body.length;
  if (isLast) end = old.end + delta;
  const before = `${text.slice(old.start, head)}${from === 0 ? '' : '\n'}`;
  const part = `${before}${text.slice(start, end)}${isLast ? '' : '\n}'}`;
  const { file, problems } = parse(part);
  const [only, second] = file.declarations;
  if (only === undefined || second !== undefined || problems.length > 0) return undefined;
  if (only.kind !== old.kind || only.start !== 0 || only.end !== part.length || !('body' in only))
    return undefined;
  const by = start - before.length;
  const statements = move([...only.body], by);
  const isAnchored =
    (from === 0 || isPlaced(statements[0], body[from], 0)) &&
    (isLast || isPlaced(statements.at(-1), body[to - 1], delta));
  if (!isAnchored) return undefined;
  const inside = ({ start: at }: Span): boolean => at >= before.length && at < before.length + end - start;
  const comments = file.comments.filter(inside).map((comment) => move(comment, by));
  return { from, to, statements, comments, span: { start, end: end - delta } };
}

function isLong(declaration: Declaration): declaration is WithBody {
  return 'body' in declaration && declaration.body.length >= LONG;
}

function isPlaced(fresh: Statement | undefined, old: Statement | undefined, by: number): boolean {
  if (fresh === undefined || old === undefined) return false;
  return fresh.kind === old.kind && fresh.start === old.start + by && fresh.end === old.end + by;
}

/** The index of the first for which `holds`, as it does for all after it; their number when it does for none. */
function firstWhere(body: readonly Statement[], holds: (statement: Statement) => boolean): number {
  let low = 0;
  let high = body.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const statement = body[middle];
    if (statement !== undefined && holds(statement)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function startsLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}
