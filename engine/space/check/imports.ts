/** Brings the blocks and cells of other files into scope. */

import type { ImportDeclaration, Span } from '../../../grammar/ast.ts';
import { openFile, type ProgramFile } from '../files.ts';
import { operators } from '../../operators/words.ts';
import type { Report } from '../program/body.ts';
import { finding } from '../problems/catalogue.ts';
import type { Steps } from '../steps.ts';
import { Suggestions } from '../suggest.ts';
import type { SourceProvider } from '../types.ts';

/** What an import name means: told so that it can be renamed and jumped to. */
export type OnImport = (name: string, span: Span, from: ProgramFile) => void;

export class Importer {
  private readonly provider: SourceProvider;
  private readonly report: Report;
  private readonly suggestions = new Suggestions();
  private readonly opened = new Map<string, ProgramFile>();

  constructor(provider: SourceProvider, report: Report) {
    this.provider = provider;
    this.report = report;
  }

  /** Resolves the imports of `file` and of what it imports, a step for each. */
  *resolve(file: ProgramFile, onImport: OnImport): Steps<void> {
    this.opened.set(file.file, file);
    yield* this.resolveFile(file, [file.file], onImport);
  }

  /** The file that an import of `file` brought in. */
  openedBy(file: ProgramFile, specifier: string): ProgramFile | undefined {
    return this.opened.get(this.provider.resolve(file.file, specifier));
  }

  private *resolveFile(
    file: ProgramFile,
    chain: readonly string[],
    onImport: OnImport | undefined,
  ): Steps<void> {
    for (const declaration of file.tree.declarations) {
      if (declaration.kind !== 'import') continue;
      yield;
      yield* this.import(file, declaration, chain, onImport);
    }
  }

  private *import(
    file: ProgramFile,
    declaration: ImportDeclaration,
    chain: readonly string[],
    onImport: OnImport | undefined,
  ): Steps<void> {
    const { path } = declaration;
    if (path === undefined) {
      const missing = { section: 'import', what: 'a file', example: 'import { MB } from "./blocks.nas"' };
      this.report(finding('setting/missing', missing), file.file, declaration);
      return;
    }
    const target = this.provider.resolve(file.file, path.value);
    if (chain.includes(target)) {
      const circle = [...chain.slice(chain.indexOf(target)), target].map(shortPath).join(' -> ');
      this.report(finding('import/cycle', { chain: circle }), file.file, path);
      return;
    }
    let imported = this.opened.get(target);
    if (imported === undefined) {
      imported = openFile(target, this.provider);
      if (imported === undefined) {
        this.report(
          finding('import/not-found', { path: path.value, instead: this.provider.instead?.(target) }),
          file.file,
          path,
        );
        for (const { name, alias } of declaration.names ?? []) file.lost.add((alias ?? name).name);
        return;
      }
      this.opened.set(target, imported);
      yield* this.resolveFile(imported, [...chain, target], undefined);
    }
    this.take(file, declaration, imported, path.value, onImport);
  }

  private take(
    file: ProgramFile,
    declaration: ImportDeclaration,
    from: ProgramFile,
    path: string,
    onImport: OnImport | undefined,
  ): void {
    if (declaration.names === undefined) {
      for (const [name, entry] of from.blocks) if (!file.blocks.has(name)) file.blocks.set(name, entry);
      for (const [name, entry] of from.cells) if (!file.cells.has(name)) file.cells.set(name, entry);
      return;
    }
    for (const { name, alias } of declaration.names) {
      const local = alias ?? name;
      const block = from.blocks.get(name.name);
      const cell = from.cells.get(name.name);
      if (block === undefined && cell === undefined) {
        const suggestion = this.suggestions.nearest(name.name, from.blocks.keys(), from.cells.keys());
        this.report(finding('import/unknown-name', { name: name.name, path, suggestion }), file.file, name);
        file.lost.add(local.name);
        continue;
      }
      if (file.blocks.has(local.name) || file.cells.has(local.name) || operators.has(local.name)) {
        this.report(finding('name/duplicate', { name: local.name, what: 'block' }), file.file, local);
        continue;
      }
      if (block !== undefined) file.blocks.set(local.name, block);
      else if (cell !== undefined) file.cells.set(local.name, cell);
      onImport?.(name.name, name, from);
      if (alias !== undefined) onImport?.(name.name, alias, from);
    }
  }
}

function shortPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
