/** Organise imports: sorted by file, names sorted, names that nothing reads left out. */

import { CodeActionKind } from 'vscode-languageserver-types';
import type { ImportDeclaration, ImportName } from '../../../grammar/ast.ts';
import { referencesIn } from '../../analysis/names.ts';
import type { Snapshot } from '../../analysis/snapshot.ts';
import type { Refactoring } from '../code-actions.ts';

export function organizeImports(snapshot: Snapshot): Refactoring | undefined {
  const imports = snapshot.parse.file.declarations.filter(
    (declaration): declaration is ImportDeclaration => declaration.kind === 'import',
  );
  const [first] = imports;
  const last = imports[imports.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const region = { start: first.start, end: last.end };
  // A comment or another declaration between them belongs where it is.
  const between = snapshot.parse.file;
  const isMixed =
    between.declarations.some((d) => d.kind !== 'import' && d.start > region.start && d.end < region.end) ||
    between.comments.some((c) => c.start > region.start && c.end < region.end) ||
    imports.some((declaration) => declaration.path === undefined);
  if (isMixed) return undefined;
  const text = imports
    .flatMap((declaration) => printed(snapshot, declaration, region.end))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map((each) => each.text)
    .join('\n');
  if (text === snapshot.text.slice(region.start, region.end)) return undefined;
  return {
    title: 'Organise imports',
    kind: CodeActionKind.SourceOrganizeImports,
    edits: [{ span: region, text }],
  };
}

interface Printed {
  readonly path: string;
  readonly text: string;
}

function printed(snapshot: Snapshot, declaration: ImportDeclaration, importsEnd: number): Printed[] {
  const path = declaration.path?.value ?? '';
  const quoted = JSON.stringify(path);
  if (declaration.names === undefined) return [{ path, text: `import ${quoted}` }];
  const names = declaration.names
    .filter((name) => isRead(snapshot, name, importsEnd))
    .map((name) => (name.alias === undefined ? name.name.name : `${name.name.name} as ${name.alias.name}`))
    .sort();
  return names.length === 0 ? [] : [{ path, text: `import { ${names.join(', ')} } from ${quoted}` }];
}

function isRead(snapshot: Snapshot, name: ImportName, importsEnd: number): boolean {
  const local = (name.alias ?? name.name).name;
  return referencesIn(snapshot).some(
    ({ span }) => span.start >= importsEnd && snapshot.text.slice(span.start, span.end) === local,
  );
}
