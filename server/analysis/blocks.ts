/** Blocks and cells by the name they have in a file, its own and imported ones. */

import type { Declaration } from '../../grammar/ast.ts';
import type { Snapshot } from './snapshot.ts';

export type DeclaredBlock = Extract<Declaration, { kind: 'block' | 'cell' }>;

export interface NamedBlock {
  readonly declaration: DeclaredBlock;
  /** The file that declares it. */
  readonly uri: string;
  readonly text: string;
}

const known = new WeakMap<Snapshot, Map<string, NamedBlock | undefined>>();

/** A block or cell by the name it has in this file. */
export function blockNamed(snapshot: Snapshot, name: string): NamedBlock | undefined {
  let blocks = known.get(snapshot);
  if (blocks === undefined) known.set(snapshot, (blocks = new Map<string, NamedBlock | undefined>()));
  if (!blocks.has(name)) blocks.set(name, find(snapshot, name));
  return blocks.get(name);
}

function find(snapshot: Snapshot, name: string): NamedBlock | undefined {
  for (const declaration of snapshot.parse.file.declarations) {
    if ((declaration.kind === 'block' || declaration.kind === 'cell') && declaration.name?.name === name) {
      return { declaration, uri: snapshot.uri, text: snapshot.text };
    }
    if (declaration.kind !== 'import' || declaration.path === undefined) continue;
    const source = snapshot.other(snapshot.resolve(declaration.path.value));
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
    if (found !== undefined) return { declaration: found, uri: source.uri, text: source.text };
  }
  return undefined;
}
