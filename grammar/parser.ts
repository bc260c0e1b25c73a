/**
 * The parser: text in, tree and problems out. It never throws; what a person has not written yet is missing in
 * the tree and named in a problem, at most one for each statement or option of a line.
 */

import type { IRecognitionException, IToken, ParserMethod } from 'chevrotain';
import type { Comment, Declaration, ParseResult, SyntaxProblem } from './ast.ts';
import { endOf, TooManyMistakes } from './base.ts';
import { isPutIn } from './brackets.ts';
import { DeclarationParser } from './declarations.ts';
import { beginsDeclaration } from './lines.ts';
import { settleProblems } from './problems.ts';
import { tokenize } from './tokenize.ts';
import * as t from './tokens.ts';
import { declarationWords } from './words.ts';

const declarationList = declarationWords.map((word) => `\`${word}\``).join(', ');

/** The grammar of a whole file. One instance serves all texts, one after the other. */
export class NasParser extends DeclarationParser {
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
    this.skipPutIn();
    const token = this.LA(1);
    if (token.startOffset < 0 || this.atDeclaration()) return true;
    this.reportNext(
      token.tokenType === t.RBrace
        ? 'This `}` closes nothing. Remove it, or check the braces above.'
        : `Expected a declaration but found \`${token.image}\`. Begin with one of ${declarationList}.`,
    );
    do this.SKIP_TOKEN();
    while (this.LA(1).startOffset >= 0 && !this.atDeclaration());
    return true;
  }

  /** Brackets that were put in for one that is out of place, which is what there is to report. */
  private skipPutIn(): void {
    while (isPutIn(this.LA(1))) this.SKIP_TOKEN();
  }

  readonly declarations: ParserMethod<[into: Declaration[]], void> = this.RULE(
    'declarations',
    (into: Declaration[]): void => {
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          {
            ALT: () => {
              this.ACTION(() => this.checkSeparate());
              this.add(into, this.SUBRULE(this.declaration));
              this.ACTION(() => this.skipRest());
            },
          },
        ]);
      });
    },
  );

  /** A declaration that ends in no brace needs a `;` before the next one on its line. */
  private checkSeparate(): void {
    if (this.LA(0).tokenType !== t.RBrace) this.checkSeparated('declaration');
  }

  /** What is left of the line behind a declaration. */
  private skipRest(): void {
    this.skipPutIn();
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
}

let instance: NasParser | undefined;

/** UTF-16 code units. A hundred thousand lines of layers have less; the tree of more would not fit into memory. */
export const longestText = 4_000_000;

/** Is told of work before it is done, in units of about a microsecond; what it throws, reading throws. */
export interface ReadingEffort {
  spend(units: number): void;
}

/** Of what reading takes, beside finding the tokens. */
const unitsOfToken = 3;

/** Reads a `.nas` text. Throws nothing of its own; every problem lies inside the text. */
export function parse(text: string, effort?: ReadingEffort): ParseResult {
  if (text.length > longestText) return unread(text);
  instance ??= new NasParser(true);
  const { tokens, comments, problems } = tokenize(text);
  effort?.spend(unitsOfToken * tokens.length);
  const declarations: Declaration[] = [];
  const errors: IRecognitionException[] = [];
  let rest: IToken[] | undefined = tokens;
  for (let attempt = 0; rest !== undefined && attempt < mostAttempts; attempt++) {
    instance.load(rest, text.length);
    rest = readUpToMistakes(instance, declarations, rest);
    problems.push(...instance.problems);
    errors.push(...instance.errors);
  }
  return {
    file: {
      kind: 'file',
      declarations,
      comments: comments.map((token) => commentOf(token, problems)),
      start: 0,
      end: text.length,
    },
    problems: settleProblems(text, tokens, problems, errors),
  };
}

/** An empty tree, and the problem that says why. */
function unread(text: string): ParseResult {
  const [length, longest] = [text.length, longestText].map((count) => count.toLocaleString('en-US'));
  const message = `This file has ${length} characters, and one is read up to ${longest}, so nothing is known of it. Move parts into files of their own and import them, or remove what is no search space.`;
  return {
    file: { kind: 'file', declarations: [], comments: [], start: 0, end: text.length },
    problems: [{ code: 'syntax/too-large', start: 0, end: 1, message, insert: undefined }],
  };
}

/** How often reading goes on behind a declaration with too many mistakes. */
const mostAttempts = 20;

/** Reads declarations until there are too many mistakes in one. Returns the tokens from the declaration after it. */
function readUpToMistakes(
  parser: NasParser,
  declarations: Declaration[],
  tokens: readonly IToken[],
): IToken[] | undefined {
  try {
    parser.file(declarations);
    return undefined;
  } catch (error) {
    // Chevrotain mends each mistake of a list inside the mending of the one before it, and the stack has an end.
    if (!(error instanceof TooManyMistakes || error instanceof RangeError)) throw error;
    const at = parser.giveUp();
    const next = tokens.findIndex(
      (token, index) => token.startOffset > at && beginsDeclaration(tokens, index),
    );
    return next === -1 ? undefined : tokens.slice(next);
  }
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
