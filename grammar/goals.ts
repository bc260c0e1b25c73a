/** What is wanted of a network: constraints and objectives, number formats and sparsity. */

import type { ParserMethod } from 'chevrotain';
import type {
  Constraint,
  Declaration,
  Expression,
  Identifier,
  Objective,
  SparsityOption,
  StringLiteral,
} from './ast.ts';
import { endOf, identifier } from './base.ts';
import { PropertyParser } from './properties.ts';
import * as t from './tokens.ts';

/** Words that end the name of a metric, or begin the next item where a `;` is missing. */
const behindMetrics = [t.contextual.on, t.contextual.weight, t.contextual.min, t.contextual.max];

export class GoalParser extends PropertyParser {
  /** `constraints { ram < 96 KB; latency < 20 ms on "pico" }` */
  readonly constraintsDeclaration: ParserMethod<[], Declaration> = this.RULE(
    'constraints',
    (): Declaration => {
      const word = this.CONSUME(t.declare.constraints);
      const expected = 'Expected a constraint such as `latency < 20 ms`.';
      const items = this.listInBraces(this.constraintList, 'the constraints', expected);
      return { kind: 'constraints', items, start: word.startOffset, end: this.endHere() };
    },
  );

  readonly constraintList = this.listRule('constraintList', 'constraint', () => [this.constraint]);

  readonly constraint: ParserMethod<[], Constraint> = this.RULE('constraint', (): Constraint => {
    const metric = this.withSecondWord(identifier(this.CONSUME(t.Identifier)));
    const message = `Write a comparison after \`${metric.name}\`, as in \`latency < 20 ms\`.`;
    const sign = this.need(0, t.Comparison, message, ' <');
    const bound = sign === undefined ? this.missing() : this.bound();
    const on = this.onBoard();
    const operator = sign?.image === '!=' ? undefined : (sign?.image as Constraint['operator']);
    if (sign?.image === '!=') {
      this.report(
        'syntax/unexpected-token',
        { start: sign.startOffset, end: endOf(sign) },
        'A constraint compares with `<`, `<=`, `>`, `>=` or `==`. Use one of these.',
      );
    }
    const { start } = metric;
    return { kind: 'constraint', metric, operator, bound, on, start, end: this.endHere() };
  });

  /** The name of a metric is one word or two: `flash total`. */
  private withSecondWord(first: Identifier): Identifier {
    let metric = first;
    this.OPTION8({
      GATE: () => !behindMetrics.some((word) => this.isNext(word)),
      DEF: () => {
        const second = this.CONSUME8(t.Identifier);
        metric = { ...first, name: `${first.name} ${second.image}`, end: endOf(second) };
      },
    });
    return metric;
  }

  private bound(): Expression {
    this.anyUnit = true;
    this.isInSetting = true;
    const bound = this.SUBRULE(this.expression);
    this.anyUnit = false;
    this.isInSetting = false;
    return bound;
  }

  /** `on "pico"` */
  private onBoard(): StringLiteral | undefined {
    let on: StringLiteral | undefined;
    this.OPTION9(() => {
      this.CONSUME(t.contextual.on);
      on = this.needString(9, 'Write the board in quotes, as in `on "pico"`.');
    });
    return on;
  }

  /** `objectives { max accuracy weight 2; min latency }` */
  readonly objectivesDeclaration: ParserMethod<[], Declaration> = this.RULE('objectives', (): Declaration => {
    const word = this.CONSUME(t.declare.objectives);
    const expected = 'Expected `max` or `min` and what to optimise, such as `max accuracy`.';
    const items = this.listInBraces(this.objectiveList, 'the objectives', expected);
    return { kind: 'objectives', items, start: word.startOffset, end: this.endHere() };
  });

  readonly objectiveList = this.listRule('objectiveList', 'objective', () => [this.objective]);

  readonly weight: ParserMethod<[], Expression> = this.RULE('weight', (): Expression => {
    this.CONSUME(t.contextual.weight);
    this.isWithoutUnits = true;
    const weight = this.SUBRULE(this.expression);
    this.isWithoutUnits = false;
    return weight;
  });

  readonly objective: ParserMethod<[], Objective> = this.RULE('objective', (): Objective => {
    const word = this.OR([
      { ALT: () => this.CONSUME(t.contextual.max) },
      { ALT: () => this.CONSUME(t.contextual.min) },
    ]);
    const first = this.needName(0, `what to ${word.image === 'max' ? 'maximise' : 'minimise'}`);
    const metric = first && this.withSecondWord(first);
    let weight: Expression | undefined;
    this.OPTION(() => (weight = this.SUBRULE(this.weight)));
    const on = this.onBoard();
    // In either order.
    this.OPTION2({ GATE: () => weight === undefined, DEF: () => (weight = this.SUBRULE2(this.weight)) });
    return {
      kind: 'objective',
      direction: word.tokenType === t.contextual.min ? 'min' : 'max',
      metric,
      weight,
      on,
      start: word.startOffset,
      end: this.endHere(),
    };
  });

  readonly quantizeDeclaration: ParserMethod<[], Declaration> = this.RULE('quantize', (): Declaration => {
    const word = this.CONSUME(t.declare.quantize);
    const value = this.SUBRULE(this.expression);
    return { kind: 'quantize', value, start: word.startOffset, end: this.endHere() };
  });

  /** `sparsity {none | 2:4 | channel 0.5}` */
  readonly sparsityDeclaration: ParserMethod<[], Declaration> = this.RULE('sparsity', (): Declaration => {
    const word = this.CONSUME(t.declare.sparsity);
    const options: SparsityOption[] = [];
    this.OR([
      {
        ALT: () => {
          const open = this.CONSUME(t.LBrace);
          options.push(this.SUBRULE(this.sparsityOption));
          this.MANY(() => {
            this.CONSUME(t.Bar);
            options.push(this.SUBRULE2(this.sparsityOption));
          });
          this.close(0, t.RBrace, open);
        },
      },
      {
        ALT: () => {
          options.push(this.SUBRULE3(this.sparsityOption));
        },
      },
    ]);
    return { kind: 'sparsity', options, start: word.startOffset, end: this.endHere() };
  });

  readonly sparsityOption: ParserMethod<[], SparsityOption> = this.RULE(
    'sparsityOption',
    (): SparsityOption => {
      const start = this.startHere();
      let form: SparsityOption['form'] = 'unknown';
      let n: number | undefined;
      let m: number | undefined;
      let ratio: Expression | undefined;
      if (!this.RECORDING_PHASE && !this.isSparsity()) {
        this.reportUnexpected('Expected `none`, a pattern such as `2:4`, or `channel 0.5`.');
        if (!this.atStatementEnd() && !this.isNext(t.Bar)) this.SKIP_TOKEN();
        const at = Math.min(start, this.endHere());
        return { kind: 'sparsityOption', form, n, m, ratio, start: at, end: this.endHere() };
      }
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.contextual.none);
            form = 'none';
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.contextual.channel);
            ratio = this.SUBRULE(this.expression);
            form = 'channel';
          },
        },
        {
          ALT: () => {
            n = Number(this.CONSUME(t.NumberToken).image);
            const colon = this.need(
              0,
              t.Colon,
              'Write the pattern as `2:4`: two of every four weights stay.',
              ':',
            );
            if (colon !== undefined && (this.RECORDING_PHASE || this.isNext(t.NumberToken))) {
              m = Number(this.CONSUME2(t.NumberToken).image);
              form = 'n:m';
            } else if (colon !== undefined) {
              this.reportMissing('Write the length of the pattern after `:`, as in `2:4`.');
            }
          },
        },
      ]);
      return { kind: 'sparsityOption', form, n, m, ratio, start, end: this.endHere() };
    },
  );

  private isSparsity(): boolean {
    return this.isNext(t.contextual.none) || this.isNext(t.contextual.channel) || this.isNext(t.NumberToken);
  }
}
