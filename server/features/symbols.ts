/** The outline of a file, and the symbols of a workspace. */

import { SymbolKind, type DocumentSymbol, type WorkspaceSymbol } from 'vscode-languageserver-types';
import type { Declaration, Span, Statement } from '../../grammar/ast.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { bodyOf } from '../../grammar/index.ts';

/** Nobody finds a layer in an outline of more, and sending it takes long. */
const mostStatements = 5000;

export function documentSymbols(snapshot: Snapshot): DocumentSymbol[] {
  const { declarations } = snapshot.parse.file;
  const isLong = declarations.reduce((sum, each) => sum + bodyOf(each).length, 0) > mostStatements;
  return declarations.map((declaration) => declarationSymbol(snapshot, declaration, !isLong));
}

/** Blocks, cells and spaces of `snapshot` whose name holds the letters of `query` in their order. */
export function workspaceSymbols(snapshot: Snapshot, query: string): WorkspaceSymbol[] {
  return snapshot.parse.file.declarations.flatMap((declaration) => {
    if (declaration.kind !== 'block' && declaration.kind !== 'cell' && declaration.kind !== 'space')
      return [];
    const { name } = declaration;
    if (name === undefined || !isSubsequence(query.toLowerCase(), name.name.toLowerCase())) return [];
    return [
      {
        name: name.name,
        kind: declarationKind(declaration),
        location: { uri: snapshot.uri, range: snapshot.lines.range(name) },
        containerName: snapshot.uri.slice(snapshot.uri.lastIndexOf('/') + 1),
      },
    ];
  });
}

function isSubsequence(query: string, name: string): boolean {
  let at = 0;
  for (const letter of name) if (letter === query.charAt(at)) at++;
  return at >= query.length;
}

function declarationKind(declaration: Declaration): SymbolKind {
  switch (declaration.kind) {
    case 'block':
      return SymbolKind.Function;
    case 'cell':
      return SymbolKind.Class;
    case 'space':
      return SymbolKind.Module;
    case 'import':
      return SymbolKind.Package;
    case 'target':
    case 'dataset':
      return SymbolKind.Object;
    default:
      return SymbolKind.Property;
  }
}

function declarationSymbol(
  snapshot: Snapshot,
  declaration: Declaration,
  withLayers: boolean,
): DocumentSymbol {
  const { name, selection, detail } = titleOf(declaration);
  const children = withLayers ? bodySymbols(snapshot, bodyOf(declaration)) : [];
  return symbol(snapshot, name, detail, declarationKind(declaration), declaration, selection, children);
}

interface Title {
  readonly name: string;
  readonly detail: string;
  readonly selection: Span;
}

function titleOf(declaration: Declaration): Title {
  switch (declaration.kind) {
    case 'block':
    case 'cell':
    case 'space':
      return {
        name: declaration.name?.name ?? `(${declaration.kind} without a name)`,
        detail: declaration.kind,
        selection: declaration.name ?? declaration,
      };
    case 'target':
      return {
        name: declaration.board?.value ?? 'target',
        detail: 'target',
        selection: declaration.board ?? declaration,
      };
    case 'dataset':
      return {
        name: declaration.name?.name ?? 'dataset',
        detail: 'dataset',
        selection: declaration.name ?? declaration,
      };
    case 'import':
      return {
        name: declaration.path?.value ?? 'import',
        detail: 'import',
        selection: declaration.path ?? declaration,
      };
    case 'search':
      return {
        name: declaration.strategy?.name ?? 'search',
        detail: 'search',
        selection: declaration.strategy ?? declaration,
      };
    default:
      return { name: declaration.kind, detail: '', selection: declaration };
  }
}

function bodySymbols(snapshot: Snapshot, body: readonly Statement[]): DocumentSymbol[] {
  return body.flatMap((statement) => statementSymbol(snapshot, statement) ?? []);
}

function statementSymbol(snapshot: Snapshot, statement: Statement): DocumentSymbol | undefined {
  const { text } = snapshot;
  switch (statement.kind) {
    case 'let': {
      if (statement.name === undefined) return undefined;
      const value = oneLine(text.slice(statement.value.start, statement.value.end));
      return symbol(snapshot, statement.name.name, value, SymbolKind.Variable, statement, statement.name, []);
    }
    case 'operator': {
      const rest = oneLine(text.slice(statement.name.end, statement.end));
      return symbol(snapshot, statement.name.name, rest, SymbolKind.Field, statement, statement.name, []);
    }
    case 'operatorChoice':
      return symbol(
        snapshot,
        oneLine(text.slice(statement.start, statement.end)),
        '',
        SymbolKind.Enum,
        statement,
        statement,
        [],
      );
    case 'choice':
    case 'branches': {
      const children = statement.alternatives.map((alternative) =>
        symbol(
          snapshot,
          alternative.label.name,
          '',
          SymbolKind.EnumMember,
          alternative,
          alternative.label,
          bodySymbols(snapshot, alternative.body),
        ),
      );
      return symbol(snapshot, statement.kind, '', SymbolKind.Enum, statement, statement, children);
    }
    case 'group':
      return symbol(
        snapshot,
        'group',
        '',
        SymbolKind.Array,
        statement,
        statement,
        bodySymbols(snapshot, statement.body),
      );
    case 'skip':
      return symbol(snapshot, `skip ${statement.merge}`, '', SymbolKind.Field, statement, statement, []);
    case 'require':
      return undefined;
  }
}

const longestDetail = 60;

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > longestDetail ? `${flat.slice(0, longestDetail - 1)}…` : flat;
}

function symbol(
  snapshot: Snapshot,
  name: string,
  detail: string,
  kind: SymbolKind,
  whole: Span,
  selection: Span,
  children: DocumentSymbol[],
): DocumentSymbol {
  // LSP: the selection must lie inside the range, and no name may be empty.
  const inside = selection.start >= whole.start && selection.end <= whole.end ? selection : whole;
  return {
    name: name === '' ? '(nothing)' : name,
    detail,
    kind,
    range: snapshot.lines.range(whole),
    selectionRange: snapshot.lines.range(inside),
    children,
  };
}
