/**
 * What can stand at a place of a text, for completion. Looks only at the tokens before the place, so that it
 * answers the same for whole and for half-typed text.
 */

import { longestText } from './parser.ts';
import type { Span } from './ast.ts';
import { expectationsInString, expectationsOf } from './expectations.ts';
import { readContext } from './context.ts';
import { declarationWords } from './words.ts';

/** One kind of thing that can stand at the place; none where a new name is to be written. */
export type Expectation =
  /** `import`, `target`, `block`, ... at the top of the file. */
  | { readonly context: 'declaration' }
  /** A layer, the use of a block, or `let`, `tie`, `choice`, `branches`, `skip`, `require`. */
  | { readonly context: 'statement' }
  /** An operator inside `{a | b}` or of an edge. */
  | { readonly context: 'operatorOption' }
  /** The unnamed operand behind an operator's name, such as a kernel. */
  | { readonly context: 'operatorOperand'; readonly operator: string }
  /** A named parameter of a layer. `used` are those it has already. */
  | { readonly context: 'parameterName'; readonly operator: string; readonly used: readonly string[] }
  | { readonly context: 'parameterValue'; readonly operator: string; readonly parameter: string }
  /** The output of a layer, behind `->`. */
  | { readonly context: 'output' }
  /** `->` itself. */
  | { readonly context: 'arrow' }
  /** Behind a comma: `bn`, `relu6`, ... `used` are those that stand there already. */
  | {
      readonly context: 'follower';
      readonly operator: string;
      readonly used: readonly string[];
      /** Between the braces of a choice, where `none` is an option too. */
      readonly isOption: boolean;
    }
  /** `x2`, `?`, `when`, `unless`, behind a statement; `same` behind a repeat. */
  | { readonly context: 'modifier'; readonly same: boolean }
  /** How many times, behind `x`. */
  | { readonly context: 'repeatCount' }
  /** An argument of a call or of the use of a block; `index` counts from 0; `named` are the names given already. */
  | {
      readonly context: 'argument';
      readonly callee: string;
      readonly index: number;
      readonly named: readonly string[];
      /** The argument's name, behind `name =`. */
      readonly name: string | undefined;
    }
  /** Any value. */
  | { readonly context: 'expression' }
  /** An operator between values, `..`, `step`; behind a whole value. */
  | { readonly context: 'binaryOperator'; readonly afterRange: boolean }
  /** A unit behind a number. */
  | { readonly context: 'unit' }
  /** `add` or `concat`, behind `skip` and `branches`; `last` as well in a cell's `output`. */
  | { readonly context: 'merge'; readonly of: 'skip' | 'branches' | 'output' }
  | { readonly context: 'cellItem' }
  | { readonly context: 'edgeEnds' }
  /** A property of target, dataset or search; `path` names the properties around it, outermost first. */
  | {
      readonly context: 'propertyName';
      readonly declaration: 'target' | 'dataset' | 'search';
      readonly path: readonly string[];
      readonly used: readonly string[];
    }
  | {
      readonly context: 'propertyValue';
      readonly declaration: 'target' | 'dataset' | 'search';
      readonly path: readonly string[];
      readonly name: string;
      /** 0 for the first value; more when something stands before the place. */
      readonly index: number;
    }
  | { readonly context: 'constraintMetric' }
  | { readonly context: 'constraintOperator'; readonly metric: string }
  | { readonly context: 'constraintBound'; readonly metric: string }
  /** `max` or `min`. */
  | { readonly context: 'objectiveDirection' }
  | { readonly context: 'objectiveMetric'; readonly direction: 'max' | 'min' }
  /** `weight`, and `on` behind a constraint or an objective; `metric` right behind what may be its first words. */
  | { readonly context: 'objectiveSuffix'; readonly metric: string | undefined }
  | { readonly context: 'constraintSuffix' }
  | { readonly context: 'strategy' }
  | { readonly context: 'datasetName' }
  | { readonly context: 'quantization' }
  | { readonly context: 'sparsityOption' }
  /** A board, inside or before the quotes behind `target` and `on`. */
  | { readonly context: 'boardName' }
  /** A file, inside or before the quotes of an import. */
  | { readonly context: 'importPath' }
  /** A block or cell of the imported file, if its path is written already. */
  | { readonly context: 'importName'; readonly path: string | undefined; readonly used: readonly string[] }
  /** A path inside a string elsewhere, such as `images("...")`. */
  | { readonly context: 'stringArgument'; readonly callee: string };

export interface Expected {
  /** Most likely first; empty in comments and where nothing can be proposed. */
  readonly expectations: readonly Expectation[];
  /** The word around the place that a proposal replaces; empty span when there is none. Inside a string: its contents. */
  readonly word: Span;
  readonly inComment: boolean;
  readonly inString: boolean;
}

/** What can stand at `offset` of `text`. Reads from the start of the declaration that holds the place. */
export function expectedAt(text: string, offset: number): Expected {
  const at = Math.max(0, Math.min(offset, text.length));
  const none = { expectations: [], inComment: false, inString: false };
  const from = declarationStart(text, at);
  const quote = openQuote(text, at);
  if (isInComment(text, at, quote)) {
    return { ...none, word: { start: at, end: at }, inComment: true };
  }
  const word = quote === undefined ? wordAt(text, at) : stringAt(text, quote);
  if (text.length > longestText) return { ...none, word };
  const context = readContext(text.slice(from, quote ?? word.start));
  const expectations = quote === undefined ? expectationsOf(context) : expectationsInString(context);
  return {
    expectations: expectations.map((expectation) =>
      expectation.context === 'importName' ? { ...expectation, path: importedPath(text, at) } : expectation,
    ),
    word,
    inComment: false,
    inString: quote !== undefined,
  };
}

/** The path that stands behind `from` further along in the import at `offset`. */
function importedPath(text: string, offset: number): string | undefined {
  return /^[^}"]*\}\s*from\s*"([^"\r\n]*)"/.exec(text.slice(offset, offset + 1000))?.[1];
}

const declarationLine = new RegExp(`[ \\t]*(?:${declarationWords.join('|')})\\b`, 'y');
const quantizeLayer = /[ \t]*quantize(?:[ \t]+(?:as|from)\b|[ \t]*(?:[,;?}]|$|\/\/|->|x[0-9{(]))/my;

/** The start of the last line at or before `offset` that begins with a declaration word; 0 when there is none. */
function declarationStart(text: string, offset: number): number {
  let line = lineStart(text, offset);
  for (;;) {
    declarationLine.lastIndex = line;
    if (declarationLine.test(text) && declarationLine.lastIndex < offset) {
      quantizeLayer.lastIndex = line;
      if (!quantizeLayer.test(text)) return line;
    }
    if (line === 0) return 0;
    line = lineStart(text, line - 1);
  }
}

/** Where the line begins that holds `offset`. */
function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the string begins that holds `offset`, on its line. */
function openQuote(text: string, offset: number): number | undefined {
  const line = lineStart(text, offset);
  let open: number | undefined;
  for (let index = line; index < offset; index++) {
    const c = text[index];
    if (c === '\\' && open !== undefined) index++;
    else if (c === '"') open = open === undefined ? index : undefined;
    else if (c === '/' && text[index + 1] === '/' && open === undefined) return undefined;
  }
  return open;
}

function isInComment(text: string, offset: number, quote: number | undefined): boolean {
  if (quote !== undefined) return false;
  const line = lineStart(text, offset);
  const before = text.slice(line, offset).replace(/"(?:[^"\\]|\\.)*"/g, '');
  if (/\/\//.test(before.replace(/\/\*.*?\*\//g, ''))) return true;
  const open = text.lastIndexOf('/*', offset - 1);
  if (open < 0 || text.lastIndexOf('*/', offset - 2) > open || offset < open + 2) return false;
  const openLine = lineStart(text, open);
  if (/\/\//.test(text.slice(openLine, open))) return false;
  const close = text.indexOf('*/', open + 2);
  const another = text.indexOf('/*', open + 2);
  const isClosed = close >= 0 && (another < 0 || close < another);
  return isClosed ? offset < close + 2 : open >= line;
}

/** The identifier around `offset`; what follows a number directly is a word of its own (its unit). */
function wordAt(text: string, offset: number): Span {
  let start = offset;
  while (start > 0 && /[\w-]/.test(text[start - 1] ?? '')) start--;
  const run = text.slice(start, offset);
  const number = /^-?[0-9]+(?:\.[0-9]+)?(?:x[0-9]+)*x?(?=[^\w]|$)|^-?[0-9]+/.exec(run);
  const lead = number?.[0] ?? /^-*/.exec(run)?.[0] ?? '';
  start += lead.length;
  let end = offset;
  if (start < offset || lead === '') while (/[\w-]/.test(text[end] ?? '')) end++;
  return { start, end };
}

/** The contents of the string that opens at `quote`. */
function stringAt(text: string, quote: number): Span {
  const rest = /^(?:[^"\\\r\n]|\\.)*/.exec(text.slice(quote + 1))?.[0] ?? '';
  return { start: quote + 1, end: quote + 1 + rest.length };
}
