/** Rename: blocks and cells across imports, everything else in its file. Refuses with a reason. */

import type { Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { reservedWords } from '../../grammar/index.ts';
import type { Reference } from '../../engine/space/types.ts';
import {
  isExported,
  referenceAt,
  referencesIn,
  sameDefinition,
  usesOf,
  type Place,
} from '../analysis/names.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';

/** A person asked for what cannot be done; the message is shown to them. */
export class Refusal extends Error {}

const identifier = /^[A-Za-z_]\w*(-[A-Za-z_]\w*)*$/;
/** `x` followed by digits is the repeat word. */
const repeatWord = /^x\d+$/;
const reserved = new Set(reservedWords);

export function prepareRename(
  workspace: Workspace,
  snapshot: Snapshot,
  offset: number,
): { range: Range; placeholder: string } {
  const reference = renameable(workspace, snapshot, offset);
  return {
    range: snapshot.lines.range(reference.span),
    placeholder: snapshot.text.slice(reference.span.start, reference.span.end),
  };
}

export function rename(
  workspace: Workspace,
  snapshot: Snapshot,
  offset: number,
  newName: string,
): WorkspaceEdit {
  const reference = renameable(workspace, snapshot, offset);
  if (!identifier.test(newName) || repeatWord.test(newName)) {
    throw new Refusal(
      `"${newName}" is not a name. A name starts with a letter or _, goes on with letters, digits, _ and inner hyphens, and is not x followed by digits.`,
    );
  }
  if (reserved.has(newName))
    throw new Refusal(`"${newName}" is a word of the language. Choose another name.`);
  const { symbol } = reference;
  const written = snapshot.text.slice(reference.span.start, reference.span.end);
  const places = placesToRename(workspace, snapshot, reference, written);
  for (const file of new Set(places.map((place) => place.snapshot))) {
    const clash = referencesIn(file).find(
      (other) =>
        other.symbol.name === newName &&
        other.symbol.definition !== undefined &&
        !sameDefinition(other.symbol.definition, symbol.definition) &&
        isExported(other.symbol) &&
        isExported(symbol),
    );
    if (clash !== undefined) {
      throw new Refusal(`There is a ${clash.symbol.kind} "${newName}" already. Choose another name.`);
    }
  }
  const changes: Record<string, TextEdit[]> = {};
  for (const { snapshot: file, span } of places) {
    (changes[file.uri] ??= []).push({ range: file.lines.range(span), newText: newName });
  }
  return { changes };
}

/** Uses of an alias (`import { A as B }`) are renamed in this file alone, uses of the name itself everywhere. */
function placesToRename(
  workspace: Workspace,
  snapshot: Snapshot,
  reference: Reference,
  written: string,
): Place[] {
  const { definition } = reference.symbol;
  if (definition === undefined) return [];
  const isWritten = (place: Place): boolean =>
    place.snapshot.text.slice(place.span.start, place.span.end) === written;
  const home = workspace.snapshot(definition.file);
  const declared = home?.text.slice(definition.span.start, definition.span.end);
  const uses = usesOf(workspace, definition, isExported(reference.symbol)).filter(isWritten);
  return declared === written ? uses : uses.filter((place) => place.snapshot.uri === snapshot.uri);
}

function renameable(workspace: Workspace, snapshot: Snapshot, offset: number): Reference {
  const reference = referenceAt(snapshot, offset);
  if (reference === undefined) {
    throw new Refusal(
      'There is no name here. Put the cursor on a block, cell, space, let, tie or parameter.',
    );
  }
  const { symbol } = reference;
  if (symbol.definition === undefined) {
    throw new Refusal(
      symbol.kind === 'operator' || symbol.kind === 'function' || symbol.kind === 'symbol'
        ? `"${symbol.name}" belongs to the language and cannot be renamed.`
        : `"${symbol.name}" is not declared anywhere. Declare it first.`,
    );
  }
  if (workspace.snapshot(symbol.definition.file) === undefined) {
    throw new Refusal(`The file that declares "${symbol.name}" cannot be read: ${symbol.definition.file}.`);
  }
  return reference;
}
