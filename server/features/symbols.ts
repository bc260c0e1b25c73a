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

/** Of whatever is not among them it is a property. */
const kinds: Readonly<Partial<Record<Declaration['kind'], SymbolKind>>> = {
  block: SymbolKind.Function,
  cell: SymbolKind.Class,
  space: SymbolKind.Module,
  import: SymbolKind.Package,
  target: SymbolKind.Object,
  dataset: SymbolKind.Object,
};

const declarationKind = ({ kind }: Declaration): SymbolKind => kinds[kind] ?? SymbolKind.Property;

/** Kinds of declarations that are called as they are. */
const unnamed: ReadonlySet<Declaration['kind']> = new Set([
  'quantize',
  'sparsity',
  'constraints',
  'objectives',
]);

function declarationSymbol(
  snapshot: Snapshot,
  declaration: Declaration,
  withLayers: boolean,
): DocumentSymbol {
  const { kind } = declaration;
  const { name, at } = titleOf(declaration);
  const children = withLayers ? bodySymbols(snapshot, bodyOf(declaration)) : [];
  const isNameless = kind === 'block' || kind === 'cell' || kind === 'space';
  return symbol(snapshot, declaration, {
    name: name ?? (isNameless ? `(${kind} without a name)` : kind),
    detail: unnamed.has(kind) ? '' : kind,
    kind: declarationKind(declaration),
    at,
    children,
  });
}

/** What a declaration is called, and where. */
function titleOf(declaration: Declaration): {
  readonly name: string | undefined;
  readonly at: Span | undefined;
} {
  switch (declaration.kind) {
    case 'target':
      return { name: declaration.board?.value, at: declaration.board };
    case 'import':
      return { name: declaration.path?.value, at: declaration.path };
    case 'search':
      return { name: declaration.strategy?.name, at: declaration.strategy };
    default: {
      const at = 'name' in declaration ? declaration.name : undefined;
      return { name: at?.name, at };
    }
  }
}

function bodySymbols(snapshot: Snapshot, body: readonly Statement[]): DocumentSymbol[] {
  return body.flatMap((statement) => statementSymbol(snapshot, statement) ?? []);
}

function statementSymbol(snapshot: Snapshot, statement: Statement): DocumentSymbol | undefined {
  const textOf = ({ start, end }: Span): string => oneLine(snapshot.text.slice(start, end));
  const of = (parts: SymbolParts): DocumentSymbol => symbol(snapshot, statement, parts);
  switch (statement.kind) {
    case 'let': {
      const { name, value } = statement;
      if (name === undefined) return undefined;
      return of({ name: name.name, detail: textOf(value), kind: SymbolKind.Variable, at: name });
    }
    case 'operator': {
      const { name, end } = statement;
      const detail = textOf({ start: name.end, end });
      return of({ name: name.name, detail, kind: SymbolKind.Field, at: name });
    }
    case 'operatorChoice':
      return of({ name: textOf(statement), kind: SymbolKind.Enum });
    case 'choice':
    case 'branches': {
      const children = statement.alternatives.map((alternative) =>
        symbol(snapshot, alternative, {
          name: alternative.label.name,
          kind: SymbolKind.EnumMember,
          at: alternative.label,
          children: bodySymbols(snapshot, alternative.body),
        }),
      );
      return of({ name: statement.kind, kind: SymbolKind.Enum, children });
    }
    case 'group':
      return of({ name: 'group', kind: SymbolKind.Array, children: bodySymbols(snapshot, statement.body) });
    case 'skip':
      return of({ name: `skip ${statement.merge}`, kind: SymbolKind.Field });
    case 'require':
      return undefined;
  }
}

const longestDetail = 60;

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > longestDetail ? `${flat.slice(0, longestDetail - 1)}…` : flat;
}

interface SymbolParts {
  readonly name: string;
  readonly detail?: string;
  readonly kind: SymbolKind;
  /** What to select: the whole when absent. */
  readonly at?: Span | undefined;
  readonly children?: DocumentSymbol[];
}

function symbol(
  { lines }: Snapshot,
  whole: Span,
  { name, detail = '', kind, at = whole, children = [] }: SymbolParts,
): DocumentSymbol {
  // LSP: the selection must lie inside the range, and no name may be empty.
  const inside = at.start >= whole.start && at.end <= whole.end ? at : whole;
  return {
    name: name === '' ? '(nothing)' : name,
    detail,
    kind,
    range: lines.range(whole),
    selectionRange: lines.range(inside),
    children,
  };
}
