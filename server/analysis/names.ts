/** Uses of names: which one stands at an offset, and where else the same thing is meant. */

import type { Identifier, Span } from '../../grammar/ast.ts';
import type { Reference, SymbolInfo } from '../../engine/space/types.ts';
import { blockNamed } from './blocks.ts';
import type { Snapshot } from './snapshot.ts';
import { walk } from '../../grammar/index.ts';
import type { Workspace } from './workspace.ts';

/** The references in the snapshot's own file, by their place in the text. Sorted once per analysis. */
const sorted = new WeakMap<readonly Reference[], readonly Reference[]>();

export function referencesIn(snapshot: Snapshot): readonly Reference[] {
  const all = snapshot.analysis.references;
  let own = sorted.get(all);
  if (own === undefined) {
    const found = all.filter((reference) => reference.file === snapshot.uri);
    const places = new Set(found.map(({ span }) => span.start));
    const more = writtenNames(snapshot).filter(({ span }) => !places.has(span.start));
    own = [...found, ...more].sort((a, b) => a.span.start - b.span.start);
    sorted.set(all, own);
  }
  return own;
}

/** Names that decide nothing, so that the analysis does not follow them: `A` of `A as B`, `out` of `MB(out = 8)`. */
function writtenNames(snapshot: Snapshot): Reference[] {
  const names: Reference[] = [];
  const add = (
    kind: 'block' | 'cell' | 'parameter',
    name: Identifier,
    file: string,
    declared: Identifier,
  ): void => {
    const span = { start: name.start, end: name.end };
    const definition = { file, span: { start: declared.start, end: declared.end } };
    const symbol = { name: declared.name, kind, definition, values: undefined, documentation: undefined };
    names.push({ file: snapshot.uri, span, symbol, access: 'read' });
  };
  walk(snapshot.parse.file, (node) => {
    if (node.kind === 'import') {
      for (const { name, alias } of node.names ?? []) {
        const block = alias === undefined ? undefined : blockNamed(snapshot, alias.name);
        const declared = block?.declaration.name;
        if (block !== undefined && declared !== undefined)
          add(block.declaration.kind, name, block.uri, declared);
      }
    } else if (node.kind === 'operator') {
      for (const argument of node.arguments ?? []) {
        if (argument.name === undefined) continue;
        const block = blockNamed(snapshot, node.name.name);
        const parameter = block?.declaration.parameters.find(({ name }) => name.name === argument.name?.name);
        if (block !== undefined && parameter !== undefined)
          add('parameter', argument.name, block.uri, parameter.name);
      }
    }
  });
  return names;
}

/** The name that touches `offset` (its end included, where the cursor stands after typing it). */
export function referenceAt(snapshot: Snapshot, offset: number): Reference | undefined {
  const references = referencesIn(snapshot);
  let low = 0;
  let high = references.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((references[middle]?.span.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  // Two names can touch the offset only at its end; the one that starts here wins.
  for (const reference of [references[low - 1], references[low - 2]]) {
    if (reference !== undefined && reference.span.end >= offset) return reference;
  }
  return undefined;
}

/** Whether two symbols are one: defined at the same place. Built-in names have no place and are never equal. */
export function sameDefinition(a: SymbolInfo['definition'], b: SymbolInfo['definition']): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.file === b.file &&
    a.span.start === b.span.start &&
    a.span.end === b.span.end
  );
}

export interface Place {
  readonly snapshot: Snapshot;
  readonly span: Span;
  readonly access: Reference['access'];
}

/** Every use of what is defined at `definition`, in its file and in all files that import that. */
export function usesOf(
  workspace: Workspace,
  definition: NonNullable<SymbolInfo['definition']>,
  visible: boolean,
): Place[] {
  const home = workspace.snapshot(definition.file);
  const files = home === undefined ? [] : [home];
  if (visible) {
    // Only files that were read are known to import; read the rest of the workspace first.
    for (const uri of workspace.all()) workspace.snapshot(uri);
    files.push(...workspace.importersOf(definition.file));
  }
  return files.flatMap((snapshot) =>
    referencesIn(snapshot)
      .filter((reference) => sameDefinition(reference.symbol.definition, definition))
      .map(({ span, access }) => ({ snapshot, span, access })),
  );
}

/** Blocks and cells can be imported; all other names live in one file. */
export function isExported(symbol: SymbolInfo): boolean {
  return symbol.kind === 'block' || symbol.kind === 'cell';
}
