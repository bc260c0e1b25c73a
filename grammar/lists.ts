/** Lists of items with separators between them, in braces. */

import type { ParserMethod } from 'chevrotain';
import { BaseParser } from './base.ts';
import * as t from './tokens.ts';

export class ListParser extends BaseParser {
  /** Items with separators between them, put into the list that the rule is given. `item` is what one is called. */
  protected listRule<T>(
    name: string,
    item: string,
    rules: () => readonly ParserMethod<[], T | undefined>[],
  ): ParserMethod<[into: T[]], void> {
    return this.RULE(name, (into: T[]): void => {
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          ...rules().map((rule) => ({
            ALT: () => {
              this.ACTION(() => this.checkSeparated(item));
              this.add(into, this.SUBRULE(rule));
            },
          })),
        ]);
      });
    });
  }

  /** What `list` reads between braces. A list that is not opened is read all the same. */
  protected listInBraces<T>(list: ParserMethod<[into: T[]], void>, what: string, expected: string): T[] {
    const items: T[] = [];
    const open = this.need(0, t.LBrace, `Write \`{\` to open ${what}.`, ' {');
    if (open === undefined && !this.RECORDING_PHASE && this.atBodyEnd()) return items;
    do this.SUBRULE(list, { ARGS: [items] });
    while (this.skipJunk(expected));
    this.close(0, t.RBrace, open);
    return items;
  }
}
