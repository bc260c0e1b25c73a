/**
 * Texts with markers, so that a test of a feature is data: `$0` is the cursor, `$1`..`$2` the ends of a selection,
 * `//- /name.nas` begins another file, and `//^^^ code: words` under a line expects a problem above the carets.
 */

import type { FileSystem } from '../analysis/files.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { Workspace } from '../analysis/workspace.ts';

export interface ExpectedProblem {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly code: string;
  /** Must occur in the message. */
  readonly words: string;
}

export interface Fixture {
  readonly workspace: Workspace;
  /** The file with the cursor, else the last one. */
  readonly snapshot: Snapshot;
  /** Offset of `$0`; -1 without. */
  readonly cursor: number;
  /** Offsets of `$1` and `$2`. */
  readonly selection: { readonly start: number; readonly end: number } | undefined;
  readonly expected: readonly ExpectedProblem[];
}

const fileMark = /^\/\/- (\/\S+)\n/gm;
const annotation = /^\s*\/\/(\s*)(\^+) ([\w/-]+): ?(.*)$/;

export function fixture(source: string): Fixture {
  const parts = source.startsWith('//- ') ? split(source) : [{ path: '/main.nas', text: source }];
  const texts = new Map<string, string>();
  let main = uriOf(parts[parts.length - 1]?.path ?? '/main.nas');
  let cursor = -1;
  let selection: Fixture['selection'];
  let expected: readonly ExpectedProblem[] = [];
  for (const { path, text } of parts) {
    const annotated = extractProblems(text);
    const marked = extractMarks(annotated.text);
    texts.set(uriOf(path), marked.text);
    const marks = marked.places;
    const at = marks.get('$0');
    const [from, to] = [marks.get('$1'), marks.get('$2')];
    if (at !== undefined || from !== undefined) main = uriOf(path);
    if (at !== undefined) cursor = at;
    if (from !== undefined && to !== undefined) selection = { start: from, end: to };
    if (uriOf(path) === main) expected = annotated.expected;
  }
  const workspace = new Workspace(filesOf(texts));
  workspace.setFolders(['file:///']);
  const snapshot = workspace.open(main, 1, texts.get(main) ?? '');
  return { workspace, snapshot, cursor, selection, expected };
}

function uriOf(path: string): string {
  return `file://${path}`;
}

function split(source: string): { path: string; text: string }[] {
  const marks = [...source.matchAll(fileMark)];
  return marks.map((mark, index) => ({
    path: mark[1] ?? '',
    text: source.slice(mark.index + mark[0].length, marks[index + 1]?.index ?? source.length),
  }));
}

function extractMarks(text: string): { text: string; places: ReadonlyMap<string, number> } {
  const places = new Map<string, number>();
  let plain = '';
  let last = 0;
  for (const mark of text.matchAll(/\$[012]/g)) {
    plain += text.slice(last, mark.index);
    places.set(mark[0], plain.length);
    last = mark.index + mark[0].length;
  }
  return { text: plain + text.slice(last), places };
}

/** Takes the lines of carets out; each speaks of the line above it. */
function extractProblems(text: string): { text: string; expected: ExpectedProblem[] } {
  const kept: string[] = [];
  const expected: ExpectedProblem[] = [];
  for (const line of text.split('\n')) {
    const found = annotation.exec(line);
    if (found === null) {
      kept.push(line);
      continue;
    }
    const start = line.indexOf('^');
    expected.push({
      line: kept.length - 1,
      start,
      end: start + (found[2] ?? '').length,
      code: found[3] ?? '',
      words: (found[4] ?? '').trim(),
    });
  }
  return { text: kept.join('\n'), expected };
}

export function filesOf(texts: ReadonlyMap<string, string>): FileSystem {
  return {
    read: (uri) => texts.get(uri),
    find: () => [...texts.keys()].filter((uri) => uri.endsWith('.nas')),
    list: (folder, most) => {
      const start = `${folder.replace(/\/$/, '')}/`;
      const inside = [...texts.keys()].filter((uri) => uri.startsWith(start));
      // What is deeper stands in a folder of this one.
      return [...new Set(inside.map((uri) => uri.slice(start.length).replace(/\/.*/, '/')))].slice(0, most);
    },
    kind: (uri) =>
      texts.has(uri)
        ? 'file'
        : [...texts.keys()].some((each) => each.startsWith(`${uri}/`))
          ? 'folder'
          : 'missing',
  };
}

/** The text after edits in LSP's form, to compare with what is expected. */
export function applied(
  snapshot: Snapshot,
  edits: readonly { readonly range: Parameters<Snapshot['lines']['span']>[0]; readonly newText: string }[],
): string {
  const sorted = edits
    .map(({ range, newText }) => ({ ...snapshot.lines.span(range), newText }))
    .sort((a, b) => b.start - a.start);
  return sorted.reduce(
    (text, { start, end, newText }) => text.slice(0, start) + newText + text.slice(end),
    snapshot.text,
  );
}
