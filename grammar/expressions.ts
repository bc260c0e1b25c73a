/** Expressions: values, choices, ranges, arithmetic and conditions. */

import { EMPTY_ALT, tokenMatcher, type IToken, type ParserMethod, type TokenType } from 'chevrotain';
import type { Argument, ConditionalExpression, Expression, StringLiteral } from './ast.ts';
import { endOf, identifier } from './base.ts';
import { combine, stringLiteral, wantedAfter } from './expression-parts.ts';
import { ListParser } from './lists.ts';
import { precedence } from './precedence.ts';
import * as t from './tokens.ts';
import { unitWords } from './words.ts';

/** Operators in one expression: a tree as deep as that is gone through by recursion in many places. */
const maxOperators = 1000;

/** `180 mhz`: another word could stand behind a number only in a setting that lacks its `;`. */
const unitsInAnyCase: ReadonlySet<string> = new Set([...unitWords].map((word) => word.toLowerCase()));

/** What can stand behind a condition, so that no `else` of it comes. */
const endsCondition: ReadonlySet<TokenType> = new Set([
  t.keyword.when,
  t.keyword.unless,
  t.Comma,
  t.Bar,
  t.Question,
  t.Arrow,
  t.Colon,
  t.Assign,
]);

interface Pending {
  readonly operator: string;
  readonly binds: number;
  readonly start: number;
}

export class ExpressionParser extends ListParser {
  private readonly operands: Expression[] = [];
  private readonly pending: Pending[] = [];
  /** Words after a number are its unit even when unknown, as in a constraint's bound. */
  protected anyUnit = false;
  /** `%` after a number is its unit whatever follows: nobody computes remainders in a setting. */
  protected isInSetting = false;
  /** Numbers have no units, so that `min` begins an objective and is no minute. */
  protected isWithoutUnits = false;
  /** In the outermost expression that is being read. */
  private operators = 0;
  private primaryAlternatives: { ALT: () => Expression | undefined }[] | undefined = undefined;

  override load(tokens: IToken[], textLength: number): void {
    this.operands.length = 0;
    this.pending.length = 0;
    this.anyUnit = false;
    this.isInSetting = false;
    this.isWithoutUnits = false;
    this.isPartOfConditional = false;
    super.load(tokens, textLength);
  }

  /** `or < and < not < comparison < range < + - < * / % < unary -`, by operator precedence. */
  readonly expression: ParserMethod<[], Expression> = this.RULE('expression', (): Expression => {
    const floor = this.pending.length;
    const isPart = this.isPartOfConditional;
    this.isPartOfConditional = false;
    if (floor === 0 && this.operands.length === 0 && !isPart) this.operators = 0;
    if (this.RECORDING_PHASE || this.atPrefix()) {
      this.MANY1({
        GATE: () => this.operators < maxOperators,
        DEF: () => {
          this.OR1([
            { ALT: () => this.pushPrefix(this.CONSUME1(t.Minus)) },
            { ALT: () => this.pushPrefix(this.CONSUME1(t.keyword.not)) },
          ]);
        },
      });
    }
    const first = this.SUBRULE(this.primary);
    // Most values are one word or number.
    if (
      !this.RECORDING_PHASE &&
      this.pending.length === floor &&
      !this.isNext(t.BinaryOperator) &&
      (isPart || this.LA(1).tokenType !== t.keyword.when)
    )
      return first;
    this.operands.push(first);
    this.MANY({
      GATE: () => this.operators < maxOperators && (!this.isMarkerOfRange() || this.endsInRange(floor)),
      DEF: () => {
        this.OR([
          { ALT: () => this.pushOperator(this.CONSUME(t.BinaryOperator), floor) },
          { ALT: () => this.pushOperator(this.CONSUME(t.contextual.step), floor) },
          { ALT: () => this.pushOperator(this.CONSUME(t.contextual.log), floor) },
        ]);
        if (this.RECORDING_PHASE || this.atPrefix()) {
          this.MANY2({
            GATE: () => this.operators < maxOperators,
            DEF: () => {
              this.OR2([
                { ALT: () => this.pushPrefix(this.CONSUME2(t.Minus)) },
                { ALT: () => this.pushPrefix(this.CONSUME2(t.keyword.not)) },
              ]);
            },
          });
        }
        this.operands.push(this.SUBRULE2(this.primary));
      },
    });
    let value = this.ACTION(() => {
      this.reduce(floor, 0);
      return this.operands.pop() ?? this.missing();
    });
    if (isPart) return value;
    // A loop, since each `else` may be followed by a further `when`.
    const before: Omit<ConditionalExpression, 'otherwise' | 'end'>[] = [];
    this.MANY3({
      GATE: () => this.beginsConditional(),
      DEF: () => {
        const word = this.CONSUME(t.keyword.when);
        this.ACTION(() => this.countOperator(word));
        this.isPartOfConditional = true;
        const condition = this.SUBRULE1(this.expression);
        this.ACTION(() => {
          before.push({ kind: 'conditional', value, condition, start: value.start });
          if (this.LA(1).tokenType !== t.keyword.else)
            this.reportNext('This belongs to no condition. Remove it, or write `and` or `or` before it.');
          while (this.LA(1).tokenType !== t.keyword.else && !this.atStatementEnd()) this.SKIP_TOKEN();
        });
        this.CONSUME(t.keyword.else);
        this.isPartOfConditional = true;
        value = this.SUBRULE2(this.expression);
      },
    });
    return this.ACTION(() =>
      before.reduceRight<Expression>(
        (otherwise, part) => ({ ...part, otherwise, end: otherwise.end }),
        value,
      ),
    );
  });

  /** The expression to be read next stands in a conditional value, which goes on behind it. */
  private isPartOfConditional = false;

  /**
   * `when` belongs to the value before it if `else` comes before whatever ends a value. Behind a layer it is else the
   * condition of the layer.
   */
  private beginsConditional(): boolean {
    if (this.LA(1).tokenType !== t.keyword.when || this.operators >= maxOperators) return false;
    let depth = 0;
    for (let ahead = 2; ; ahead++) {
      const type = this.LA(ahead).tokenType;
      if (this.LA(ahead).startOffset < 0) return false;
      if (type === t.LBrace || type === t.LParen) depth++;
      else if (type === t.RBrace || type === t.RParen) {
        if (--depth < 0) return false;
      } else if (depth === 0) {
        if (type === t.keyword.else) return true;
        if (endsCondition.has(type) || this.atStatementEnd(ahead)) return false;
      }
    }
  }

  private atPrefix(): boolean {
    const type = this.LA(1).tokenType;
    return type === t.Minus || type === t.keyword.not;
  }

  private pushOperator(operator: IToken, floor: number): void {
    if (this.RECORDING_PHASE) return;
    this.countOperator(operator);
    const binds = precedence[operator.image] ?? 0;
    this.reduce(floor, binds);
    this.pending.push({ operator: operator.image, binds, start: operator.startOffset });
  }

  private pushPrefix(operator: IToken): void {
    if (this.RECORDING_PHASE) return;
    this.countOperator(operator);
    const name = operator.image === 'not' ? 'not' : 'negate';
    this.pending.push({ operator: name, binds: precedence[name] ?? 0, start: operator.startOffset });
  }

  private countOperator(operator: IToken): void {
    this.operators++;
    if (this.operators !== maxOperators) return;
    const message = `This expression has more than ${maxOperators - 1} operators. Give parts of it names with \`let\`.`;
    this.report('syntax/unexpected-token', { start: operator.startOffset, end: endOf(operator) }, message);
  }

  /** `step` and `log` are words of a range only behind one. */
  private isMarkerOfRange(): boolean {
    const type = this.LA(1).tokenType;
    return type === t.contextual.step || type === t.contextual.log;
  }

  private endsInRange(floor: number): boolean {
    for (let index = this.pending.length - 1; index >= floor; index--) {
      const binds = this.pending[index]?.binds ?? 0;
      if (binds <= 5) return false;
      if (binds === 6) return true;
    }
    return false;
  }

  /** Applies the operators above `floor` that bind at least as tightly as `binds`. */
  private reduce(floor: number, binds: number): void {
    while (this.pending.length > floor) {
      const top = this.pending[this.pending.length - 1];
      if (top === undefined || top.binds < binds) return;
      this.pending.pop();
      const right = this.operands.pop() ?? this.missing();
      if (top.operator === 'not' || top.operator === 'negate') {
        const operator = top.operator === 'not' ? 'not' : '-';
        this.operands.push({ kind: 'unary', operator, operand: right, start: top.start, end: right.end });
        continue;
      }
      const left = this.operands.pop() ?? this.missing();
      this.operands.push(combine(top.operator, left, right));
    }
  }

  readonly primary: ParserMethod<[], Expression> = this.RULE(
    'primary',
    (): Expression =>
      this.OR(
        (this.primaryAlternatives ??= [
          { ALT: () => this.readNumber() },
          { ALT: () => this.dimensionsOf(this.CONSUME(t.Dimensions)) },
          { ALT: () => this.readNameOrCall() },
          { ALT: () => this.SUBRULE(this.choiceExpression) },
          { ALT: () => this.SUBRULE(this.parenthesised) },
          { ALT: () => this.stringOf(this.CONSUME(t.StringToken)) },
          { ALT: EMPTY_ALT(undefined) },
        ]),
      ) ?? this.ACTION(() => this.missingValue()),
  );

  /** `12`, `32 KB`, `90 %` */
  private readNumber(): Expression {
    const token = this.CONSUME(t.NumberToken);
    let unit: IToken | undefined;
    if (this.RECORDING_PHASE || this.isUnit()) {
      this.OPTION(() => {
        this.OR1([
          { ALT: () => (unit = this.CONSUME1(t.Identifier)) },
          { ALT: () => (unit = this.CONSUME(t.Percent)) },
        ]);
      });
    }
    return {
      kind: 'number',
      value: Number(token.image),
      unit: unit === undefined ? undefined : identifier(unit),
      start: token.startOffset,
      end: endOf(unit ?? token),
    };
  }

  /** The word after a number is its unit: known, or written without a blank. `%` when no operand follows. */
  private isUnit(): boolean {
    const token = this.LA(1);
    if (this.isWithoutUnits) return false;
    if (token.tokenType === t.Percent) {
      const after = this.LA(2);
      return (
        this.isInSetting ||
        after.image === 'on' ||
        after.image === 'weight' ||
        !(this.beginsValue(2) || after.tokenType === t.LParen)
      );
    }
    if (!tokenMatcher(token, t.Identifier)) return false;
    if (this.isInSetting && unitsInAnyCase.has(token.image.toLowerCase()))
      return !this.isNext(t.Comparison, 2);
    if (unitWords.has(token.image)) return this.LA(2).tokenType !== t.LParen;
    if (token.image === 'on') return false;
    return (this.anyUnit && !this.isNext(t.Comparison, 2)) || this.isAdjacent();
  }

  /** `3x3`, `96x96x1` */
  private dimensionsOf(token: IToken): Expression {
    const written = token.tokenType === t.HalfDimensions ? token.image.slice(0, -1) : token.image;
    const start = token.startOffset;
    const end = start + written.length;
    const values = this.RECORDING_PHASE ? [] : written.split('x').map(Number);
    if (token.tokenType === t.HalfDimensions) {
      this.reportMissing(`Write a number after \`x\`, as in \`${token.image}${values.at(-1) ?? 1}\`.`);
      const [value = 0] = values;
      if (values.length === 1) return { kind: 'number', value, unit: undefined, start, end };
    }
    return { kind: 'dimensions', values, start, end };
  }

  /** `width`, `round8(16 * w)` */
  private readNameOrCall(): Expression {
    const name = this.CONSUME2(t.Identifier);
    let args: Argument[] | undefined;
    if (this.RECORDING_PHASE || this.LA(1).tokenType === t.LParen) {
      this.OPTION2(() => {
        args = this.SUBRULE(this.arguments_);
      });
    }
    if (args !== undefined) {
      return {
        kind: 'call',
        callee: identifier(name),
        arguments: args,
        start: name.startOffset,
        end: this.endHere(),
      };
    }
    return { kind: 'name', name: name.image, start: name.startOffset, end: endOf(name) };
  }

  /** `{a | b | c}` */
  readonly choiceExpression: ParserMethod<[], Expression> = this.RULE('choiceExpression', (): Expression => {
    const open = this.CONSUME(t.LBrace);
    const options: Expression[] = [this.SUBRULE(this.expression)];
    this.MANY(() => {
      this.CONSUME(t.Bar);
      options.push(this.SUBRULE2(this.expression));
    });
    this.close(0, t.RBrace, open);
    return { kind: 'choiceExpression', options, start: open.startOffset, end: this.endHere() };
  });

  readonly parenthesised: ParserMethod<[], Expression> = this.RULE('parenthesised', (): Expression => {
    const open = this.CONSUME(t.LParen);
    const inner = this.SUBRULE(this.expression);
    this.close(0, t.RParen, open);
    return this.ACTION(() => ({ ...inner, start: open.startOffset, end: this.endHere() }));
  });

  /** `(a, b = 2)` */
  readonly arguments_: ParserMethod<[], Argument[]> = this.RULE('arguments', (): Argument[] => {
    const open = this.CONSUME(t.LParen);
    const list: Argument[] = [];
    this.OPTION({
      GATE: () => this.LA(1).tokenType !== t.RParen,
      DEF: () => {
        list.push(this.SUBRULE(this.argument));
        this.MANY(() => {
          this.CONSUME(t.Comma);
          list.push(this.SUBRULE2(this.argument));
        });
      },
    });
    this.close(0, t.RParen, open);
    return list;
  });

  readonly argument: ParserMethod<[], Argument> = this.RULE('argument', (): Argument => {
    let name: IToken | undefined;
    this.OPTION({
      GATE: () => this.LA(2).tokenType === t.Assign,
      DEF: () => {
        name = this.CONSUME(t.Identifier);
        this.CONSUME(t.Assign);
      },
    });
    const value = this.SUBRULE(this.expression);
    return {
      kind: 'argument',
      name: name === undefined ? undefined : identifier(name),
      value,
      start: name === undefined ? value.start : name.startOffset,
      end: value.end,
    };
  });

  protected stringOf(token: IToken): StringLiteral {
    if (token.tokenType === t.UnclosedString) {
      const end = endOf(token);
      this.report(
        'syntax/unclosed',
        { start: token.startOffset, end },
        'This string has no closing quote. Write `"` where it ends.',
      );
    }
    return stringLiteral(token);
  }

  /** Reports what should stand after the last token and stands in for it. */
  private missingValue(): Expression {
    const previous = this.LA(0);
    const found = this.atStatementEnd() ? '' : ` but found \`${this.LA(1).image}\``;
    const message = `${wantedAfter(previous)}${found}.`;
    if (found === '' || this.isClosing()) this.reportMissing(message);
    else this.reportUnexpected(message);
    return this.missing();
  }

  private isClosing(): boolean {
    const type = this.LA(1).tokenType;
    return type === t.RParen || type === t.Comma || type === t.Bar;
  }
}
