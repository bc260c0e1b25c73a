/** Folding: bodies in braces, comments that stand together, `// region` to `// endregion`. */

import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver-types';
import type { Comment } from '../../grammar/ast.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { walk, type Node } from '../../grammar/index.ts';

const regionStart = /^\/\/\s*#?region\b\s*(.*)$/;
const regionEnd = /^\/\/\s*#?endregion\b/;

export function foldingRanges(snapshot: Snapshot): FoldingRange[] {
  const { file } = snapshot.parse;
  const ranges: FoldingRange[] = [];
  const add = (start: number, end: number, extra: Partial<FoldingRange> = {}): void => {
    if (end > start) ranges.push({ startLine: start, endLine: end, ...extra });
  };
  walk(file, (node) => {
    if (!hasBody(node)) return;
    const first = snapshot.lines.lineAt(node.start);
    const last = snapshot.lines.lineAt(node.end);
    // The line of the closing brace stays visible.
    add(first, node.kind === 'file' ? last : last - 1);
  });
  for (const fold of commentFolds(snapshot, file.comments)) add(fold.start, fold.end, fold.extra);
  return ranges.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}

/** Nodes that stand between braces over several lines. */
function hasBody(node: Node): boolean {
  switch (node.kind) {
    case 'target':
    case 'dataset':
    case 'block':
    case 'cell':
    case 'space':
    case 'constraints':
    case 'objectives':
    case 'search':
    case 'import':
    case 'choice':
    case 'branches':
    case 'group':
    case 'alternative':
    case 'choiceExpression':
    case 'followerChoice':
    case 'operatorChoice':
      return true;
    case 'property':
      return node.nested !== undefined;
    default:
      return false;
  }
}

interface CommentFold {
  readonly start: number;
  readonly end: number;
  readonly extra: Partial<FoldingRange>;
}

function commentFolds(snapshot: Snapshot, comments: readonly Comment[]): CommentFold[] {
  const { lines, text } = snapshot;
  const folds: CommentFold[] = [];
  const regions: { readonly line: number; readonly title: string }[] = [];
  let run: { start: number; end: number } | undefined;
  const close = (): void => {
    if (run !== undefined) folds.push({ ...run, extra: { kind: FoldingRangeKind.Comment } });
    run = undefined;
  };
  for (const comment of comments) {
    const line = lines.lineAt(comment.start);
    if (comment.style === 'block') {
      close();
      folds.push({ start: line, end: lines.lineAt(comment.end), extra: { kind: FoldingRangeKind.Comment } });
      continue;
    }
    const written = text.slice(comment.start, comment.end).trim();
    const started = regionStart.exec(written);
    const ended = regionEnd.test(written);
    if (started !== null || ended) {
      close();
      if (started !== null) regions.push({ line, title: started[1] ?? '' });
      const region = ended ? regions.pop() : undefined;
      if (region !== undefined) {
        const title = region.title === '' ? {} : { collapsedText: region.title };
        folds.push({ start: region.line, end: line, extra: { kind: FoldingRangeKind.Region, ...title } });
      }
      continue;
    }
    // Only comments that are alone on their lines stand together.
    const alone = text.slice(lines.startOf(line), comment.start).trim() === '';
    if (alone && run?.end === line - 1) run.end = line;
    else {
      close();
      if (alone) run = { start: line, end: line };
    }
  }
  close();
  return folds;
}
