/**
 * The tokens of the `.nas` language. Line ends are tokens here; {@link file://./lines.ts} keeps those that
 * separate statements and drops the rest before the parser sees them.
 */

import { createToken, Lexer, type CustomPatternMatcherFunc, type TokenType } from 'chevrotain';
import { blockComment, closedString, unclosedString } from './spans.ts';
import { declarationWords, statementWords } from './words.ts';

/** Letters, digits and `_`, with hyphens between parts: `cmsis-nn`, `fashion-mnist`. */
export const Identifier = createToken({
  name: 'Identifier',
  label: 'name',
  pattern: /[A-Za-z_]\w*(?:-[A-Za-z_]\w*)*/,
});

/** `;` or the end of a line. */
export const Separator = createToken({ name: 'Separator', label: '; or line end', pattern: Lexer.NA });

/** Any word that begins a declaration. */
const DeclarationWord = createToken({ name: 'DeclarationWord', pattern: Lexer.NA });

/** A word that begins a declaration, where none can begin. */
export const MisplacedWord = createToken({ name: 'MisplacedWord', pattern: Lexer.NA });

/** `==`, `!=`, `<`, `<=`, `>`, `>=`. */
export const Comparison = createToken({ name: 'Comparison', label: 'comparison', pattern: Lexer.NA });

/** Everything that stands between two operands, ranges included; the parser knows how tightly each binds. */
export const BinaryOperator = createToken({ name: 'BinaryOperator', label: 'operator', pattern: Lexer.NA });

function word(text: string, categories: TokenType[]): TokenType {
  const name = text.slice(0, 1).toUpperCase() + text.slice(1);
  return createToken({ name, label: text, pattern: text, longer_alt: Identifier, categories });
}

function words<T extends string>(
  list: readonly T[],
  categories: TokenType[],
): Readonly<Record<T, TokenType>> {
  return Object.fromEntries(list.map((text) => [text, word(text, categories)])) as Record<T, TokenType>;
}

function sign(
  name: string,
  pattern: string | RegExp | CustomPatternMatcherFunc,
  options: Partial<Parameters<typeof createToken>[0]> = {},
) {
  return createToken({
    name,
    label: typeof pattern === 'string' ? pattern : name,
    pattern,
    ...options,
  });
}

/** Reserved words that begin a declaration. */
export const declare = words(declarationWords, [DeclarationWord]);
/** Reserved words of bodies and of expressions. */
export const keyword = {
  ...words([...statementWords, 'not', 'else'], []),
  ...words(['and', 'or'], [BinaryOperator]),
};
/** Words with a meaning in one place only; everywhere else they are names. */
export const contextual = words(
  [
    'from',
    'as',
    'same',
    'step',
    'log',
    'on',
    'weight',
    'min',
    'max',
    'edge',
    'each',
    'limit',
    'inputs',
    'per',
    'node',
    'output',
    'none',
    'channel',
    'add',
    'concat',
  ],
  [Identifier],
);

/** The repeat word: `x` before a digit, `{` or `(`, or before a blank and a digit. */
export const RepeatWord = sign('Repeat', /x(?=[0-9{(]|[ \t]+[0-9])/, { label: 'x' });

export const Dimensions = sign('Dimensions', /[0-9]+(?:x[0-9]+)+/, { label: 'dimensions' });
/** `3x`, whose last number is not written yet. */
export const HalfDimensions = sign('HalfDimensions', /[0-9]+(?:x[0-9]+)*x(?![\w{(-])/, {
  categories: [Dimensions],
});
export const NumberToken = sign('Number', /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/, { label: 'number' });

const beginsWithQuote = { start_chars_hint: ['"'], line_breaks: false };
export const StringToken = sign('String', closedString, { label: 'string', ...beginsWithQuote });
/** A string whose closing quote is missing ends where brackets or separators resume, so that they keep working. */
export const UnclosedString = sign('UnclosedString', unclosedString, {
  categories: [StringToken],
  ...beginsWithQuote,
});

export const LineEnd = sign('LineEnd', /(?:\r\n|\n|\r)[ \t\r\n]*/, {
  label: 'line end',
  line_breaks: true,
  categories: [Separator],
});
export const Semicolon = sign('Semicolon', ';', { label: ';', categories: [Separator] });

export const LineComment = sign('LineComment', /\/\/[^\r\n]*/, { group: 'comments' });
/** Block comments do not nest and do not contain `/*`, so that one left open swallows its own line only. */
const BlockComment = sign('BlockComment', blockComment, {
  group: 'comments',
  start_chars_hint: ['/'],
  line_breaks: true,
});
export const UnclosedComment = sign('UnclosedComment', /\/\*[^\r\n]*/, { group: 'comments' });

export const LBrace = sign('LBrace', '{');
export const RBrace = sign('RBrace', '}');
export const LParen = sign('LParen', '(');
export const RParen = sign('RParen', ')');
export const Comma = sign('Comma', ',');
export const Colon = sign('Colon', ':');
export const Question = sign('Question', '?');
export const Bar = sign('Bar', '|');
export const Arrow = sign('Arrow', '->');
export const Feeds = sign('Feeds', '<-');
export const Assign = sign('Assign', '=');

const operator = { categories: [BinaryOperator] };
const comparison = { categories: [BinaryOperator, Comparison] };
export const DotDot = sign('DotDot', '..', operator);
export const Equal = sign('Equal', '==', comparison);
export const NotEqual = sign('NotEqual', '!=', comparison);
export const LessEqual = sign('LessEqual', '<=', comparison);
export const GreaterEqual = sign('GreaterEqual', '>=', comparison);
export const Less = sign('Less', '<', comparison);
export const Greater = sign('Greater', '>', comparison);
export const Plus = sign('Plus', '+', operator);
export const Minus = sign('Minus', '-', operator);
export const Times = sign('Times', '*', operator);
export const Divide = sign('Divide', '/', operator);
export const Percent = sign('Percent', '%', operator);

const Blank = sign('Blank', /[ \t\f\v\u00a0\ufeff]+/, { group: Lexer.SKIPPED });

/** In the order in which the lexer tries them. */
export const allTokens: TokenType[] = [
  Blank,
  LineEnd,
  LineComment,
  BlockComment,
  UnclosedComment,
  RepeatWord,
  ...Object.values(declare),
  ...Object.values(keyword),
  ...Object.values(contextual),
  Identifier,
  HalfDimensions,
  Dimensions,
  NumberToken,
  StringToken,
  UnclosedString,
  Semicolon,
  Arrow,
  Feeds,
  DotDot,
  Equal,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Assign,
  LBrace,
  RBrace,
  LParen,
  RParen,
  Comma,
  Colon,
  Question,
  Bar,
  Plus,
  Minus,
  Times,
  Divide,
  Percent,
  Separator,
  DeclarationWord,
  MisplacedWord,
  BinaryOperator,
  Comparison,
];

/** One lexer for the process; it keeps no state between texts. */
export const lexer = new Lexer(allTokens, { positionTracking: 'onlyOffset', ensureOptimizations: true });
