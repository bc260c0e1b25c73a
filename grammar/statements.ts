/** Statements of a block or a space: layers, uses of blocks, choices, branches, groups and conditions. */

import type { IToken, ParserMethod } from 'chevrotain';
import type {
  Alternative,
  Argument,
  Condition,
  Expression,
  Follower,
  Identifier,
  Modifiers,
  NamedValue,
  OperatorStatement,
  Repeat,
  Span,
  Statement,
} from './ast.ts';
import { endOf, identifier } from './base.ts';
import { ExpressionParser } from './expressions.ts';
import * as t from './tokens.ts';
import { functionWords, layerWords, operandWords, parameterWords } from './words.ts';

/** What stands behind the head of a statement, in the order in which it comes. */
interface Tail {
  output: Expression | undefined;
  parameters: NamedValue[];
  followers: Follower[];
  repeat: Repeat | undefined;
  optional: Span | undefined;
  conditions: Condition[];
}

interface Body {
  readonly statements: Statement[];
  readonly open: IToken | undefined;
}

const expectedStatement =
  'Expected a statement: a layer such as `conv 3x3 -> 16`, the use of a block, or `let`, `tie`, `choice`, `branches`, `skip`, `require`';

export class StatementParser extends ExpressionParser {
  /** What the rules below are filling. Fields, so that their alternatives are built once and not on every call. */
  private tailInHand: Tail = emptyTail();
  private statementsInHand: Statement[] = [];

  // ---------------------------------------------------------------- bodies

  /** `{ statement; statement }`. A body that is not opened is read all the same when `lenient`. */
  readonly body: ParserMethod<[of: string, lenient: boolean], Body> = this.RULE(
    'body',
    (of: string, lenient: boolean): Body => {
      const statements: Statement[] = [];
      const open = this.openBrace(`Write \`{\` to open the body of ${of}.`);
      if (open === undefined && (!lenient || this.atListEnd() || this.atBodyEnd()))
        return { statements, open };
      do this.SUBRULE(this.statements, { ARGS: [statements] });
      while (this.skipJunk(`${expectedStatement}.`) || (lenient && this.skipSpareBrace()));
      this.closeBrace(open);
      return { statements, open };
    },
  );

  /** Skips a `}` that is one too many inside a declaration, so that what follows it stays in its body. */
  private skipSpareBrace(): boolean {
    if (this.RECORDING_PHASE || this.LA(1).tokenType !== t.RBrace) return false;
    const after = this.isNext(t.Separator, 2) ? 3 : 2;
    if (this.LA(after).startOffset < 0 || this.atDeclaration(after) || this.spareBraces() <= 0) return false;
    this.reportNext('This `}` is one too many. Remove it.');
    this.SKIP_TOKEN();
    return true;
  }

  readonly statements: ParserMethod<[into: Statement[]], void> = this.RULE(
    'statements',
    (into: Statement[]): void => {
      const outer = this.statementsInHand;
      this.statementsInHand = into;
      try {
        this.MANY(this.statementStep);
      } finally {
        this.statementsInHand = outer;
      }
    },
  );

  private readonly statementStep = {
    GATE: () => !this.atDeclaration(),
    DEF: () => {
      if (!this.RECORDING_PHASE && this.isNext(t.Separator)) this.SKIP_TOKEN();
      else this.OR(this.statementStepAlternatives);
    },
  };

  private readonly statementStepAlternatives = [
    { ALT: (): unknown => this.CONSUME(t.Separator) },
    {
      ALT: (): unknown => {
        this.ACTION(() => this.checkSeparated());
        this.add(this.statementsInHand, this.SUBRULE(this.statement));
        return undefined;
      },
    },
  ];

  /** Two statements on one line need a `;` between them. */
  private checkSeparated(): void {
    const previous = this.LA(0);
    const type = previous.tokenType;
    if (previous.startOffset < 0 || type === t.LBrace || type === t.Semicolon || type === t.LineEnd) return;
    this.reportMissing(
      `Write \`;\` or start a new line between the statement and \`${this.LA(1).image}\`.`,
      ';',
    );
  }

  readonly statement: ParserMethod<[], Statement | undefined> = this.RULE(
    'statement',
    (): Statement | undefined => this.OR(this.statementAlternatives),
    // `undefined` is what the rule returns then; Chevrotain's type of the option leaves it out.
    { recoveryValueFunc: () => undefined as never },
  );

  private readonly statementAlternatives = [
    { ALT: (): Statement => this.SUBRULE(this.operatorStatement) },
    { ALT: (): Statement => this.SUBRULE(this.letStatement) },
    { ALT: (): Statement => this.SUBRULE(this.skipStatement) },
    { ALT: (): Statement => this.SUBRULE(this.requireStatement) },
    { ALT: (): Statement => this.SUBRULE(this.choiceStatement) },
    { ALT: (): Statement => this.SUBRULE(this.branchesStatement) },
    { GATE: () => this.isOperatorChoice(), ALT: (): Statement => this.SUBRULE(this.operatorChoice) },
    { ALT: (): Statement => this.SUBRULE(this.group), IGNORE_AMBIGUITIES: true },
  ];

  /** A `{` that has a `|` before its first separator holds operators to choose from. */
  private isOperatorChoice(): boolean {
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

  // ---------------------------------------------------------------- layers and uses of blocks

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

  /** `-> 16 stride 2, bn, relu6 x0..2 same ? when c`, in any order. */
  readonly tail: ParserMethod<[], Tail> = this.RULE('tail', (): Tail => {
    const tail = emptyTail();
    this.tailInHand = tail;
    this.MANY(this.tailStep);
    return tail;
  });

  private readonly tailStep = {
    GATE: () => !this.isNext(t.Identifier) || this.beginsParameter(),
    DEF: () => {
      this.OR(this.tailAlternatives);
    },
  };

  private readonly tailAlternatives = [
    {
      ALT: () => {
        const arrow = this.CONSUME(t.Arrow);
        const output = this.SUBRULE(this.expression);
        this.setOnce('output', output, arrow, 'Keep one `->` only');
      },
    },
    { ALT: () => this.add(this.tailInHand.parameters, this.SUBRULE(this.parameterOfLayer)) },
    { ALT: () => this.add(this.tailInHand.followers, this.SUBRULE(this.follower)) },
    {
      ALT: () => {
        const word = this.LA(1);
        this.setOnce('repeat', this.SUBRULE(this.repeat), word, 'Keep one repeat only');
      },
    },
    {
      ALT: () => {
        const mark = this.CONSUME(t.Question);
        const span = { start: mark.startOffset, end: mark.startOffset + 1 };
        this.setOnce('optional', span, mark, 'Keep one `?` only');
      },
    },
    { ALT: () => this.add(this.tailInHand.conditions, this.SUBRULE(this.condition)) },
  ];

  private setOnce<K extends 'output' | 'repeat' | 'optional'>(
    key: K,
    value: Tail[K],
    at: IToken,
    message: string,
  ): void {
    if (this.RECORDING_PHASE) return;
    if (this.tailInHand[key] === undefined) this.tailInHand[key] = value;
    else
      this.report('syntax/unexpected-token', { start: at.startOffset, end: this.endHere() }, `${message}.`);
  }

  /** A name behind a layer is a parameter unless it clearly begins another statement. */
  private beginsParameter(): boolean {
    const name = this.LA(1).image;
    if (parameterWords.has(name)) return true;
    if (layerWords.has(name)) return false;
    return !(this.LA(2).tokenType === t.LParen && this.isAdjacent(2));
  }

  /** `stride 2` */
  readonly parameterOfLayer: ParserMethod<[], NamedValue> = this.RULE('layerParameter', (): NamedValue => {
    const name = this.CONSUME(t.Identifier);
    const value = this.SUBRULE(this.expression);
    return {
      kind: 'namedValue',
      name: identifier(name),
      value,
      start: name.startOffset,
      end: this.endHere(),
    };
  });

  /** `, dropout 0.2` */
  readonly follower: ParserMethod<[], Follower | undefined> = this.RULE(
    'follower',
    (): Follower | undefined => {
      this.CONSUME(t.Comma);
      if (!this.RECORDING_PHASE && !this.isNext(t.Identifier)) {
        this.reportUnexpected('Expected what follows the layer after `,`, such as `bn` or `relu6`.');
        return undefined;
      }
      const name = this.CONSUME(t.Identifier);
      let value: Expression | undefined;
      if (this.RECORDING_PHASE || this.beginsFollowerValue()) {
        this.OPTION(() => {
          value = this.SUBRULE(this.expression);
        });
      }
      return {
        kind: 'follower',
        name: identifier(name),
        value,
        start: name.startOffset,
        end: value?.end ?? endOf(name),
      };
    },
  );

  private beginsFollowerValue(): boolean {
    const type = this.LA(1).tokenType;
    if (type === t.NumberToken || type === t.LBrace || type === t.LParen) return true;
    if (!this.isNext(t.Identifier)) return false;
    const name = this.LA(1).image;
    if (parameterWords.has(name) || layerWords.has(name)) return false;
    return !this.beginsValue(2);
  }

  /** `x3`, `x0..2`, `x{2 | 3} same` */
  readonly repeat: ParserMethod<[], Repeat> = this.RULE('repeat', (): Repeat => {
    const word = this.CONSUME(t.RepeatWord);
    let count = this.SUBRULE(this.primary);
    this.OPTION(() => {
      this.CONSUME(t.DotDot);
      const low = count;
      const high = this.SUBRULE2(this.primary);
      count = { kind: 'range', low, high, step: undefined, log: undefined, start: low.start, end: high.end };
    });
    let same: IToken | undefined;
    this.OPTION2(() => {
      same = this.CONSUME(t.contextual.same);
    });
    return {
      kind: 'repeat',
      count,
      same: same === undefined ? undefined : { start: same.startOffset, end: endOf(same) },
      start: word.startOffset,
      end: this.endHere(),
    };
  });

  /** `when c`, `unless c` */
  readonly condition: ParserMethod<[], Condition> = this.RULE('condition', (): Condition => {
    const word = this.OR([
      { ALT: () => this.CONSUME(t.keyword.when) },
      { ALT: () => this.CONSUME(t.keyword.unless) },
    ]);
    const expression = this.SUBRULE(this.expression);
    return {
      kind: 'condition',
      word: word.tokenType === t.keyword.unless ? 'unless' : 'when',
      expression,
      start: word.startOffset,
      end: this.endHere(),
    };
  });

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

  private modifiers(tail: Tail): Modifiers {
    return { repeat: tail.repeat, optional: tail.optional, conditions: tail.conditions };
  }

  /** Reports parts of a tail that its statement cannot have. */
  private allowOnlyModifiers(tail: Tail, what: string, followersToo: boolean): Modifiers {
    const stray = tail.output ?? tail.parameters[0] ?? (followersToo ? undefined : tail.followers[0]);
    if (stray !== undefined) {
      const takes = followersToo ? 'followers such as `, relu`, ' : '';
      this.report(
        'syntax/unexpected-token',
        { start: stray.start, end: Math.max(stray.end, Math.min(stray.start + 1, this.textLength)) },
        `Behind ${what} only ${takes}a repeat, \`?\`, \`when\` or \`unless\` can stand. Move this into the layers.`,
      );
    }
    return this.modifiers(tail);
  }

  // ---------------------------------------------------------------- the other statements

  /** `let t = {2 | 3}`, `tie w = 0.25..1 step 0.25` */
  readonly letStatement: ParserMethod<[], Statement> = this.RULE('let', (): Statement => {
    const word = this.OR([
      { ALT: () => this.CONSUME(t.keyword.let) },
      { ALT: () => this.CONSUME(t.keyword.tie) },
    ]);
    const name = this.needName(0, `what \`${word.image}\` draws`);
    const assign = this.need(
      0,
      t.Assign,
      `Write \`=\` and a value, as in \`${word.image} n = {8 | 16}\`.`,
      ' =',
    );
    const value =
      assign === undefined && !this.beginsValue(1) ? this.missing() : this.SUBRULE(this.expression);
    return {
      kind: 'let',
      word: word.tokenType === t.keyword.tie ? 'tie' : 'let',
      name,
      value,
      start: word.startOffset,
      end: this.endHere(),
    };
  });

  /** `skip add when stride == 1 and out == in` */
  readonly skipStatement: ParserMethod<[], Statement> = this.RULE('skip', (): Statement => {
    const word = this.CONSUME(t.keyword.skip);
    const merge = this.SUBRULE(this.merge, { ARGS: ['skip', true] });
    const tail = this.SUBRULE(this.tail);
    this.ACTION(() => {
      const stray = tail.output ?? tail.parameters[0] ?? tail.repeat ?? tail.optional;
      if (stray === undefined) return;
      const span = {
        start: stray.start,
        end: Math.max(stray.end, Math.min(stray.start + 1, this.textLength)),
      };
      this.report(
        'syntax/unexpected-token',
        span,
        'Behind `skip` only an activation such as `, relu`, `when` or `unless` can stand. Remove this.',
      );
    });
    return {
      kind: 'skip',
      merge: merge ?? 'add',
      followers: tail.followers,
      conditions: tail.conditions,
      start: word.startOffset,
      end: this.endHere(),
    };
  });

  /** `add` or `concat` */
  readonly merge: ParserMethod<[of: string, isNeeded: boolean], 'add' | 'concat' | undefined> = this.RULE(
    'merge',
    (of: string, isNeeded: boolean): 'add' | 'concat' | undefined => {
      const known = this.isNext(t.contextual.add) || this.isNext(t.contextual.concat);
      if (!this.RECORDING_PHASE && !known) {
        if (isNeeded || this.isNext(t.Identifier)) {
          const message = `Write \`add\` or \`concat\` after \`${of}\`: how the results are joined.`;
          if (this.isNext(t.Identifier)) {
            this.reportUnexpected(message);
            this.SKIP_TOKEN();
          } else this.reportMissing(message, ' add');
        }
        return undefined;
      }
      const word = this.OR([
        { ALT: () => this.CONSUME(t.contextual.add) },
        { ALT: () => this.CONSUME(t.contextual.concat) },
      ]);
      return word.tokenType === t.contextual.concat ? 'concat' : 'add';
    },
  );

  readonly requireStatement: ParserMethod<[], Statement> = this.RULE('require', (): Statement => {
    const word = this.CONSUME(t.keyword.require);
    const condition = this.SUBRULE(this.expression);
    return { kind: 'require', condition, start: word.startOffset, end: this.endHere() };
  });

  /** `choice { small: conv 3x3 -> 8; large: { conv 3x3 -> 16; conv 3x3 -> 16 } }` */
  readonly choiceStatement: ParserMethod<[], Statement> = this.RULE('choice', (): Statement => {
    const word = this.CONSUME(t.keyword.choice);
    const alternatives = this.SUBRULE(this.alternatives, { ARGS: ['`choice`'] });
    const tail = this.SUBRULE(this.tail);
    return this.ACTION(() => ({
      kind: 'choice',
      alternatives,
      ...this.allowOnlyModifiers(tail, 'a choice', false),
      start: word.startOffset,
      end: this.endHere(),
    }));
  });

  /** `branches concat { a: conv 1x1 -> 8; b: conv 3x3 -> 8 }, relu` */
  readonly branchesStatement: ParserMethod<[], Statement> = this.RULE('branches', (): Statement => {
    const word = this.CONSUME(t.keyword.branches);
    const merge = this.SUBRULE(this.merge, { ARGS: ['branches', true] });
    const alternatives = this.SUBRULE(this.alternatives, { ARGS: ['`branches`'] });
    const tail = this.SUBRULE(this.tail);
    return this.ACTION(() => ({
      kind: 'branches',
      merge,
      alternatives,
      followers: tail.followers,
      ...this.allowOnlyModifiers(tail, 'branches', true),
      start: word.startOffset,
      end: this.endHere(),
    }));
  });

  readonly alternatives: ParserMethod<[of: string], Alternative[]> = this.RULE(
    'alternatives',
    (of: string): Alternative[] => {
      const list: Alternative[] = [];
      const open = this.openBrace(`Write \`{\` to open the alternatives of ${of}.`);
      if (open === undefined) return list;
      do this.SUBRULE(this.alternativeList, { ARGS: [list] });
      while (
        !this.isUnclosed() &&
        this.skipJunk('Expected an alternative: a label, `:` and a layer or `{ layers }`.')
      );
      if (this.isUnclosed()) {
        this.openBraces--;
        this.reportUnclosed(open, '}');
      } else this.closeBrace(open);
      return list;
    },
  );

  /** What follows belongs to the body around the alternatives, because a `}` is lacking. */
  private isUnclosed(): boolean {
    return !this.RECORDING_PHASE && this.LA(1).tokenType !== t.RBrace && this.spareBraces() < 0;
  }

  /** A label: a name before `:`, or alone on its line. */
  private atLabel(): boolean {
    return this.isNext(t.Separator) || this.LA(2).tokenType === t.Colon || this.atStatementEnd(2);
  }

  readonly alternativeList: ParserMethod<[into: Alternative[]], void> = this.RULE(
    'alternativeList',
    (into: Alternative[]): void => {
      this.MANY({
        GATE: () => this.atLabel(),
        DEF: () => {
          this.OR([
            { ALT: () => this.CONSUME(t.Separator) },
            { ALT: () => this.add(into, this.SUBRULE(this.alternative)) },
          ]);
        },
      });
    },
  );

  /** `taper: { DS(c) x2; DS(c * 1.5) }` */
  readonly alternative: ParserMethod<[], Alternative> = this.RULE('alternative', (): Alternative => {
    const label: Identifier = identifier(this.CONSUME(t.Identifier));
    const colon = this.need(0, t.Colon, `Write \`:\` and a layer after the label \`${label.name}\`.`, ':');
    let statement: Statement | undefined;
    if (this.RECORDING_PHASE || (colon !== undefined && !this.atStatementEnd() && !this.isJunk())) {
      statement = this.SUBRULE(this.statement);
    } else if (colon !== undefined) {
      this.reportMissing(`Write a layer, or layers in \`{ }\`, after \`${label.name}:\`.`);
    }
    return this.ACTION(() => ({
      kind: 'alternative',
      label,
      body: statement === undefined ? [] : unwrap(statement),
      start: label.start,
      end: this.endHere(),
    }));
  });

  /** The next token begins no statement. */
  private isJunk(): boolean {
    const token = this.LA(1);
    return !(
      this.isNext(t.Identifier) ||
      token.tokenType === t.LBrace ||
      token.tokenType === t.declare.quantize ||
      [t.keyword.let, t.keyword.tie, t.keyword.skip, t.keyword.require].includes(token.tokenType) ||
      [t.keyword.choice, t.keyword.branches].includes(token.tokenType)
    );
  }

  /** `{ conv 1x1 -> 16; dwconv 3x3 } x2` */
  readonly group: ParserMethod<[], Statement> = this.RULE('group', (): Statement => {
    const start = this.startHere();
    const body = this.SUBRULE(this.body, { ARGS: ['the group', false] });
    const tail = this.SUBRULE(this.tail);
    return this.ACTION(() => ({
      kind: 'group',
      body: body.statements,
      ...this.allowOnlyModifiers(tail, 'a group', false),
      start,
      end: this.endHere(),
    }));
  });
}

/** The body of an alternative: the statements of a plain group, or the one statement. */
function unwrap(statement: Statement): readonly Statement[] {
  const isPlain =
    statement.kind === 'group' &&
    statement.repeat === undefined &&
    statement.optional === undefined &&
    statement.conditions.length === 0;
  return isPlain ? statement.body : [statement];
}

function emptyTail(): Tail {
  return {
    output: undefined,
    parameters: [],
    followers: [],
    repeat: undefined,
    optional: undefined,
    conditions: [],
  };
}

const noTail: Tail = emptyTail();
