/** Declarations that hold properties: targets, datasets and searches. */

import type { IToken, ParserMethod } from 'chevrotain';
import type { Declaration, Expression, Property, StringLiteral } from './ast.ts';
import { identifier } from './base.ts';
import { StatementParser } from './statements.ts';
import * as t from './tokens.ts';
import { settingsOfWords } from './words.ts';

export class PropertyParser extends StatementParser {
  protected needString(index: number, message: string): StringLiteral | undefined {
    if (this.RECORDING_PHASE || this.isNext(t.StringToken)) {
      return this.stringOf(this.consume(index, t.StringToken));
    }
    this.reportUnexpected(message);
    return undefined;
  }

  /** `target "nucleo-f446re" { runtime tflm + cmsis-nn; clock 180 MHz }` */
  readonly targetDeclaration: ParserMethod<[], Declaration> = this.RULE('target', (): Declaration => {
    const word = this.CONSUME(t.declare.target);
    const board = this.needString(0, 'Write the board in quotes, as in `target "nucleo-f446re"`.');
    this.skipToProperties('`{` or the end of the line behind the board');
    let properties: Property[] = [];
    this.OPTION(() => {
      properties = this.SUBRULE(this.properties);
    });
    return { kind: 'target', board, properties, start: word.startOffset, end: this.endHere() };
  });

  /** `dataset images("./vww96") { input 96x96x1; classes 2 }` */
  readonly datasetDeclaration: ParserMethod<[], Declaration> = this.RULE('dataset', (): Declaration => {
    const word = this.CONSUME(t.declare.dataset);
    const name = this.needName(0, 'the dataset, such as `fashion-mnist` or `images("./folder")`,');
    const args = this.OPTION(() => this.SUBRULE(this.arguments_)) ?? [];
    this.skipToProperties('`{` or the end of the line behind the dataset');
    let properties: Property[] = [];
    this.OPTION2(() => {
      properties = this.SUBRULE(this.properties);
    });
    return {
      kind: 'dataset',
      name,
      arguments: args,
      properties,
      start: word.startOffset,
      end: this.endHere(),
    };
  });

  /** `search nsga2 { population 24; trials 300 }` */
  readonly searchDeclaration: ParserMethod<[], Declaration> = this.RULE('search', (): Declaration => {
    const word = this.CONSUME(t.declare.search);
    const strategy = this.needName(0, 'the strategy: `nsga2`, `evolution` or `random`');
    this.skipToProperties('`{` or the end of the line behind the strategy');
    let properties: Property[] = [];
    this.OPTION(() => {
      properties = this.SUBRULE(this.properties);
    });
    return { kind: 'search', strategy, properties, start: word.startOffset, end: this.endHere() };
  });

  readonly properties: ParserMethod<[], Property[]> = this.RULE('properties', (): Property[] => {
    const list: Property[] = [];
    const open = this.CONSUME(t.LBrace);
    this.reportPutIn(open, 'Write `{` to open the properties.', ' {');
    do this.SUBRULE(this.propertyList, { ARGS: [list] });
    while (
      this.skipJunk('Expected a setting: a name and its value, such as `clock 180 MHz`.', this.atSetting)
    );
    this.close(0, t.RBrace, open);
    return list;
  });

  readonly propertyList = this.listRule('propertyList', 'setting', () => [this.property]);

  /** A name with its value: behind what could not be read, the settings go on there. */
  private readonly atSetting = (): boolean => this.isNext(t.Identifier) && this.beginsValue(2);

  /** Skips what stands between the head of a declaration and its `{` on the same line. */
  private skipToProperties(expected: string): void {
    if (this.RECORDING_PHASE || this.isNext(t.LBrace) || this.atStatementEnd()) return;
    let ahead = 2;
    while (!this.isNext(t.LBrace, ahead) && !this.atStatementEnd(ahead)) ahead++;
    if (!this.isNext(t.LBrace, ahead)) return;
    this.reportUnexpected(`Expected ${expected} but found \`${this.LA(1).image}\`. Remove it.`);
    for (let skip = 1; skip < ahead; skip++) this.SKIP_TOKEN();
  }

  /** `name value { nested }` */
  readonly property: ParserMethod<[], Property> = this.RULE('property', (): Property => {
    const name = this.CONSUME(t.Identifier);
    const values: Expression[] = [];
    this.MANY({
      GATE: () => this.beginsPropertyValue(values.length, name),
      DEF: () => {
        this.isInSetting = true;
        values.push(this.SUBRULE(this.expression));
        this.isInSetting = false;
      },
    });
    let nested: Property[] | undefined;
    this.OPTION(() => {
      nested = this.SUBRULE(this.properties);
    });
    return {
      kind: 'property',
      name: identifier(name),
      values,
      nested,
      start: name.startOffset,
      end: this.endHere(),
    };
  });

  /**
   * A setting has one value, but for those whose value is several words. A `{` behind a value, or with named values in
   * it, opens nested properties.
   */
  private beginsPropertyValue(count: number, name: IToken): boolean {
    const { tokenType: type, image } = this.LA(1);
    if (count > 0) {
      const ends = settingsOfWords.get(name.image);
      if (ends === undefined || ends.has(image)) return false;
      return this.isNext(t.Identifier) || type === t.NumberToken;
    }
    if (type === t.LBrace) return !this.holdsProperties();
    if (type === t.LParen || type === t.Minus || type === t.keyword.not) return true;
    return this.beginsValue(1);
  }

  private holdsProperties(): boolean {
    if (this.isNext(t.RBrace, 2)) return true;
    if (!this.isNext(t.Identifier, 2) || !(this.beginsValue(3) || this.isNext(t.Separator, 3))) return false;
    for (let ahead = 3; !this.atStatementEnd(ahead); ahead++) {
      if (this.isNext(t.LBrace, ahead)) return true;
      if (this.isNext(t.Bar, ahead)) return false;
    }
    return true;
  }
}
