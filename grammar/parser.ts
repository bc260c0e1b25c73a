/**
 * The parser: text in, tree and problems out. It never throws; what a person has not written yet is missing in
 * the tree and named in a problem, at most one for a line.
 */

import type { IToken, ParserMethod } from 'chevrotain';
import type {
  CellItem,
  Comment,
  Constraint,
  Declaration,
  Expression,
  Identifier,
  ImportName,
  Objective,
  Parameter,
  ParseResult,
  Property,
  SparsityOption,
  StringLiteral,
  SyntaxProblem,
} from './ast.ts';
import { endOf, identifier } from './base.ts';
import { maxDepth, separateLines } from './lines.ts';
import { settleProblems } from './problems.ts';
import { StatementParser } from './statements.ts';
import * as t from './tokens.ts';
import { declarationWords } from './words.ts';

const declarationList = declarationWords.map((word) => `\`${word}\``).join(', ');

/** The grammar of a whole file. One instance serves all texts, one after the other. */
export class NasParser extends StatementParser {
  constructor(skipValidations: boolean) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** `into` is filled, so that what was read stays whatever happens. */
  readonly file: ParserMethod<[into: Declaration[]], void> = this.RULE(
    'file',
    (into: Declaration[]): void => {
      do this.SUBRULE(this.declarations, { ARGS: [into] });
      while (this.skipToDeclaration());
    },
  );

  /** Outside of declarations nothing but declarations can stand; all of it up to the next one is one problem. */
  private skipToDeclaration(): boolean {
    if (this.RECORDING_PHASE || this.LA(1).startOffset < 0) return false;
    const token = this.LA(1);
    this.reportNext(
      token.tokenType === t.RBrace
        ? 'This `}` closes nothing. Remove it, or check the braces above.'
        : `Expected a declaration but found \`${token.image}\`. Begin with one of ${declarationList}.`,
    );
    do this.SKIP_TOKEN();
    while (this.LA(1).startOffset >= 0 && !this.atDeclaration());
    return true;
  }

  readonly declarations: ParserMethod<[into: Declaration[]], void> = this.RULE(
    'declarations',
    (into: Declaration[]): void => {
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          {
            ALT: () => {
              this.add(into, this.SUBRULE(this.declaration));
              this.ACTION(() => this.skipRest());
            },
          },
        ]);
      });
    },
  );

  /** What is left of the line behind a declaration. */
  private skipRest(): void {
    const token = this.LA(1);
    if (token.startOffset < 0 || this.isNext(t.Separator) || this.atDeclaration()) return;
    if (token.tokenType === t.RBrace) return;
    this.reportUnexpected(`Expected the end of the declaration but found \`${token.image}\`. Remove it.`);
    while (this.LA(1).startOffset >= 0 && !this.isNext(t.Separator) && !this.atDeclaration())
      this.SKIP_TOKEN();
  }

  readonly declaration: ParserMethod<[], Declaration | undefined> = this.RULE(
    'declaration',
    (): Declaration | undefined =>
      this.OR([
        { ALT: () => this.SUBRULE(this.importDeclaration) },
        { ALT: () => this.SUBRULE(this.targetDeclaration) },
        { ALT: () => this.SUBRULE(this.datasetDeclaration) },
        { ALT: () => this.SUBRULE(this.blockDeclaration) },
        { ALT: () => this.SUBRULE(this.cellDeclaration) },
        { ALT: () => this.SUBRULE(this.spaceDeclaration) },
        { ALT: () => this.SUBRULE(this.quantizeDeclaration) },
        { ALT: () => this.SUBRULE(this.sparsityDeclaration) },
        { ALT: () => this.SUBRULE(this.constraintsDeclaration) },
        { ALT: () => this.SUBRULE(this.objectivesDeclaration) },
        { ALT: () => this.SUBRULE(this.searchDeclaration) },
      ]),
    // `undefined` is what the rule returns then; Chevrotain's type of the option leaves it out.
    { recoveryValueFunc: () => undefined as never },
  );

  // ---------------------------------------------------------------- import, target, dataset

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

  private needString(index: number, message: string): StringLiteral | undefined {
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

  // ---------------------------------------------------------------- properties

  readonly properties: ParserMethod<[], Property[]> = this.RULE('properties', (): Property[] => {
    const list: Property[] = [];
    const open = this.CONSUME(t.LBrace);
    do this.SUBRULE(this.propertyList, { ARGS: [list] });
    while (this.skipJunk('Expected a property: a name and its value, such as `clock 180 MHz`.'));
    this.close(0, t.RBrace, open);
    return list;
  });

  readonly propertyList: ParserMethod<[into: Property[]], void> = this.RULE(
    'propertyList',
    (into: Property[]): void => {
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          {
            ALT: () => {
              this.add(into, this.SUBRULE(this.property));
            },
          },
        ]);
      });
    },
  );

  /** `name value value { nested }` */
  readonly property: ParserMethod<[], Property> = this.RULE('property', (): Property => {
    const name = this.CONSUME(t.Identifier);
    const values: Expression[] = [];
    this.MANY({
      GATE: () => this.beginsPropertyValue(values.length),
      DEF: () => {
        values.push(this.SUBRULE(this.expression));
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

  /** A `{` behind a value, or with named values in it, opens nested properties. */
  private beginsPropertyValue(count: number): boolean {
    const type = this.LA(1).tokenType;
    if (type === t.LBrace) return count === 0 && !this.holdsProperties();
    if (count === 0 && (type === t.LParen || type === t.Minus || type === t.keyword.not)) return true;
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

  // ---------------------------------------------------------------- block, cell, space

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
    const items: CellItem[] = [];
    const open = this.need(0, t.LBrace, 'Write `{` to open the cell.', ' {');
    if (open !== undefined || this.RECORDING_PHASE || !this.atBodyEnd()) {
      do this.SUBRULE(this.cellItems, { ARGS: [items] });
      while (this.skipJunk('Expected `edge`, `limit` or `output` in a cell.'));
      this.close(0, t.RBrace, open);
    }
    return { kind: 'cell', name, parameters, items, start: word.startOffset, end: this.endHere() };
  });

  readonly cellItems: ParserMethod<[into: CellItem[]], void> = this.RULE(
    'cellItems',
    (into: CellItem[]): void => {
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          {
            ALT: () => {
              this.add(into, this.SUBRULE(this.edge));
            },
          },
          {
            ALT: () => {
              this.add(into, this.SUBRULE(this.limit));
            },
          },
          {
            ALT: () => {
              this.add(into, this.SUBRULE(this.output));
            },
          },
        ]);
      });
    },
  );

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

  // ---------------------------------------------------------------- quantize, sparsity

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

  // ---------------------------------------------------------------- constraints, objectives, search

  /** `constraints { ram < 96 KB; latency < 20 ms on "pico" }` */
  readonly constraintsDeclaration: ParserMethod<[], Declaration> = this.RULE(
    'constraints',
    (): Declaration => {
      const word = this.CONSUME(t.declare.constraints);
      const items: Constraint[] = [];
      const open = this.need(0, t.LBrace, 'Write `{` to open the constraints.', ' {');
      if (open !== undefined || this.RECORDING_PHASE || !this.atBodyEnd()) {
        do this.SUBRULE(this.constraintList, { ARGS: [items] });
        while (this.skipJunk('Expected a constraint such as `latency < 20 ms`.'));
        this.close(0, t.RBrace, open);
      }
      return { kind: 'constraints', items, start: word.startOffset, end: this.endHere() };
    },
  );

  readonly constraintList: ParserMethod<[into: Constraint[]], void> = this.RULE(
    'constraintList',
    (into: Constraint[]): void => {
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          {
            ALT: () => {
              this.add(into, this.SUBRULE(this.constraint));
            },
          },
        ]);
      });
    },
  );

  readonly constraint: ParserMethod<[], Constraint> = this.RULE('constraint', (): Constraint => {
    const metric = identifier(this.CONSUME(t.Identifier));
    const sign = this.need(
      0,
      t.Comparison,
      `Write a comparison after \`${metric.name}\`, as in \`${metric.name} < 20 ms\`.`,
      ' <',
    );
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
    return { kind: 'constraint', metric, operator, bound, on, start: metric.start, end: this.endHere() };
  });

  private bound(): Expression {
    this.anyUnit = true;
    const bound = this.SUBRULE(this.expression);
    this.anyUnit = false;
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
    const items: Objective[] = [];
    const open = this.need(0, t.LBrace, 'Write `{` to open the objectives.', ' {');
    if (open !== undefined || this.RECORDING_PHASE || !this.atBodyEnd()) {
      do this.SUBRULE(this.objectiveList, { ARGS: [items] });
      while (this.skipJunk('Expected `max` or `min` and what to optimise, such as `max accuracy`.'));
      this.close(0, t.RBrace, open);
    }
    return { kind: 'objectives', items, start: word.startOffset, end: this.endHere() };
  });

  readonly objectiveList: ParserMethod<[into: Objective[]], void> = this.RULE(
    'objectiveList',
    (into: Objective[]): void => {
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          {
            ALT: () => {
              this.add(into, this.SUBRULE(this.objective));
            },
          },
        ]);
      });
    },
  );

  readonly objective: ParserMethod<[], Objective> = this.RULE('objective', (): Objective => {
    const word = this.OR([
      { ALT: () => this.CONSUME(t.contextual.max) },
      { ALT: () => this.CONSUME(t.contextual.min) },
    ]);
    const metric = this.needName(0, `what to ${word.image === 'max' ? 'maximise' : 'minimise'}`);
    let weight: Expression | undefined;
    this.OPTION(() => {
      this.CONSUME(t.contextual.weight);
      weight = this.SUBRULE(this.expression);
    });
    const on = this.onBoard();
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

  /** `search nsga2 { population 24; trials 300 }` */
  readonly searchDeclaration: ParserMethod<[], Declaration> = this.RULE('search', (): Declaration => {
    const word = this.CONSUME(t.declare.search);
    const strategy = this.needName(0, 'the strategy: `nsga2`, `evolution` or `random`');
    let properties: Property[] = [];
    this.OPTION(() => {
      properties = this.SUBRULE(this.properties);
    });
    return { kind: 'search', strategy, properties, start: word.startOffset, end: this.endHere() };
  });
}

let instance: NasParser | undefined;

/** The tokens that the parser sees, comments apart. */
export function tokenize(text: string): { tokens: IToken[]; comments: IToken[]; problems: SyntaxProblem[] } {
  const lexed = t.lexer.tokenize(text);
  const tooDeep = separateLines(lexed.tokens);
  const problems = lexed.errors.map((error): SyntaxProblem => {
    const end = Math.min(error.offset + error.length, text.length);
    const written = text.slice(error.offset, end);
    return {
      code: 'syntax/unexpected-character',
      start: error.offset,
      end,
      message: `\`${written}\` has no meaning here. Remove it.`,
      insert: undefined,
    };
  });
  if (tooDeep !== undefined) {
    problems.push({
      code: 'syntax/unexpected-token',
      start: tooDeep.startOffset,
      end: endOf(tooDeep),
      message: `Brackets nest deeper than ${maxDepth} levels here. Close some of them, or move parts into a block.`,
      insert: undefined,
    });
  }
  return { tokens: lexed.tokens, comments: lexed.groups['comments'] ?? [], problems };
}

/** Reads a `.nas` text. Never throws; every problem lies inside the text. */
export function parse(text: string): ParseResult {
  instance ??= new NasParser(true);
  const { tokens, comments, problems } = tokenize(text);
  instance.load(tokens, text.length);
  const declarations: Declaration[] = [];
  instance.file(declarations);
  problems.push(...instance.problems);
  return {
    file: {
      kind: 'file',
      declarations,
      comments: comments.map((token) => commentOf(token, problems)),
      start: 0,
      end: text.length,
    },
    problems: settleProblems(text, problems, instance.errors),
  };
}

function commentOf(token: IToken, problems: SyntaxProblem[]): Comment {
  const end = endOf(token);
  if (token.tokenType === t.UnclosedComment) {
    problems.push({
      code: 'syntax/unclosed',
      start: token.startOffset,
      end,
      message: 'This comment is not closed. Write `*/` where it ends.',
      insert: undefined,
    });
  }
  return {
    kind: 'comment',
    style: token.tokenType === t.LineComment ? 'line' : 'block',
    start: token.startOffset,
    end,
  };
}
