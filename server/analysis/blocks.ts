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

/** A block or cell by the name it has in this file. */
export function blockNamed(snapshot: Snapshot, name: string): NamedBlock | undefined {
  return (snapshot.derived.blocks ??= blocksOf(snapshot)).get(name);
}

/** Of several with one name the first counts. */
function blocksOf(snapshot: Snapshot): ReadonlyMap<string, NamedBlock> {
  const blocks = new Map<string, NamedBlock>();
  const add = (name: string, block: NamedBlock | undefined): void => {
    if (block !== undefined && !blocks.has(name)) blocks.set(name, block);
  };
  for (const declaration of snapshot.parse.file.declarations) {
    if (declaration.kind === 'block' || declaration.kind === 'cell') {
      if (declaration.name !== undefined)
        add(declaration.name.name, { declaration, uri: snapshot.uri, text: snapshot.text });
    } else if (declaration.kind === 'import' && declaration.path !== undefined) {
      const source = snapshot.other(snapshot.resolve(declaration.path.value));
      if (source === undefined || source === snapshot) continue;
      const own = ownBlocks(source);
      if (declaration.names === undefined) for (const [name, block] of own) add(name, block);
      else for (const { name, alias } of declaration.names) add((alias ?? name).name, own.get(name.name));
    }
  }
  return blocks;
}

function ownBlocks({ parse, uri, text }: Snapshot): ReadonlyMap<string, NamedBlock> {
  const blocks = new Map<string, NamedBlock>();
  for (const declaration of parse.file.declarations) {
    if (declaration.kind !== 'block' && declaration.kind !== 'cell') continue;
    const { name } = declaration;
    if (name !== undefined && !blocks.has(name.name)) blocks.set(name.name, { declaration, uri, text });
  }
  return blocks;
}
