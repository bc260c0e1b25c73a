/** Checks what a file says once, before any space is elaborated: names, arguments, parameters. */

import type * as ast from '../../../grammar/ast.ts';
import type { ProgramFile } from '../files.ts';
import { operators } from '../../operators/words.ts';
import type { Report } from '../program/body.ts';
import { finding, type ProblemArguments, type ProblemCode } from '../problems/catalogue.ts';
import { standsBeforeInput } from '../program/space-input.ts';
import { finished, type Steps } from '../steps.ts';
import { Suggestions } from '../suggest.ts';
import type { SymbolInfo } from '../types.ts';
import { checkExpression } from './expressions.ts';
import { checkLayer } from './layers.ts';
import { NameScope, References } from './scope.ts';
import { checkStatement } from './statements.ts';

export interface CheckOptions {
  readonly file: ProgramFile;
  readonly report: Report;
  readonly classes: number | undefined;
}

/** A yield takes about as long as checking one. */
const STATEMENTS_OF_STEP = 16;

export class Checker {
  readonly file: ProgramFile;
  readonly references: References;
  readonly suggestions = new Suggestions();
  private readonly report: Report;
  private readonly classes: number | undefined;
  private readonly uses = new Map<string, SymbolInfo>();
  private reportedClasses = false;

  constructor({ file, report, classes }: CheckOptions) {
    this.file = file;
    this.report = report;
    this.classes = classes;
    this.references = new References(file.file);
  }

  found<C extends ProblemCode>(code: C, args: ProblemArguments[C], span: ast.Span): void {
    this.report(finding(code, args), this.file.file, span);
  }

  /** The block or cell that a statement or import of this name uses. */
  symbolOfUse(name: string): SymbolInfo | undefined {
    const known = this.uses.get(name);
    if (known !== undefined) return known;
    const block = this.file.blocks.get(name);
    const cell = this.file.cells.get(name);
    const found =
      block !== undefined
        ? describe(block.declaration, block.scope.file)
        : cell && describe(cell.declaration, cell.file);
    if (found !== undefined) this.uses.set(name, found);
    return found;
  }

  /** `classes` is read somewhere. */
  usesClasses(at: ast.Span): void {
    if (this.classes !== undefined || this.reportedClasses) return;
    this.reportedClasses = true;
    this.found('classes/missing', {}, at);
  }

  /** A step for each declaration, and more for those of many statements. */
  *declarations(declarations: readonly ast.Declaration[]): Steps<void> {
    const names = new Set<string>();
    for (const declaration of declarations) {
      yield;
      const { kind } = declaration;
      if (kind === 'sparsity') this.found('later/sparsity', {}, declaration);
      if (kind !== 'block' && kind !== 'cell' && kind !== 'space') continue;
      this.unique(declaration, names);
      if (kind === 'block') yield* this.block(declaration);
      else if (kind === 'cell') this.cell(declaration);
      else yield* this.space(declaration);
    }
  }

  private unique(
    { kind: what, name }: ast.BlockDeclaration | ast.CellDeclaration | ast.SpaceDeclaration,
    names: Set<string>,
  ): void {
    if (name === undefined) return;
    if (names.has(name.name) || (what !== 'space' && operators.has(name.name))) {
      this.found('name/duplicate', { name: name.name, what }, name);
    }
    names.add(name.name);
    const symbol: SymbolInfo =
      (what === 'space' ? undefined : this.symbolOfUse(name.name)) ??
      ({
        name: name.name,
        kind: what,
        definition: { file: this.file.file, span: name },
        values: undefined,
        documentation: undefined,
      } satisfies SymbolInfo);
    this.references.add(name, symbol, 'definition');
  }

  private *block(declaration: ast.BlockDeclaration): Steps<void> {
    const scope = this.parameters(declaration.parameters);
    yield* this.body(declaration.body, scope, new NameScope(undefined));
    this.unused(scope);
  }

  private parameters(parameters: readonly ast.Parameter[]): NameScope {
    const scope = new NameScope(undefined);
    for (const parameter of parameters) {
      if (parameter.default !== undefined) checkExpression(this, parameter.default, scope);
      this.define(scope, parameter.name, 'parameter', undefined, undefined);
    }
    return scope;
  }

  private cell(declaration: ast.CellDeclaration): void {
    const scope = this.parameters(declaration.parameters);
    if (declaration.name !== undefined)
      this.found('later/cell', { name: declaration.name.name }, declaration.name);
    const tensors = new NameScope(undefined);
    for (const item of declaration.items) {
      if (item.kind === 'limit') checkExpression(this, item.value, scope);
      if (item.kind !== 'edge') continue;
      if (item.between !== undefined) {
        checkExpression(this, item.between.from, scope);
        checkExpression(this, item.between.to, scope);
      }
      for (const operator of item.operators) checkLayer(this, operator, { scope, tensors, inCell: true });
    }
  }

  private *space(declaration: ast.SpaceDeclaration): Steps<void> {
    const scope = new NameScope(undefined);
    const tensors = new NameScope(undefined);
    yield* this.body(declaration.body, scope, tensors, true);
    this.unused(scope);
  }

  /** The statements of one body; `scope` is its own. */
  private *body(
    statements: readonly ast.Statement[],
    scope: NameScope,
    tensors: NameScope,
    isSpace = false,
  ): Steps<void> {
    let mayBeInput = isSpace;
    for (const [index, statement] of statements.entries()) {
      if (index % STATEMENTS_OF_STEP === STATEMENTS_OF_STEP - 1) yield;
      checkStatement(this, statement, { scope, tensors, mayBeInput });
      mayBeInput &&= standsBeforeInput(statement);
    }
  }

  /** A body inside another: sees the names around it. */
  nested(statements: readonly ast.Statement[], scope: NameScope, tensors: NameScope): void {
    const inner = new NameScope(scope);
    finished(this.body(statements, inner, tensors));
    this.unused(inner);
  }

  define(
    scope: NameScope,
    name: ast.Span & { readonly name: string },
    kind: SymbolInfo['kind'],
    values: SymbolInfo['values'],
    documentation: string | undefined,
  ): void {
    if (scope.own(name.name) !== undefined)
      this.found('name/duplicate', { name: name.name, what: kind }, name);
    const symbol: SymbolInfo = {
      name: name.name,
      kind,
      definition: { file: this.file.file, span: { start: name.start, end: name.end } },
      values,
      documentation,
    };
    scope.define(name.name, symbol);
    this.references.add(name, symbol, 'definition');
  }

  private unused(scope: NameScope): void {
    for (const { symbol, uses } of scope.definitions()) {
      if (uses > 0 || symbol.definition === undefined) continue;
      this.found('name/unused', { name: symbol.name, what: symbol.kind }, symbol.definition.span);
    }
  }
}

function describe(declaration: ast.BlockDeclaration | ast.CellDeclaration, file: string): SymbolInfo {
  const { kind } = declaration;
  const name = declaration.name?.name ?? '';
  const parameters = declaration.parameters.map((parameter) =>
    parameter.default === undefined ? parameter.name.name : `${parameter.name.name} = ...`,
  );
  return {
    name,
    kind,
    definition: declaration.name === undefined ? undefined : { file, span: declaration.name },
    values: undefined,
    documentation: `${kind} ${name}(${parameters.join(', ')})`,
  };
}
