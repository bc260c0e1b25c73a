/**
 * Writes the program of a space: every use of a block becomes its own stretch of instructions, with choices of
 * its own. Says nothing about names that are wrong (`check/` has done so) and leaves out what it cannot
 * understand, so that the rest can still be counted and priced.
 */

import type {
  BlockDeclaration,
  Condition,
  Expression,
  OperatorStatement,
  SpaceDeclaration,
  Span,
  Statement,
} from '../../../grammar/ast.ts';
import type { DType, Shape, SourceRef } from '../network.ts';
import { blockRecursive, rangeEmpty, rangeTooLarge, valueNotConstant } from '../problems/catalogue.ts';
import { finding } from '../problems/problem.ts';
import type { Finding } from '../problems/problem.ts';
import type { Choice, ChoiceKind } from '../types.ts';
import { CHOICE_LIMIT, compile, constant, possibleValues } from './compile.ts';
import type { CompileContext, Compiled, Scope } from './compile.ts';
import { allocate } from './allocate.ts';
import { Emitter } from './emitter.ts';
import type { Program } from './instructions.ts';
import { OperatorTable } from './run-layer.ts';
import { planLayer } from './layer-plan.ts';
import type { LayerPlan } from './layer-plan.ts';
import { captureSlot, tensorSlot } from './slots.ts';
import type { ChoiceSlot, TensorSlot } from './slots.ts';
import { elaborateStatement } from './statements.ts';
import { TensorTypes } from './tensor-types.ts';
import { valueText } from './values.ts';

/** What a file's names mean: its own blocks and those it imports. */
export interface FileScope {
  readonly file: string;
  readonly text: string;
  readonly blocks: ReadonlyMap<string, BlockEntry>;
  sourceOf(node: Span): SourceRef;
}

export interface BlockEntry {
  readonly declaration: BlockDeclaration;
  readonly scope: FileScope;
}

/** More repetitions than a network has layers. */
export const REPEAT_LIMIT = 256;

/** Where a statement is being elaborated. */
export interface Body {
  readonly file: FileScope;
  readonly scope: Scope;
  /** Before the names of operators, e.g. `MB.2[1]/`. */
  readonly namePath: string;
  /** Before the ids of choices; without `[k]` inside `same`. */
  readonly choicePath: string;
  /** Before the ids of ties: the block's name, or nothing in a space. */
  readonly tiePath: string;
  /** Tensors named with `as` in the enclosing block or space. */
  readonly tensors: Map<string, TensorSlot>;
  /** What arrived at the body, if a `skip` needs it. */
  readonly input: TensorSlot | undefined;
  readonly counters: Map<string, number>;
  /** Blocks being used, outermost first. */
  readonly uses: readonly BlockDeclaration[];
  /** For the fix of a `skip`: a condition on the block's parameters. */
  readonly remedy: string | undefined;
}

export type Report = (found: Finding, file: string, span: Span) => void;

export class Elaborator {
  readonly emitter = new Emitter();
  readonly types = new TensorTypes();
  readonly current = tensorSlot('current');
  readonly classes: number | undefined;
  readonly report: Report;
  outputs: TensorSlot[] = [];
  /** Statements that stand for others: an option with what is written after the braces, to the option. */
  readonly origins = new Map<Statement, Statement>();
  private readonly plans = new Map<OperatorStatement, LayerPlan | undefined>();
  private readonly shapeSymbols = new Map<Expression, readonly string[]>();
  private doubtfulFrom = Infinity;

  constructor(classes: number | undefined, report: Report) {
    this.classes = classes;
    this.report = report;
  }

  /** Something here could not be understood: shapes after it may be wrong. */
  doubt(): void {
    this.doubtfulFrom = Math.min(this.doubtfulFrom, this.emitter.at);
  }

  space(declaration: SpaceDeclaration, file: FileScope, input: Shape, dtype: DType): Program {
    const { emitter, current } = this;
    const inputType = this.types.of(input, dtype);
    emitter.emit({ kind: 'move', from: current, to: current, reads: [current] });
    this.body(declaration.body, {
      file,
      scope: { parent: undefined, names: new Map() },
      namePath: '',
      choicePath: '',
      tiePath: '',
      tensors: new Map(),
      input: undefined,
      counters: new Map(),
      uses: [],
      remedy: undefined,
    });
    const outputs = this.outputs.length > 0 ? this.outputs : [current];
    emitter.emit({ kind: 'end', outputs, reads: outputs });
    const registers = allocate(emitter.instructions);
    return {
      instructions: emitter.instructions,
      choices: emitter.choices,
      choiceSlots: emitter.choiceSlots,
      regions: emitter.regions,
      types: this.types,
      operators: new OperatorTable(this.types),
      input: inputType,
      current,
      ...registers,
      doubtfulFrom: this.doubtfulFrom,
    };
  }

  /** The statements of a body, in a scope of their own. */
  body(statements: readonly Statement[], outer: Body): void {
    const { emitter, current } = this;
    const needsInput = statements.some((statement) => statement.kind === 'skip');
    const input = needsInput ? tensorSlot('input of the body') : undefined;
    const body: Body = {
      ...outer,
      input,
      scope: { parent: outer.scope, names: new Map() },
      counters: new Map(),
    };
    if (input !== undefined)
      emitter.emit({ kind: 'move', from: current, to: input, reads: [current], writes: input });
    for (const statement of statements) elaborateStatement(this, statement, body);
  }

  planOf(statement: OperatorStatement): LayerPlan | undefined {
    if (this.plans.has(statement)) return this.plans.get(statement);
    const plan = planLayer(statement);
    this.plans.set(statement, plan);
    return plan;
  }

  /** `conv.2`: the second conv of the body. */
  localName(name: string, body: Body): string {
    const count = (body.counters.get(name) ?? 0) + 1;
    body.counters.set(name, count);
    return `${name}.${count}`;
  }

  choice(id: string, kind: ChoiceKind, options: readonly (number | string)[], source: SourceRef): ChoiceSlot {
    return this.emitter.slotFor({ id, kind, options, source } satisfies Choice);
  }

  /** An expression in place: its choices are drawn here, and `in` is what arrives here. */
  compile(
    expression: Expression,
    body: Body,
    id: string,
    tensor = this.current,
    kind: ChoiceKind = 'value',
  ): Compiled {
    return compile(expression, this.context(body, id, tensor), kind);
  }

  /** As {@link compile}, and draws what it needs. */
  forced(
    expression: Expression,
    body: Body,
    id: string,
    tensor = this.current,
    kind: ChoiceKind = 'value',
  ): Compiled {
    const compiled = this.compile(expression, body, id, tensor, kind);
    this.emitter.force(compiled.draws);
    return compiled;
  }

  /**
   * An expression that is given a name here and read later: `in` keeps what arrives here, and choices are drawn
   * when the name is first read, so that a value that is never read is no decision.
   */
  bound(expression: Expression, body: Body, id: string): Compiled {
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
      });
    }
    for (const [symbol, compiled] of shapes) if (!scopeHas(body.scope, symbol)) names.set(symbol, compiled);
    return compile(expression, { ...context, scope: { parent: body.scope, names } });
  }

  private shapeSymbolsOf(expression: Expression): readonly string[] {
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
      scope: body.scope,
      tensor,
      types: this.types,
      classes: this.classes,
      choice: (expression, kind, options) => {
        count++;
        const unique = count === 1 ? id : `${id}.${count}`;
        const slot = this.choice(unique, kind, options, body.file.sourceOf(expression));
        if (slot.choice.options.length !== options.length) {
          this.report(
            finding(valueNotConstant, { what: 'number of options of a tie' }),
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
            ? finding(rangeEmpty, { low: String(first), high: String(second) })
            : reason === 'too-large'
              ? finding(rangeTooLarge, { what: 'range', count: first, limit: CHOICE_LIMIT })
              : finding(valueNotConstant, { what: 'bound of a range' });
        this.report(found, body.file.file, expression);
        this.doubt();
      },
    };
  }

  /** `when` and `unless`: jumps over what follows when one does not hold. */
  conditions(
    conditions: readonly Condition[],
    body: Body,
    id: string,
    patch: Parameters<Parameters<Emitter['conditionally']>[0]>[0],
    tensor = this.current,
  ): void {
    for (const { word, expression } of conditions) {
      const compiled = this.forced(expression, body, `${id}/${word}`, tensor);
      const wanted = word === 'when';
      const evaluate = compiled.evaluate;
      // An unknown condition counts as holding: the layer is priced as if it were there.
      patch.push(this.emitter.test(compiled.reads, (registers) => evaluate(registers) !== !wanted));
    }
  }

  /** The counts a repeat can take, in ascending order. */
  counts(count: Compiled, expression: Expression, body: Body): readonly number[] {
    const values = possibleValues(count, CHOICE_LIMIT);
    if (values === undefined) {
      this.report(finding(valueNotConstant, { what: 'number of repetitions' }), body.file.file, expression);
      this.doubt();
      return [1];
    }
    const counts: number[] = [];
    for (const value of values) {
      if (value === undefined) continue;
      if (typeof value !== 'number' || value < 0 || value > REPEAT_LIMIT) {
        const count = typeof value === 'number' ? value : 0;
        const found =
          typeof value === 'number' && value > REPEAT_LIMIT
            ? finding(rangeTooLarge, { what: 'repeat', count, limit: REPEAT_LIMIT })
            : finding(rangeEmpty, { low: '0', high: valueText(value) });
        this.report(found, body.file.file, expression);
        this.doubt();
        return [1];
      }
      counts.push(Math.round(value));
    }
    if (counts.length === 0) this.doubt();
    return counts.length === 0 ? [1] : counts.sort((a, b) => a - b);
  }

  /** A use of a block: binds its parameters and elaborates its body. */
  use(
    statement: OperatorStatement,
    entry: BlockEntry,
    body: Body,
    namePath: string,
    choicePath: string,
  ): void {
    const { declaration, scope } = entry;
    if (body.uses.includes(declaration)) {
      const chain = [...body.uses.slice(body.uses.indexOf(declaration)), declaration]
        .map((use) => use.name?.name ?? '?')
        .join(' -> ');
      this.report(finding(blockRecursive, { chain }), body.file.file, statement.name);
      this.doubt();
      return;
    }
    const names = new Map<string, Compiled>();
    const inner: Body = {
      file: scope,
      scope: { parent: undefined, names },
      namePath: `${namePath}/`,
      choicePath: `${choicePath}/`,
      tiePath: `${declaration.name?.name ?? ''}/`,
      tensors: new Map(),
      input: undefined,
      counters: new Map(),
      uses: [...body.uses, declaration],
      remedy: joinRemedy(declaration),
    };
    const args = statement.arguments ?? [];
    let position = 0;
    const byName = new Map<string, Expression>();
    for (const argument of args) {
      const parameter = argument.name === undefined ? declaration.parameters[position++] : undefined;
      const name = argument.name?.name ?? parameter?.name.name;
      if (name !== undefined && !byName.has(name)) byName.set(name, argument.value);
    }
    for (const parameter of declaration.parameters) {
      const name = parameter.name.name;
      const given = byName.get(name);
      const id = `${choicePath}/${name}`;
      if (given !== undefined) names.set(name, this.bound(given, body, id));
      else if (parameter.default !== undefined) names.set(name, this.bound(parameter.default, inner, id));
      else names.set(name, constant(undefined));
    }
    this.body(declaration.body, inner);
  }
}

function scopeHas(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return true;
  return false;
}

/** Whether an expression reads a name. */
function mentions(expression: Expression, name: string): boolean {
  switch (expression.kind) {
    case 'name':
      return expression.name === name;
    case 'unary':
      return mentions(expression.operand, name);
    case 'binary':
      return mentions(expression.left, name) || mentions(expression.right, name);
    case 'call':
      return expression.arguments.some((argument) => mentions(argument.value, name));
    case 'choiceExpression':
      return expression.options.some((option) => mentions(option, name));
    case 'range':
      return mentions(expression.low, name) || mentions(expression.high, name);
    default:
      return false;
  }
}

/** The condition under which the output of a block has the shape of its input, as far as its parameters say. */
function joinRemedy(declaration: BlockDeclaration): string | undefined {
  const has = (name: string): boolean =>
    declaration.parameters.some((parameter) => parameter.name.name === name);
  const parts = [has('stride') ? 'stride == 1' : '', has('out') ? 'out == in' : ''];
  return parts.filter((part) => part !== '').join(' and ') || undefined;
}
