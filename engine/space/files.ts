/** The files that a program is made of: one level of names per file, blocks brought in by `import`. */

import type { BlockDeclaration, CellDeclaration, ParseResult, SourceFile, Span } from '../../grammar/ast.ts';
import type { SourceRef } from './network.ts';
import type { BlockEntry, FileScope } from './program/file-scope.ts';
import type { SourceProvider } from './types.ts';

/** A file with what its names mean. */
export interface ProgramFile extends FileScope {
  readonly parse: ParseResult;
  readonly tree: SourceFile;
  readonly blocks: Map<string, BlockEntry>;
  readonly cells: Map<string, { readonly declaration: CellDeclaration; readonly file: string }>;
  /** Names that an import was to bring and could not; a problem says so where they are imported. */
  readonly lost: Set<string>;
}

/** Offsets of the first character of each line. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The zero-based line that holds an offset. */
export function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** Reads a file and declares its own names; imports are resolved by `check/imports.ts`. */
export function openFile(file: string, provider: SourceProvider): ProgramFile | undefined {
  const source = provider.read(file);
  if (source === undefined) return undefined;
  const { text, parse } = source;
  let starts: readonly number[] | undefined;
  const refs = new Map<Span, SourceRef>();
  const opened: ProgramFile = {
    file,
    text,
    parse,
    tree: parse.file,
    blocks: new Map(),
    cells: new Map(),
    lost: new Set(),
    sourceOf: (node) => {
      const known = refs.get(node);
      if (known !== undefined) return known;
      starts ??= lineStarts(text);
      const ref: SourceRef = { file, start: node.start, end: node.end, line: lineOf(starts, node.start) };
      refs.set(node, ref);
      return ref;
    },
  };
  for (const declaration of parse.file.declarations) declare(opened, declaration);
  return opened;
}

function declare(file: ProgramFile, declaration: SourceFile['declarations'][number]): void {
  if (declaration.kind === 'block') {
    const entry: BlockEntry = { declaration, scope: file };
    const name = nameOf(declaration);
    if (name !== undefined && !file.blocks.has(name)) file.blocks.set(name, entry);
  } else if (declaration.kind === 'cell') {
    const name = nameOf(declaration);
    if (name !== undefined && !file.cells.has(name)) file.cells.set(name, { declaration, file: file.file });
  }
}

function nameOf(declaration: BlockDeclaration | CellDeclaration): string | undefined {
  return declaration.name?.name;
}
