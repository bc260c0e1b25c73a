/** Statements of a block or a space, and the bodies that hold them. */

import type { IToken, ParserMethod } from 'chevrotain';
import type { Alternative, Identifier, Statement } from './ast.ts';
import { identifier, isReserved } from './base.ts';
import { LayerParser } from './layers.ts';
import * as t from './tokens.ts';

interface Body {
  readonly statements: Statement[];
  readonly open: IToken | undefined;
}

const expectedStatement =
  'Expected a statement: a layer such as `conv 3x3 -> 16`, the use of a block, or `let`, `tie`, `choice`, `branches`, `skip`, `require`';

export class StatementParser extends LayerParser {
  /** What the rules below are filling. A field, so that their alternatives are built once and not on every call. */
  private statementsInHand: Statement[] = [];

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
        this.ACTION(() => this.checkSeparated('statement'));
        this.add(this.statementsInHand, this.SUBRULE(this.statement));
        return undefined;
      },
    },
  ];

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
    this.ACTION(() => this.skipWithoutElse());
    return {
      kind: 'let',
      word: word.tokenType === t.keyword.tie ? 'tie' : 'let',
      name,
      value,
      start: word.startOffset,
      end: this.endHere(),
    };
  });

  /** `let t = 32 when stride == 2`: a draw and a requirement have no conditions. */
  private skipWithoutElse(): void {
    if (this.LA(1).tokenType !== t.keyword.when) return;
    this.reportWithoutElse();
    while (!this.atStatementEnd()) this.SKIP_TOKEN();
  }

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
    this.ACTION(() => this.skipWithoutElse());
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
      const known = this.problems.length;
      do this.SUBRULE(this.alternativeList, { ARGS: [list] });
      while (
        !this.isUnclosed() &&
        this.skipJunk('Expected an alternative: a label, `:` and a layer or `{ layers }`.')
      );
      if (this.isUnclosed()) {
        this.openBraces--;
        this.reportUnclosed(open, '}');
      } else this.closeBrace(open);
      if (list.length === 0 && this.problems.length === known) {
        this.reportMissing(
          `Write the alternatives of ${of} between its braces, each with a label, as in \`a: gap\`.`,
        );
      }
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

  /** A word of the language as a label is reported, and read as the name that it was meant to be. */
  private allowReservedLabel(): void {
    const token = this.LA(1);
    if (this.LA(2).tokenType !== t.Colon || !isReserved(token)) return;
    this.reportNext(
      `\`${token.image}\` is a word of the language, so it cannot name an alternative. Name it otherwise, such as \`${token.image}_\`.`,
    );
    token.tokenType = t.Identifier;
    token.tokenTypeIdx = t.Identifier.tokenTypeIdx ?? 0;
  }

  readonly alternativeList: ParserMethod<[into: Alternative[]], void> = this.RULE(
    'alternativeList',
    (into: Alternative[]): void => {
      this.MANY({
        GATE: () => {
          this.ACTION(() => this.allowReservedLabel());
          return this.atLabel();
        },
        DEF: () => {
          this.OR([
            { ALT: () => this.CONSUME(t.Separator) },
            {
              ALT: () => {
                this.ACTION(() => this.checkSeparated('alternative'));
                this.add(into, this.SUBRULE(this.alternative));
              },
            },
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
