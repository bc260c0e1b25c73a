/**
 * Reading a text again after an edit inside one declaration: only that declaration is parsed, those before it are
 * kept and those after it moved. Gives what parsing the whole text would give (a property test compares them),
 * or `undefined` when the edit could reach further than its declaration.
 */

import type { Comment, Declaration, ParseResult, Span, SyntaxProblem } from '../../grammar/ast.ts';
import type { Change } from './edits.ts';

type Parse = (text: string) => ParseResult;

/** Below this many code units parsing everything costs less than being clever. */
const worthwhile = 2000;

export function reparse(
  before: ParseResult,
  text: string,
  change: Change,
  parse: Parse,
): ParseResult | undefined {
  if (text.length < worthwhile) return undefined;
  const { declarations } = before.file;
  const index = declarations.findIndex(
    ({ start, end }) => start < change.span.start && change.span.end < end,
  );
  const old = declarations[index];
  if (old === undefined || before.problems.some(({ code }) => code === 'syntax/unclosed')) return undefined;
  const delta = change.inserted - (change.span.end - change.span.start);
  const next = declarations[index + 1];
  const segmentEnd = next === undefined ? text.length : next.start + delta;
  // The declaration must have lines of its own: problems are settled line by line.
  if (!startsLine(text, old.start) || (next !== undefined && !startsLine(text, segmentEnd))) return undefined;
  const segment = text.slice(old.start, segmentEnd);
  const inner = parse(segment);
  const [only, second] = inner.file.declarations;
  if (only === undefined || second !== undefined || only.start !== 0 || only.kind !== old.kind)
    return undefined;
  if (!isSelfContained(segment, only, inner)) return undefined;
  // Problems outside every declaration belong to what is between them.
  const oldEnd = next === undefined ? before.file.end : next.start;
  const isOutside = (span: Span): boolean => span.start < old.start || span.start >= oldEnd;
  return {
    file: {
      ...before.file,
      end: before.file.end + delta,
      declarations: [
        ...declarations.slice(0, index),
        moved(only, old.start),
        ...declarations.slice(index + 1).map((declaration) => moved(declaration, delta)),
      ],
      comments: merge<Comment>(before.file.comments.filter(isOutside), inner.file.comments, old.start, delta),
    },
    problems: merge<SyntaxProblem>(before.problems.filter(isOutside), inner.problems, old.start, delta),
  };
}

/** The declaration is closed by its own brace and nothing but blanks and comments follow. */
function isSelfContained(segment: string, declaration: Declaration, parsed: ParseResult): boolean {
  if (segment.charAt(declaration.end - 1) !== '}') return false;
  // A broken head is mended by looking at what follows, which may be beyond the segment.
  const headEnd = segment.indexOf('{');
  const reachesOut = parsed.problems.some(
    ({ code, start, end }) => code === 'syntax/unclosed' || start <= headEnd || end >= declaration.end,
  );
  if (headEnd === -1 || reachesOut) return false;
  let at = declaration.end;
  for (const comment of parsed.file.comments) {
    if (comment.start < declaration.end) continue;
    if (segment.slice(at, comment.start).trim() !== '') return false;
    at = comment.end;
  }
  return segment.slice(at).trim() === '';
}

function startsLine(text: string, offset: number): boolean {
  return offset === 0 || text.charAt(offset - 1) === '\n';
}

/** Spans before the segment stay, those of the segment are moved into place, those behind it by `delta`. */
function merge<T extends Span>(
  outside: readonly T[],
  inner: readonly T[],
  start: number,
  delta: number,
): T[] {
  const split = outside.findIndex((span) => span.start >= start);
  const head = split === -1 ? outside : outside.slice(0, split);
  const tail = split === -1 ? [] : outside.slice(split);
  return [...head, ...inner.map((span) => moved(span, start)), ...tail.map((span) => moved(span, delta))];
}

/** A copy with every offset moved. Trees are plain values, so copying by fields is copying. */
function moved<T>(node: T, by: number): T {
  return by === 0 ? node : (copy(node, by) as T);
}

function copy(value: unknown, by: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return items.length === 0 || typeof items[0] !== 'object' ? items : items.map((item) => copy(item, by));
  }
  const source = value as Readonly<Record<string, unknown>>;
  const target: Record<string, unknown> = {};
  for (const key in source) {
    const field = source[key];
    if (typeof field === 'number') target[key] = key === 'start' || key === 'end' ? field + by : field;
    else target[key] = typeof field === 'object' ? copy(field, by) : field;
  }
  return target;
}
