/** Layers, uses of blocks, and choices among operators. */

import type { IToken, ParserMethod } from 'chevrotain';
import type { Argument, Expression, OperatorStatement, Statement } from './ast.ts';
import { endOf } from './base.ts';
import { emptyTail, TailParser, type Tail } from './tail.ts';
import * as t from './tokens.ts';
import { functionWords, operandWords, parameterWords } from './words.ts';

export class LayerParser extends TailParser {
  /** `conv 3x3 -> 16 stride 2, bn, relu6 ?`, `MB(24, stride = 2) x0..2` */
  readonly operatorStatement: ParserMethod<[], OperatorStatement> = this.RULE(
    'operator',
    (): OperatorStatement => {
      this.OR(
        (this.operatorNames ??= [
          { ALT: (): IToken => this.CONSUME(t.Identifier) },
          { ALT: (): IToken => this.CONSUME(t.declare.quantize) },
        ]),
      );
      return this.readOperator(this.LA(0));
    },
  );

  private operatorNames: { ALT: () => IToken }[] | undefined = undefined;

  /** What follows the name of an operator. */
  private readOperator(word: IToken): OperatorStatement {
    let args: Argument[] | undefined;
    let operand: Expression | undefined;
    if (this.RECORDING_PHASE || this.beginsArguments(word)) {
      this.OPTION(() => {
        args = this.SUBRULE(this.arguments_);
      });
    }
    if (this.RECORDING_PHASE || this.beginsOperand()) {
      this.OPTION2(() => {
        operand = this.SUBRULE(this.expression);
      });
    }
    this.ACTION(() => this.checkKernel(operand));
    const start = word.startOffset;
    const hasTail = this.RECORDING_PHASE || !this.isNext(t.Separator);
    const { output, parameters, followers, repeat, optional, conditions } = hasTail
      ? this.SUBRULE(this.tail)
      : noTail;
    const end = this.endHere();
    return {
      kind: 'operator',
      name: {
        kind: 'identifier',
        name: word.image,
        start,
        end: start + (this.RECORDING_PHASE ? 0 : word.image.length),
      },
      arguments: args,
      operand,
      output,
      parameters,
      followers,
      repeat,
      optional,
      conditions,
      start,
      end,
    };
  }

  /** `3 x 3` would be a kernel of 3 three times: a repeat stands behind the whole layer. */
  private checkKernel(operand: Expression | undefined): void {
    const repeat = this.LA(1);
    const times = this.LA(2);
    if (operand?.kind !== 'number' || repeat.tokenType !== t.RepeatWord || !this.isNext(t.NumberToken, 2))
      return;
    const after = this.LA(3);
    const goesOn =
      after.tokenType === t.Arrow || after.tokenType === t.Comma || parameterWords.has(after.image);
    if (!goesOn) return;
    this.report(
      'syntax/unexpected-token',
      { start: operand.start, end: endOf(times) },
      `Write \`${operand.value}x${times.image}\` for a kernel; a repeat stands behind the whole layer.`,
    );
  }

  private beginsArguments(word: IToken): boolean {
    return this.LA(1).tokenType === t.LParen && (this.isAdjacent() || !operandWords.has(word.image));
  }

  /** Whether the next token is the layer's operand and not a parameter's name. */
  private beginsOperand(): boolean {
    if (!this.isNext(t.Identifier)) {
      const type = this.LA(1).tokenType;
      return this.beginsValue(1) || type === t.LParen || type === t.Minus;
    }
    const name = this.LA(1).image;
    const after = this.LA(2);
    if (after.tokenType === t.LParen) return functionWords.has(name);
    if (this.beginsValue(2)) {
      return parameterWords.has(after.image) && !parameterWords.has(name);
    }
    return !parameterWords.has(name) || this.isNext(t.BinaryOperator, 2);
  }

  /** A `{` that has a `|` before its first separator holds operators to choose from. */
  protected isOperatorChoice(): boolean {
    if (this.RECORDING_PHASE) return true;
    let depth = 0;
    for (let ahead = 1; ; ahead++) {
      const type = this.LA(ahead).tokenType;
      if (type === t.LBrace || type === t.LParen) depth++;
      else if (type === t.RBrace || type === t.RParen) {
        if (--depth <= 0) return false;
      } else if (depth === 1 && type === t.Bar) return true;
      else if (this.LA(ahead).startOffset < 0 || (depth === 1 && this.atStatementEnd(ahead))) return false;
    }
  }

  /** `{conv 3x3 | dwconv 5x5 | skip}` */
  readonly operatorOptions: ParserMethod<[], OperatorStatement[]> = this.RULE(
    'operatorOptions',
    (): OperatorStatement[] => {
      const options: OperatorStatement[] = [];
      const open = this.need(0, t.LBrace, 'Write `{` to open the operators to choose from.', '{');
      this.add(options, this.SUBRULE(this.operatorOption));
      this.MANY(() => {
        this.CONSUME(t.Bar);
        this.add(options, this.SUBRULE2(this.operatorOption));
      });
      if (open !== undefined) this.close(0, t.RBrace, open);
      return options;
    },
  );

  readonly operatorOption: ParserMethod<[], OperatorStatement | undefined> = this.RULE(
    'operatorOption',
    (): OperatorStatement | undefined => {
      if (!this.RECORDING_PHASE && !this.isNext(t.Identifier) && !this.isNext(t.keyword.skip)) {
        this.reportUnexpected('Expected an operator, such as `conv 3x3`, `skip` or `none`.');
        return undefined;
      }
      const word = this.OR([
        { ALT: () => this.CONSUME(t.Identifier) },
        { ALT: () => this.CONSUME(t.keyword.skip) },
      ]);
      return this.readOperator(word);
    },
  );

  readonly operatorChoice: ParserMethod<[], Statement> = this.RULE('operatorChoice', (): Statement => {
    const start = this.startHere();
    const options = this.SUBRULE(this.operatorOptions);
    const tail = this.SUBRULE(this.tail);
    return {
      kind: 'operatorChoice',
      options,
      output: tail.output,
      parameters: tail.parameters,
      followers: tail.followers,
      ...this.modifiers(tail),
      start,
      end: this.endHere(),
    };
  });
}

const noTail: Tail = emptyTail();
