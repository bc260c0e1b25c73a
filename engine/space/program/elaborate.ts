/**
 * Writes the program of a space: every use of a block becomes its own stretch of instructions, with choices of its own.
 * Says nothing about wrong names (`check/` has) and leaves out what it cannot understand, so that the rest is priced.
 */

import type * as ast from '../../../grammar/ast.ts';
import { finding } from '../problems/catalogue.ts';
import type { Finding } from '../problems/problem.ts';
import type { Effort } from '../effort.ts';
import type { Steps } from '../steps.ts';
import type { Choice, ChoiceKind } from '../types.ts';
import { compile } from './compile.ts';
import type { CompileContext, Compiled } from './compile.ts';
import { allocate } from './allocate.ts';
import type { Body, Reader, Report } from './body.ts';
import { Emitter, INSTRUCTION_LIMIT, tooManyInstructions } from './emitter.ts';
import type { BlockEntry, FileScope } from './file-scope.ts';
import { hullOfSlot } from './hulls.ts';
import type { Program } from './instructions.ts';
import { mentions, scopeHas } from './mentions.ts';
import { OperatorTable } from './run-layer.ts';
import { CHOICE_LIMIT } from './ranges.ts';
import { planLayer, type LayerPlan } from './layer-plan.ts';
import { PieceRow, joined, frameLike, sameSlots } from './piece-row.ts';
import type { Frame } from './piece-row.ts';
import { excerpt, placeAgain, scopesNow, usesOf } from './pieces.ts';
import type { Environment, Excerpt, Lookup, Piece } from './pieces.ts';
import { captureSlot, tensorSlot } from './slots.ts';
import type { ChoiceSlot, TensorSlot } from './slots.ts';
import { chosenInputs, isNamedInput } from './space-input.ts';
import type { SpaceInput } from './space-input.ts';
import { elaborateStatement } from './statements.ts';
import { TensorTypes } from './tensor-types.ts';
import { writeInput } from './write-input.ts';
import { writeCheck } from './write-layer.ts';

/** For one space; keeps what it wrote for the next version of the text. */
export class Elaborator {
  readonly types = new TensorTypes();
  readonly current = tensorSlot('current');
  readonly classes: number | undefined;
  effort: Effort | undefined;
  emitter = new Emitter();
  outputs: readonly TensorSlot[] | undefined;
  /** What the space is given. */
  input: SpaceInput = { kind: 'fixed', shape: [1], dtype: 'int8' };
  /** Statements that stand for others: an option with what is written after the braces, to the option. */
  origins = new Map<ast.Statement, ast.Statement>();
  private readonly operators = new OperatorTable(this.types);
  private plans = new Map<ast.OperatorStatement, LayerPlan | undefined>();
  private shapeSymbols = new Map<ast.Expression, readonly string[]>();
  private reportTo: Report = () => undefined;
  private doubtfulFrom = Infinity;
  /** Of the piece at hand. */
  private lookups: Lookup[] = [];
  private counted: Piece['counted'];
  private named: string[] = [];
  /** Something was reported that has to be reported again for every version. */
  private isSpoilt = false;
  private known: ReadonlyMap<ast.Statement, Piece> = new Map();
  private frame: Frame | undefined;

  constructor(classes: number | undefined) {
    this.classes = classes;
  }

  report(found: Finding, file: string, span: ast.Span): void {
    this.isSpoilt = true;
    this.reportTo(found, file, span);
  }

  /** Something here could not be understood: shapes after it may be wrong. */
  doubt(): void {
    this.isSpoilt = true;
    this.doubtfulFrom = Math.min(this.doubtfulFrom, this.emitter.at);
  }

  blockNamed(name: string, file: FileScope): BlockEntry | undefined {
    const entry = file.blocks.get(name);
    const found = entry && {
      declaration: entry.declaration,
      source: excerpt(entry.declaration, entry.scope),
    };
    this.lookups.push({ file: file.file, name, found });
    return entry;
  }

  /** A step for each statement. Throws `TooLarge`; what was kept is lost then. */
  *space(
    declaration: ast.SpaceDeclaration,
    file: FileScope,
    input: SpaceInput,
    report: Report,
  ): Steps<Program> {
    const { known, frame: frameBefore } = this;
    // Nearly every statement is an instruction at least: to write them all, only to find that out, takes a second.
    if (declaration.body.length > INSTRUCTION_LIMIT) throw tooManyInstructions();
    this.emitter = new Emitter(this.effort);
    this.origins = new Map();
    this.plans = new Map();
    this.shapeSymbols = new Map();
    this.doubtfulFrom = Infinity;
    this.reportTo = report;
    this.known = new Map();
    this.frame = undefined;
    const needsInput = declaration.body.some((statement) => statement.kind === 'skip');
    // A choice that stands in the dataset is read again for every version.
    const ofDataset = input.kind === 'chosen' && input.statement === undefined;
    const frame = frameLike(frameBefore, needsInput, ofDataset);
    const body: Body = {
      file,
      scope: { parent: undefined, names: new Map() },
      namePath: '',
      choicePath: '',
      tiePath: '',
      tensors: new Map(),
      input: frame.input,
      counters: new Map(),
      uses: [],
      remedy: undefined,
    };
    const row = new PieceRow(body, frame.environment);
    const { emitter, current } = this;
    this.input = input;
    this.begin();
    frame.start = (ofDataset ? undefined : this.kept(row, frame.start)) ?? this.start(row, frame);
    const written = new Map<ast.Statement, Piece>();
    for (const statement of declaration.body) {
      yield;
      const isInput = input.kind === 'chosen' && statement === input.statement;
      const before = isInput || !isNamedInput(statement) ? known.get(statement) : undefined;
      const piece = this.kept(row, before, statement) ?? this.write(row, statement);
      if (!this.isSpoilt) written.set(statement, piece);
    }
    const ends = (this.outputs?.length ?? 0) > 0 ? (this.outputs ?? []) : [current];
    this.begin();
    if (frame.end?.outputs === undefined || !sameSlots(frame.end.outputs, ends)) {
      emitter.emit({ kind: 'end', outputs: ends, reads: ends });
      this.outputs = ends;
      frame.end = this.piece(row, undefined, row.environment);
    } else emitter.take(frame.end);
    row.pieces.push(frame.end);
    const { tensorRegisters, registers } = allocate(row.pieces);
    this.known = written;
    this.frame = frame;
    const program = joined(row.pieces);
    const inputs =
      input.kind === 'fixed'
        ? [this.types.of(input.shape, input.dtype)]
        : chosenInputs(program.instructions, this.types);
    return {
      ...program,
      types: this.types,
      operators: this.operators,
      input: inputs[0] ?? this.types.of([1], 'int8'),
      inputs,
      current,
      tensorRegisters,
      registers,
      doubtfulFrom: this.doubtfulFrom,
    };
  }

  /** Where the space begins: what arrives is at hand, and for a `skip` it is kept. */
  private start(row: PieceRow, { input }: Frame): Piece {
    const { emitter, current } = this;
    if (this.input.kind === 'chosen' && this.input.statement === undefined)
      writeInput(this, { statement: undefined, expression: this.input.expression }, row.body);
    emitter.emit({ kind: 'move', part: 0, from: current, to: current, reads: [current] });
    if (input !== undefined) emitter.move(current, input);
    const piece = this.piece(row, undefined, row.environment);
    row.pieces.push(piece);
    return piece;
  }

  /** Takes a piece of the version before if writing it again would give the same. */
  private kept(row: PieceRow, piece: Piece | undefined, statement?: ast.Statement): Piece | undefined {
    this.isSpoilt = false;
    if (piece?.before !== row.environment || !row.counts(piece) || !this.emitter.fits(piece))
      return undefined;
    if (statement !== undefined) {
      const scopes = scopesNow(piece, statement, row.body.file);
      if (scopes === undefined) return undefined;
      if (scopes.moved) placeAgain(piece, scopes);
    }
    this.emitter.take(piece);
    row.take(piece);
    this.outputs = piece.outputs ?? this.outputs;
    return piece;
  }

  /** Nothing is known yet of the piece to come. */
  private begin(): void {
    this.outputs = undefined;
    this.lookups = [];
    this.named = [];
    this.counted = undefined;
    this.isSpoilt = false;
  }

  private write(row: PieceRow, statement: ast.Statement): Piece {
    const { body, environment } = row;
    const outputsBefore = this.outputs;
    this.begin();
    elaborateStatement(this, statement, body);
    row.note(statement, this.named);
    const piece = this.piece(row, excerpt(statement, body.file), environment);
    this.outputs ??= outputsBefore;
    row.pieces.push(piece);
    return piece;
  }

  private piece(row: PieceRow, source: Excerpt | undefined, before: Environment): Piece {
    const written = this.emitter.cut();
    return {
      ...written,
      source,
      lookups: this.lookups,
      before,
      after: row.environment,
      counted: this.counted,
      outputs: this.outputs,
      uses: usesOf(written.instructions),
      registers: undefined,
    };
  }

  /** The statements of a body, in a scope of their own. */
  body(statements: readonly ast.Statement[], outer: Body): void {
    const { emitter, current } = this;
    const needsInput = statements.some((statement) => statement.kind === 'skip');
    const input = needsInput ? tensorSlot('input of the body') : undefined;
    const body: Body = {
      ...outer,
      input,
      scope: { parent: outer.scope, names: new Map() },
      counters: new Map(),
    };
    if (input !== undefined) emitter.move(current, input);
    for (const statement of statements) elaborateStatement(this, statement, body);
  }

  planOf(statement: ast.OperatorStatement): LayerPlan | undefined {
    if (this.plans.has(statement)) return this.plans.get(statement);
    const plan = planLayer(statement);
    this.plans.set(statement, plan);
    return plan;
  }

  /** A tensor has got a name that its body did not have. */
  nameTensor(name: string): void {
    this.named.push(name);
  }

  /** `conv.2`: the second conv of the body. */
  localName(name: string, body: Body): string {
    const count = (body.counters.get(name) ?? 0) + 1;
    body.counters.set(name, count);
    // The space's own statement comes first, before those inside of it.
    this.counted ??= { name, number: count };
    return `${name}.${count}`;
  }

  choice(
    id: string,
    kind: ChoiceKind,
    options: readonly (number | string)[],
    file: FileScope,
    node: ast.Span,
  ): ChoiceSlot {
    const source = file.sourceOf(node);
    return this.emitter.slotFor({ id, kind, options, source } satisfies Choice, node);
  }

  /** An expression in place: its choices are drawn here, and `in` is what arrives here. */
  compile(
    expression: ast.Expression,
    body: Body,
    id: string,
    tensor = this.current,
    kind: ChoiceKind = 'value',
  ): Compiled {
    return compile(expression, this.context(body, id, tensor), kind);
  }

  /** As {@link compile}, draws what it needs, and makes sure that it has a value. */
  forced(
    expression: ast.Expression,
    { statement, body }: Reader,
    id: string,
    tensor = this.current,
    kind: ChoiceKind = 'value',
  ): Compiled {
    const compiled = this.compile(expression, body, id, tensor, kind);
    this.emitter.force(compiled.draws);
    if (compiled.fault !== undefined) writeCheck(this, { statement, body }, compiled, compiled.fault);
    return compiled;
  }

  /**
   * An expression that is given a name here and read later: `in` keeps what arrives here, and choices are drawn
   * when the name is first read, so that a value that is never read is no decision.
   */
  bound(expression: ast.Expression, body: Body, id: string): Compiled {
    const context = this.context(body, id, this.current);
    const symbols = this.shapeSymbolsOf(expression);
    if (symbols.length === 0) return compile(expression, context);
    const shapes = new Map<string, Compiled>();
    const names = new Map<string, Compiled>();
    for (const symbol of symbols) {
      const direct = compile(
        { kind: 'name', name: symbol, start: 0, end: 0 },
        { ...context, scope: { parent: undefined, names: new Map() } },
      );
      const slot = captureSlot();
      this.emitter.emit({ kind: 'capture', slot, value: direct, reads: direct.reads, writes: slot });
      shapes.set(symbol, {
        constant: false,
        evaluate: (registers) => registers[slot.register] || undefined,
        reads: [slot],
        draws: [],
        fault: undefined,
        hull: hullOfSlot(slot),
      });
    }
    for (const [symbol, compiled] of shapes) if (!scopeHas(body.scope, symbol)) names.set(symbol, compiled);
    return compile(expression, { ...context, scope: { parent: body.scope, names } });
  }

  private shapeSymbolsOf(expression: ast.Expression): readonly string[] {
    let found = this.shapeSymbols.get(expression);
    if (found === undefined) {
      found = ['in', 'height', 'width'].filter((symbol) => mentions(expression, symbol));
      this.shapeSymbols.set(expression, found);
    }
    return found;
  }

  private context(body: Body, id: string, tensor: TensorSlot): CompileContext {
    let count = 0;
    return {
      file: body.file.file,
      scope: body.scope,
      tensor,
      types: this.types,
      classes: this.classes,
      choice: (expression, kind, options) => {
        count++;
        const unique = count === 1 ? id : `${id}.${count}`;
        const slot = this.choice(unique, kind, options, body.file, expression);
        if (slot.choice.options.length !== options.length) {
          this.report(
            finding('value/not-constant', { what: 'number of options of a tie' }),
            body.file.file,
            expression,
          );
        }
        return slot;
      },
      text: (expression) => body.file.text.slice(expression.start, expression.end).replace(/\s+/g, ' '),
      broken: (expression, reason, detail) => {
        const [first = 0, second = 0] = detail;
        const found =
          reason === 'empty'
            ? finding('range/empty', { low: String(first), high: String(second) })
            : reason === 'too-large'
              ? finding('range/too-large', {
                  what: expression.kind === 'range' ? 'range' : 'choice',
                  count: first,
                  limit: CHOICE_LIMIT,
                })
              : finding('value/not-constant', { what: 'bound of a range' });
        this.report(found, body.file.file, expression);
        this.doubt();
      },
    };
  }

  /** `when` and `unless`: jumps over what follows when one does not hold. */
  conditions(
    conditions: readonly ast.Condition[],
    reader: Reader,
    id: string,
    patch: Parameters<Parameters<Emitter['conditionally']>[0]>[0],
    tensor = this.current,
  ): void {
    for (const { word, expression } of conditions) {
      const compiled = this.forced(expression, reader, `${id}/${word}`, tensor);
      const wanted = word === 'when';
      const evaluate = compiled.evaluate;
      // An unknown condition counts as holding: the layer is priced as if it were there.
      patch.push(this.emitter.test(compiled.reads, (registers) => evaluate(registers) !== !wanted));
    }
  }
}
