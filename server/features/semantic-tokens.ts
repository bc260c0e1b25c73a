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
  const add = (span: Span, type: TokenType, ...modifiers: TokenModifier[]): void => {
    if (span.end > span.start && !isOutside(span)) {
      tokens.push({ start: span.start, end: span.end, type, modifiers });
    }
  };
  const visit = (node: Node): void => {
    if (isOutside(node)) return;
    colourNode(node, add);
    forEachChild(node, visit);
  };
  visit(snapshot.parse.file);
  for (const reference of referencesIn(snapshot)) {
    const modifiers = modifiersOf(reference);
    add(reference.span, typeOfSymbol[reference.symbol.kind], ...modifiers);
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

/** What the tree alone says: labels, settings, parameters and followers of operators, units. */
function colourNode(
  node: Node,
  add: (span: Span, type: TokenType, ...modifiers: TokenModifier[]) => void,
): void {
  switch (node.kind) {
    case 'alternative':
      add(node.label, 'enumMember', 'declaration');
      break;
    case 'property':
      add(node.name, 'property');
      break;
    case 'namedValue':
      add(node.name, 'keyword');
      break;
    case 'follower':
      add(node.name, 'method', 'defaultLibrary');
      break;
    case 'constraint':
    case 'objective':
      if (node.metric !== undefined) add(node.metric, 'property');
      break;
    case 'search':
      if (node.strategy !== undefined) add(node.strategy, 'enumMember');
      break;
    case 'dataset':
      if (node.name !== undefined) add(node.name, 'enumMember');
      break;
    case 'number':
      if (node.unit !== undefined) add(node.unit, 'macro');
      break;
    case 'choiceExpression':
      break;
    default:
      break;
  }
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
