/** Blocks and cells by the name they have in a file, its own and imported ones. */

import type { Declaration } from '../../grammar/ast.ts';
import type { Snapshot } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

export type DeclaredBlock = Extract<Declaration, { kind: 'block' | 'cell' }>;

export interface NamedBlock {
  readonly declaration: DeclaredBlock;
  /** Of the file that declares it. */
  readonly text: string;
}

/** A block or cell by the name it has in this file. */
export function blockNamed(snapshot: Snapshot, name: string, workspace: Workspace): NamedBlock | undefined {
  for (const declaration of snapshot.parse.file.declarations) {
    if ((declaration.kind === 'block' || declaration.kind === 'cell') && declaration.name?.name === name) {
      return { declaration, text: snapshot.text };
    }
    if (declaration.kind !== 'import' || declaration.path === undefined) continue;
    const source = workspace.snapshot(workspace.resolve(snapshot.uri, declaration.path.value));
    if (source === undefined || source === snapshot) continue;
    const original =
      declaration.names === undefined
        ? name
        : declaration.names.find((each) => (each.alias ?? each.name).name === name)?.name.name;
    const found = source.parse.file.declarations.find(
      (each): each is DeclaredBlock =>
        (each.kind === 'block' || each.kind === 'cell') &&
        each.name !== undefined &&
        each.name.name === original,
    );
    if (found !== undefined) return { declaration: found, text: source.text };
  }
  return undefined;
}
