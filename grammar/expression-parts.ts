/** What the reading of expressions puts together, and what it says is missing. */

import type { IToken } from 'chevrotain';
import type { BinaryOperator, Expression, RangeExpression, StringLiteral } from './ast.ts';
import { endOf } from './base.ts';
import * as t from './tokens.ts';

export function wantedAfter(previous: IToken): string {
  const type = previous.tokenType;
  if (type === t.Assign) return 'Expected a value after `=`, such as `16`, `{8 | 16}` or `8..32 step 8`';
  if (type === t.Arrow) return 'Expected the output after `->`, such as `16`, `{8 | 16}` or `classes`';
  if (type === t.Bar || type === t.LBrace) return `Expected an option after \`${previous.image}\``;
  if (type === t.Comma || type === t.LParen) return `Expected an argument after \`${previous.image}\``;
  if (previous.startOffset < 0) return 'Expected a value';
  return `Expected a value after \`${previous.image}\``;
}

export function combine(operator: string, left: Expression, right: Expression): Expression {
  const span = { start: left.start, end: right.end };
  if (operator === '..') {
    return { kind: 'range', low: left, high: right, step: undefined, log: undefined, ...span };
  }
  if ((operator === 'step' || operator === 'log') && left.kind === 'range') {
    const range: RangeExpression = { ...left, end: right.end };
    return operator === 'step' ? { ...range, step: right } : { ...range, log: right };
  }
  return { kind: 'binary', operator: operator as BinaryOperator, left, right, ...span };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

export function stringLiteral(token: IToken): StringLiteral {
  const closed = token.tokenType !== t.UnclosedString;
  const body = token.image.slice(1, closed ? -1 : undefined);
  const value = body.includes('\\') ? body.replace(/\\(.)/g, (_, c: string) => escapes[c] ?? c) : body;
  return { kind: 'string', value, start: token.startOffset, end: endOf(token) };
}
