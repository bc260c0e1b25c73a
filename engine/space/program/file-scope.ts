/** What a file's names mean: its own blocks and those it imports. */

import type { BlockDeclaration, Span } from '../../../grammar/ast.ts';
import type { SourceRef } from '../network.ts';

export interface FileScope {
  readonly file: string;
  readonly text: string;
  readonly blocks: ReadonlyMap<string, BlockEntry>;
  sourceOf(node: Span): SourceRef;
}

export interface BlockEntry {
  readonly declaration: BlockDeclaration;
  readonly scope: FileScope;
}
