/** Declarations that other parts of a file use: imports, blocks, cells and spaces. */

import type { ParserMethod } from 'chevrotain';
import type { CellItem, Declaration, Expression, Identifier, ImportName, Parameter } from './ast.ts';
import { identifier } from './base.ts';
import { GoalParser } from './goals.ts';
import * as t from './tokens.ts';

export class DeclarationParser extends GoalParser {
  /** `import { MB, DS as Separable } from "./blocks.nas"` */
  readonly importDeclaration: ParserMethod<[], Declaration> = this.RULE('import', (): Declaration => {
    const word = this.CONSUME(t.declare.import);
    let names: ImportName[] | undefined;
    this.OPTION(() => {
      const open = this.CONSUME(t.LBrace);
      const list: ImportName[] = [];
      this.OPTION2({
        GATE: () => this.isNext(t.Identifier),
        DEF: () => {
          list.push(this.SUBRULE(this.importName));
          this.MANY({
            GATE: () => this.isNext(t.Identifier, 2),
            DEF: () => {
              this.CONSUME(t.Comma);
              list.push(this.SUBRULE2(this.importName));
            },
          });
        },
      });
      this.close(0, t.RBrace, open);
      this.need(0, t.contextual.from, 'Write `from` and the file, as in `from "./blocks.nas"`.', ' from');
      names = list;
    });
    const path = this.needString(0, 'Write the file to import in quotes, as in `"./blocks.nas"`.');
    return { kind: 'import', names, path, start: word.startOffset, end: this.endHere() };
  });

  readonly importName: ParserMethod<[], ImportName> = this.RULE('importName', (): ImportName => {
    const name = identifier(this.CONSUME(t.Identifier));
    let alias: Identifier | undefined;
    this.OPTION(() => {
      this.CONSUME(t.contextual.as);
      alias = this.needName(2, 'the block here');
    });
    return { kind: 'importName', name, alias, start: name.start, end: this.endHere() };
  });

  /** `block MB(out, stride = 1) { ... }` */
  readonly blockDeclaration: ParserMethod<[], Declaration> = this.RULE('block', (): Declaration => {
    const word = this.CONSUME(t.declare.block);
    const name = this.needName(0, 'the block');
    let parameters: Parameter[] = [];
    this.OPTION(() => {
      parameters = this.SUBRULE(this.parameters);
    });
    const body = this.SUBRULE(this.body, { ARGS: ['the block', true] });
    return this.ACTION(() => ({
      kind: 'block',
      name,
      parameters,
      body: body.statements,
      start: word.startOffset,
      end: this.endHere(),
    }));
  });

  readonly parameters: ParserMethod<[], Parameter[]> = this.RULE('parameters', (): Parameter[] => {
    const open = this.CONSUME(t.LParen);
    const list: Parameter[] = [];
    this.OPTION({
      GATE: () => !this.isNext(t.RParen),
      DEF: () => {
        this.add(list, this.SUBRULE(this.parameter));
        this.MANY(() => {
          this.CONSUME(t.Comma);
          this.add(list, this.SUBRULE2(this.parameter));
        });
      },
    });
    this.close(0, t.RParen, open);
    return list;
  });

  readonly parameter: ParserMethod<[], Parameter | undefined> = this.RULE(
    'parameter',
    (): Parameter | undefined => {
      const start = this.startHere();
      const name = this.needName(0, 'a parameter');
      let value: Expression | undefined;
      this.OPTION(() => {
        this.CONSUME(t.Assign);
        value = this.SUBRULE(this.expression);
      });
      if (name === undefined) return undefined;
      return { kind: 'parameter', name, default: value, start, end: this.endHere() };
    },
  );

  /** `space vww { ... }` */
  readonly spaceDeclaration: ParserMethod<[], Declaration> = this.RULE('space', (): Declaration => {
    const word = this.CONSUME(t.declare.space);
    const name = this.needName(0, 'the space');
    const body = this.SUBRULE(this.body, { ARGS: ['the space', true] });
    return this.ACTION(() => ({
      kind: 'space',
      name,
      body: body.statements,
      start: word.startOffset,
      end: this.endHere(),
    }));
  });

  /** `cell Normal(nodes = 3) { edge each <- {none | skip | conv 1x1}; limit inputs per node <= 2; output concat }` */
  readonly cellDeclaration: ParserMethod<[], Declaration> = this.RULE('cell', (): Declaration => {
    const word = this.CONSUME(t.declare.cell);
    const name = this.needName(0, 'the cell');
    let parameters: Parameter[] = [];
    this.OPTION(() => {
      parameters = this.SUBRULE(this.parameters);
    });
    const expected = 'Expected `edge`, `limit` or `output` in a cell.';
    const items = this.listInBraces(this.cellItems, 'the cell', expected);
    return { kind: 'cell', name, parameters, items, start: word.startOffset, end: this.endHere() };
  });

  readonly cellItems = this.listRule('cellItems', 'item', () => [this.edge, this.limit, this.output]);

  /** `edge each <- {...}`, `edge 0 -> 2 <- {...}` */
  readonly edge: ParserMethod<[], CellItem> = this.RULE('edge', (): CellItem => {
    const word = this.CONSUME(t.contextual.edge);
    let between: { from: Expression; to: Expression } | undefined;
    const readEnds = (): void => {
      const from = this.SUBRULE(this.expression);
      this.need(0, t.Arrow, 'Write `->` and the node that the edge leads to, or `each`.', ' ->');
      between = { from, to: this.SUBRULE2(this.expression) };
    };
    // The ends can be missing altogether, which no lookahead tells.
    if (!this.RECORDING_PHASE && !this.isNext(t.contextual.each)) readEnds();
    else {
      this.OR([{ ALT: () => this.CONSUME(t.contextual.each) }, { ALT: readEnds, IGNORE_AMBIGUITIES: true }]);
    }
    const feeds = this.need(0, t.Feeds, 'Write `<-` and the operators that the edge chooses from.', ' <-');
    const operators = feeds === undefined && !this.isNext(t.LBrace) ? [] : this.SUBRULE(this.operatorOptions);
    return { kind: 'edge', between, operators, start: word.startOffset, end: this.endHere() };
  });

  /** `limit inputs per node <= 2` */
  readonly limit: ParserMethod<[], CellItem> = this.RULE('limit', (): CellItem => {
    const word = this.CONSUME(t.contextual.limit);
    const form = 'Write the limit as `limit inputs per node <= 2`.';
    this.need(0, t.contextual.inputs, form, ' inputs');
    this.need(0, t.contextual.per, form, ' per');
    this.need(0, t.contextual.node, form, ' node');
    this.need(0, t.LessEqual, form, ' <=');
    const value = this.SUBRULE(this.expression);
    return { kind: 'limit', value, start: word.startOffset, end: this.endHere() };
  });

  /** `output concat` */
  readonly output: ParserMethod<[], CellItem> = this.RULE('output', (): CellItem => {
    const word = this.CONSUME(t.contextual.output);
    const merge = this.needName(0, 'the join: `concat`, `add` or `last`');
    return { kind: 'output', merge, start: word.startOffset, end: this.endHere() };
  });
}
