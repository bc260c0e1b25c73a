/**
 * Call hierarchy: which spaces and blocks use a block, and which blocks it uses itself. A use counts where it is
 * written, however often it is repeated when the network runs.
 */

import {
  SymbolKind,
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type Range,
} from 'vscode-languageserver-types';
import type { Declaration, Identifier } from '../../grammar/ast.ts';
import { blockNamed } from '../analysis/blocks.ts';
import { isExported, referenceAt, usesOf } from '../analysis/names.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { walk } from '../../grammar/index.ts';
import type { Workspace } from '../analysis/workspace.ts';

type Caller = Extract<Declaration, { kind: 'block' | 'cell' | 'space' }>;

const kinds = { block: SymbolKind.Function, cell: SymbolKind.Class, space: SymbolKind.Module } as const;

/** The block, cell or space whose name stands at the offset. */
export function prepareCallHierarchy(
  workspace: Workspace,
  snapshot: Snapshot,
  offset: number,
): CallHierarchyItem[] | undefined {
  const own = callers(snapshot).find(({ name }) => name.start <= offset && offset <= name.end);
  if (own !== undefined) return [itemOf(snapshot, own.declaration, own.name)];
  const symbol = referenceAt(snapshot, offset)?.symbol;
  if (symbol?.definition === undefined || !isExported(symbol)) return undefined;
  const { file, span } = symbol.definition;
  const home = workspace.snapshot(file);
  const declared = home && callers(home).find(({ name }) => name.start === span.start);
  return declared === undefined || home === undefined
    ? undefined
    : [itemOf(home, declared.declaration, declared.name)];
}

/** The declarations that use what `item` is, each with the places where it does. */
export function incomingCalls(workspace: Workspace, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
  const found = declarationOf(workspace, item);
  // Nothing uses a space.
  if (found === undefined || found.declaration.kind === 'space') return [];
  const { start, end } = found.name;
  const uses = usesOf(workspace, { file: found.snapshot.uri, span: { start, end } }, true).filter(
    ({ access }) => access !== 'definition',
  );
  const calls = new Map<Caller, { readonly from: CallHierarchyItem; readonly ranges: Range[] }>();
  for (const { snapshot, span } of uses) {
    const caller = callers(snapshot).find(
      ({ declaration }) => declaration.start <= span.start && span.end <= declaration.end,
    );
    // The name in an import is no use yet.
    if (caller === undefined) continue;
    let call = calls.get(caller.declaration);
    if (call === undefined) {
      call = { from: itemOf(snapshot, caller.declaration, caller.name), ranges: [] };
      calls.set(caller.declaration, call);
    }
    call.ranges.push(snapshot.lines.range(span));
  }
  return [...calls.values()].map(({ from, ranges }) => ({ from, fromRanges: ranges }));
}

/** The blocks and cells that `item` uses, each with the places where it does. */
export function outgoingCalls(workspace: Workspace, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
  const found = declarationOf(workspace, item);
  if (found === undefined) return [];
  const { snapshot, declaration } = found;
  const calls = new Map<Declaration, { readonly to: CallHierarchyItem; readonly ranges: Range[] }>();
  walk(declaration, (node) => {
    if (node.kind !== 'operator') return;
    const block = blockNamed(snapshot, node.name.name);
    const home = block === undefined ? undefined : workspace.snapshot(block.uri);
    if (block?.declaration.name === undefined || home === undefined) return;
    let call = calls.get(block.declaration);
    if (call === undefined) {
      call = { to: itemOf(home, block.declaration, block.declaration.name), ranges: [] };
      calls.set(block.declaration, call);
    }
    call.ranges.push(snapshot.lines.range(node.name));
  });
  return [...calls.values()].map(({ to, ranges }) => ({ to, fromRanges: ranges }));
}

interface Named {
  readonly declaration: Caller;
  readonly name: Identifier;
}

function callers(snapshot: Snapshot): Named[] {
  return snapshot.parse.file.declarations.flatMap((declaration) =>
    (declaration.kind === 'block' || declaration.kind === 'cell' || declaration.kind === 'space') &&
    declaration.name !== undefined
      ? [{ declaration, name: declaration.name }]
      : [],
  );
}

function itemOf(snapshot: Snapshot, declaration: Caller, name: Identifier): CallHierarchyItem {
  return {
    name: name.name,
    kind: kinds[declaration.kind],
    detail: snapshot.uri.slice(snapshot.uri.lastIndexOf('/') + 1),
    uri: snapshot.uri,
    range: snapshot.lines.range(declaration),
    selectionRange: snapshot.lines.range(name),
  };
}

/** The declaration that an item speaks of; by its name, since the text may have moved since. */
function declarationOf(
  workspace: Workspace,
  item: CallHierarchyItem,
): (Named & { readonly snapshot: Snapshot }) | undefined {
  const snapshot = workspace.snapshot(item.uri);
  const found = snapshot && callers(snapshot).find(({ name }) => name.name === item.name);
  return snapshot === undefined || found === undefined ? undefined : { ...found, snapshot };
}
