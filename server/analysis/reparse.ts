/**
 * Reading a text again after an edit inside one declaration or between two: only that is parsed, all others keep
 * their nodes, those after it with new offsets, and so do its statements before and after those that changed. Gives
 * what parsing the whole text would give (a property test compares them), or `undefined` when the edit could reach
 * further than its declaration.
 *
 * The tree of the old version is taken over and must not be read for places any more. That nodes stay the same
 * objects is the point: what was computed for a declaration can be found again by it.
 */

import type { Declaration, ParseResult, Span, Statement } from '../../grammar/ast.ts';
import type { Change } from './edits.ts';
import { rereadStatements, type Reread } from './reparse-statements.ts';

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
  if (old === undefined) return reparseGap(before, text, change, parse);
  if (before.problems.some(({ code }) => code === 'syntax/unclosed')) return undefined;
  const delta = change.inserted - (change.span.end - change.span.start);
  const next = declarations[index + 1];
  const segmentEnd = next === undefined ? text.length : next.start + delta;
  // The declaration must have lines of its own: problems are settled line by line.
  if (!startsLine(text, old.start) || (next !== undefined && !startsLine(text, segmentEnd))) return undefined;
  const short = before.problems.length > 0 ? undefined : rereadStatements(old, text, change, parse, moved);
  if (short !== undefined) {
    const declaration = withStatements(old, short, delta);
    return assembled(before, delta, short.span, [index, [declaration], index + 1], short);
  }
  const segment = text.slice(old.start, segmentEnd);
  const inner = parse(segment);
  const [only, second] = inner.file.declarations;
  if (only === undefined || second !== undefined || only.start !== 0 || only.kind !== old.kind)
    return undefined;
  if (!isSelfContained(segment, only, inner)) return undefined;
  // Problems outside every declaration belong to what is between them.
  const read = { start: old.start, end: next === undefined ? before.file.end : next.start };
  return assembled(before, delta, read, [index, [adopted(old, moved(only, old.start))], index + 1], {
    comments: moved(inner.file.comments, old.start),
    problems: moved(inner.problems, old.start),
  });
}

/** After an edit among the blanks and comments between two declarations. */
function reparseGap(
  before: ParseResult,
  text: string,
  change: Change,
  parse: Parse,
): ParseResult | undefined {
  const { declarations } = before.file;
  if (before.problems.length > 0) return undefined;
  const index = declarations.findIndex(({ start }) => start >= change.span.end);
  const [last, next] = [declarations[index - 1], declarations[index]];
  if (last === undefined || next === undefined || change.span.start <= last.end) return undefined;
  const delta = change.inserted - (change.span.end - change.span.start);
  const oldEnd = next.start;
  const gap = text.slice(last.end, oldEnd + delta);
  const inner = parse(gap);
  // The declarations keep their lines, and nothing but blanks and comments stands between them.
  if (!gap.startsWith('\n') || !gap.endsWith('\n')) return undefined;
  if (inner.file.declarations.length > 0 || inner.problems.length > 0) return undefined;
  return assembled(before, delta, { start: last.end, end: oldEnd }, [index, [], index], {
    comments: moved(inner.file.comments, last.end),
  });
}

/**
 * The old tree without what stood in `read`, in places of the old text, and with what was read there instead, in places of
 * the new one. Instead of the declarations `[from, to)` stand those between the two numbers.
 */
function assembled(
  before: ParseResult,
  delta: number,
  read: Span,
  [from, instead, to]: readonly [from: number, instead: readonly Declaration[], to: number],
  { comments, problems = [] }: Partial<ParseResult> & Pick<ParseResult['file'], 'comments'>,
): ParseResult {
  const { file } = before;
  const around = <T extends Span>(old: readonly T[], fresh: readonly T[]): T[] => [
    ...old.filter(({ start }) => start < read.start),
    ...fresh,
    ...moved(
      old.filter(({ start }) => start >= read.end),
      delta,
    ),
  ];
  return {
    file: {
      ...file,
      end: file.end + delta,
      declarations: [
        ...file.declarations.slice(0, from),
        ...instead,
        ...moved(file.declarations.slice(to), delta),
      ],
      comments: around(file.comments, comments),
    },
    problems: around(before.problems, problems),
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

/** A plain object of the tree, whose fields may be written while no version but the next one uses it. */
type Fields = Record<string, unknown>;

/** Moves every offset of a tree. */
function moved<T extends object>(node: T, by: number): T {
  if (by !== 0) shift(node as unknown as Fields, by);
  return node;
}

function shift(node: Fields, by: number): void {
  for (const key in node) {
    const field = node[key];
    if (typeof field === 'number') {
      if (key === 'start' || key === 'end') node[key] = field + by;
    } else if (typeof field === 'object' && field !== null) shift(field as Fields, by);
  }
}

const layouts = new WeakMap<Declaration, number>();

/** Grows whenever the insides of a declaration move against each other while it stays the same. */
export function layoutOf(declaration: Declaration): number {
  return layouts.get(declaration) ?? 0;
}

/**
 * The old declaration with the new places when only blanks and comments differ, else the new one with the old
 * statements before and after those that differ.
 */
function adopted(old: Declaration, fresh: Declaration): Declaration {
  if (!isSame(old as unknown as Fields, fresh as unknown as Fields)) {
    if ('body' in old && 'body' in fresh) adoptStatements(old.body, fresh.body as Statement[]);
    return fresh;
  }
  place(old as unknown as Fields, fresh as unknown as Fields);
  layouts.set(old, layoutOf(old) + 1);
  return old;
}

/** The same for a declaration of which only some statements were read again. */
function withStatements(old: Declaration, { from, to, statements }: Reread, delta: number): Declaration {
  if (!('body' in old)) return old;
  const replaced = old.body.slice(from, to);
  for (const statement of old.body.slice(to)) moved(statement, delta);
  adoptStatements(replaced, statements);
  const isUnchanged =
    statements.length === replaced.length &&
    statements.every((statement, index) => statement === replaced[index]);
  if (!isUnchanged) {
    const body = [...old.body.slice(0, from), ...statements, ...old.body.slice(to)];
    return { ...old, end: old.end + delta, body };
  }
  (old as unknown as Fields)['end'] = old.end + delta;
  layouts.set(old, layoutOf(old) + 1);
  return old;
}

function adoptStatements(old: readonly Statement[], fresh: Statement[]): void {
  const adopt = (from: number, to: number): boolean => {
    const [kept, replaced] = [old[from], fresh[to]];
    if (kept === undefined || replaced === undefined) return false;
    if (!isSame(kept as unknown as Fields, replaced as unknown as Fields)) return false;
    place(kept as unknown as Fields, replaced as unknown as Fields);
    fresh[to] = kept;
    return true;
  };
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && adopt(head, head)) head++;
  for (let tail = 1; tail <= shorter - head && adopt(old.length - tail, fresh.length - tail);) tail++;
}

/** Equal but for offsets. */
function isSame(a: Fields, b: Fields): boolean {
  if (Array.isArray(a) && (!Array.isArray(b) || a.length !== b.length)) return false;
  for (const key in a) {
    const [left, right] = [a[key], b[key]];
    if (typeof left === 'object' && left !== null) {
      if (typeof right !== 'object' || right === null || !isSame(left as Fields, right as Fields))
        return false;
    } else if (left !== right && key !== 'start' && key !== 'end') return false;
  }
  return true;
}

function place(old: Fields, fresh: Fields): void {
  for (const key in fresh) {
    const field = fresh[key];
    if (typeof field === 'object' && field !== null) place(old[key] as Fields, field as Fields);
    else if (key === 'start' || key === 'end') old[key] = field;
  }
}
