/** What stands behind the head of a statement: output, parameters, followers, repeats and conditions. */

import type { IToken, ParserMethod } from 'chevrotain';
import type {
  AnyFollower,
  Condition,
  Expression,
  Follower,
  FollowerChoice,
  Modifiers,
  NamedValue,
  Repeat,
  Span,
} from './ast.ts';
import { endOf, identifier } from './base.ts';
import { ExpressionParser } from './expressions.ts';
import * as t from './tokens.ts';
import { layerWords, parameterWords } from './words.ts';

/** In the order in which it comes. */
export interface Tail {
  output: Expression | undefined;
  parameters: NamedValue[];
  followers: AnyFollower[];
  repeat: Repeat | undefined;
  optional: Span | undefined;
  conditions: Condition[];
}

export class TailParser extends ExpressionParser {
  /** What the rules below are filling. A field, so that their alternatives are built once and not on every call. */
  private tailInHand: Tail = emptyTail();

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

  /** `, dropout 0.2`, `, {relu | hswish}` */
  readonly follower: ParserMethod<[], AnyFollower | undefined> = this.RULE(
    'follower',
    (): AnyFollower | undefined => {
      this.CONSUME(t.Comma);
      if (!this.RECORDING_PHASE && !this.isNext(t.Identifier) && this.LA(1).tokenType !== t.LBrace) {
        this.reportUnexpected('Expected what follows the layer after `,`, such as `bn` or `relu6`.');
        return undefined;
      }
      return this.OR(
        (this.followerAlternatives ??= [
          { ALT: () => this.SUBRULE(this.followerWord) },
          { ALT: () => this.SUBRULE(this.followerChoice) },
        ]),
      );
    },
  );

  private followerAlternatives: { ALT: () => AnyFollower | undefined }[] | undefined = undefined;

  /** `{relu | leaky 0.1 | none}` */
  readonly followerChoice: ParserMethod<[], FollowerChoice> = this.RULE(
    'followerChoice',
    (): FollowerChoice => {
      const options: Follower[] = [];
      const open = this.CONSUME(t.LBrace);
      this.add(options, this.SUBRULE(this.followerWord));
      this.MANY(() => {
        this.CONSUME(t.Bar);
        this.add(options, this.SUBRULE2(this.followerWord));
      });
      this.close(0, t.RBrace, open);
      return { kind: 'followerChoice', options, start: open.startOffset, end: this.endHere() };
    },
  );

  /** `dropout 0.2` */
  readonly followerWord: ParserMethod<[], Follower | undefined> = this.RULE(
    'followerWord',
    (): Follower | undefined => {
      if (!this.RECORDING_PHASE && !this.isNext(t.Identifier)) {
        this.reportUnexpected(
          'Expected an option that can follow the layer, such as `relu`, `hswish` or `none`.',
        );
        this.skipBraces();
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

  /** Skips a `{` with what it encloses on this line. */
  private skipBraces(): void {
    let depth = 0;
    do {
      const type = this.LA(1).tokenType;
      if (type === t.LBrace) depth++;
      else if (type === t.RBrace) depth--;
      else if (depth === 0) return;
      if (depth < 0) return;
      this.SKIP_TOKEN();
    } while (depth > 0 && !this.isNext(t.Separator) && this.LA(1).startOffset >= 0);
  }

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

  protected modifiers(tail: Tail): Modifiers {
    return { repeat: tail.repeat, optional: tail.optional, conditions: tail.conditions };
  }

  /** Reports parts of a tail that its statement cannot have. */
  protected allowOnlyModifiers(tail: Tail, what: string, followersToo: boolean): Modifiers {
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
}

export function emptyTail(): Tail {
  return {
    output: undefined,
    parameters: [],
    followers: [],
    repeat: undefined,
    optional: undefined,
    conditions: [],
  };
}
