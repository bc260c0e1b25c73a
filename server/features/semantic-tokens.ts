/**
 * Colours by meaning, over those of the TextMate grammar: what a name is, and whether it varies over the space
 * (`searched`) or has one value (`readonly`).
 */

import type { Span } from '../../grammar/ast.ts';
import type { Reference, SymbolInfo } from '../../engine/space/types.ts';
import { referencesIn } from '../analysis/names.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { forEachChild, type Node } from '../../grammar/index.ts';

export const tokenTypes = [
  'namespace',
  'class',
  'function',
  'method',
  'parameter',
  'variable',
  'property',
  'enumMember',
  'number',
  'string',
  'macro',
  'keyword',
] as const;
export const tokenModifiers = ['declaration', 'readonly', 'defaultLibrary', 'searched'] as const;

export type TokenType = (typeof tokenTypes)[number];
export type TokenModifier = (typeof tokenModifiers)[number];

export interface SemanticToken extends Span {
  readonly type: TokenType;
  readonly modifiers: readonly TokenModifier[];
}

/** In source order, none overlapping another; `within` leaves out what lies wholly outside it. */
export function semanticTokens(snapshot: Snapshot, within?: Span): SemanticToken[] {
  const tokens: SemanticToken[] = [];
  const isOutside = (span: Span): boolean =>
    within !== undefined && (span.end <= within.start || span.start >= within.end);
  const add = ({ place, type, modifiers = [] }: Colour): void => {
    if (place !== undefined && place.end > place.start && !isOutside(place))
      tokens.push({ start: place.start, end: place.end, type, modifiers });
  };
  const visit = (node: Node): void => {
    if (isOutside(node)) return;
    const colour = colourOf(node);
    if (colour !== undefined) add(colour);
    forEachChild(node, visit);
  };
  visit(snapshot.parse.file);
  for (const reference of referencesIn(snapshot)) {
    const { span, symbol } = reference;
    add({ place: span, type: typeOfSymbol[symbol.kind], modifiers: modifiersOf(reference) });
  }
  return withoutOverlaps(tokens);
}

const typeOfSymbol: Readonly<Record<SymbolInfo['kind'], TokenType>> = {
  block: 'function',
  cell: 'class',
  space: 'namespace',
  tie: 'variable',
  let: 'variable',
  parameter: 'parameter',
  symbol: 'variable',
  function: 'function',
  operator: 'method',
  tensor: 'variable',
};

function modifiersOf(reference: Reference): TokenModifier[] {
  const { symbol, access } = reference;
  const modifiers: TokenModifier[] = [];
  if (access === 'definition') modifiers.push('declaration');
  if (symbol.kind === 'function' || symbol.kind === 'operator' || symbol.kind === 'symbol')
    modifiers.push('defaultLibrary');
  if (symbol.values !== undefined) modifiers.push(symbol.values.length > 1 ? 'searched' : 'readonly');
  return modifiers;
}

interface Colour {
  readonly place: Span | undefined;
  readonly type: TokenType;
  readonly modifiers?: readonly TokenModifier[];
}

/** What the tree alone says: labels, settings, parameters and followers of operators, units. */
const colours: { readonly [K in Node['kind']]?: (node: Extract<Node, { kind: K }>) => Colour } = {
  alternative: ({ label }) => ({ place: label, type: 'enumMember', modifiers: ['declaration'] }),
  property: ({ name }) => ({ place: name, type: 'property' }),
  namedValue: ({ name }) => ({ place: name, type: 'keyword' }),
  follower: ({ name }) => ({ place: name, type: 'method', modifiers: ['defaultLibrary'] }),
  constraint: ({ metric }) => ({ place: metric, type: 'property' }),
  objective: ({ metric }) => ({ place: metric, type: 'property' }),
  search: ({ strategy }) => ({ place: strategy, type: 'enumMember' }),
  dataset: ({ name }) => ({ place: name, type: 'enumMember' }),
  number: ({ unit }) => ({ place: unit, type: 'macro' }),
};

function colourOf(node: Node): Colour | undefined {
  return (colours[node.kind] as ((node: Node) => Colour) | undefined)?.(node);
}

/** Sorted; of tokens at one place the last one added wins, because meaning knows more than form. */
function withoutOverlaps(tokens: readonly SemanticToken[]): SemanticToken[] {
  const order = tokens.map((token, index) => ({ token, index }));
  order.sort((a, b) => a.token.start - b.token.start || b.index - a.index);
  const kept: SemanticToken[] = [];
  let end = 0;
  for (const { token } of order) {
    if (token.start < end) continue;
    kept.push(token);
    end = token.end;
  }
  return kept;
}
