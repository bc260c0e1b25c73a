/** What can stand behind the head of a layer, given what stands there already. */

import { tokenMatcher } from 'chevrotain';
import { imageOf, isToken, type Item } from './context.ts';
import type { Expectation } from './expected.ts';
import * as t from './tokens.ts';
import { parameterWords, unitWords } from './words.ts';

type Section =
  'head' | 'operand' | 'arguments' | 'output' | 'parameter' | 'follower' | 'repeat' | 'condition' | 'mark';

/**
 * `items` begin with the operator, the bracket of a group or, with `head`, with what follows that word
 * (`choice`, `branches`, `skip`).
 */
export function tailExpectations(items: readonly Item[], head?: string): readonly Expectation[] {
  const tail = new Tail(head ?? imageOf(items[0]), head === undefined && isToken(items[0]));
  for (const item of items.slice(1)) tail.read(item);
  return tail.expectations();
}

class Tail {
  private readonly operator: string;
  private readonly isLayer: boolean;
  private section: Section;
  /** The current section still lacks its value, or its value ends in an operator. */
  private isOpen = false;
  private readonly used: string[] = [];
  private readonly followers: string[] = [];
  private hasOutput = false;
  private isSame = false;
  private last: Item | undefined = undefined;

  constructor(operator: string, isLayer: boolean) {
    this.operator = operator;
    this.isLayer = isLayer;
    this.section = isLayer ? 'head' : 'arguments';
  }

  read(item: Item): void {
    this.advance(item);
    this.last = item;
  }

  private advance(item: Item): void {
    if (!isToken(item)) {
      if (this.section === 'head') this.section = item.group === '(' ? 'arguments' : 'operand';
      this.isOpen = false;
      return;
    }
    const type = item.tokenType;
    if (type === t.Arrow) this.begin('output');
    else if (type === t.Comma) this.begin('follower');
    else if (type === t.RepeatWord) this.begin('repeat');
    else if (type === t.Question) {
      this.section = 'mark';
      this.isOpen = false;
    } else if (type === t.keyword.when || type === t.keyword.unless) this.begin('condition');
    else if (type === t.keyword.else) {
      this.section = 'operand';
      this.isOpen = true;
    } else if (tokenMatcher(item, t.BinaryOperator) || type === t.keyword.not) this.isOpen = true;
    else if (tokenMatcher(item, t.Identifier)) this.name(item.image);
    else {
      if (this.section === 'head') this.section = 'operand';
      this.isOpen = false;
    }
  }

  private begin(section: Section): void {
    this.section = section;
    this.isOpen = true;
    if (section === 'output') this.hasOutput = true;
  }

  private name(word: string): void {
    if (this.isOpen) {
      if (this.section === 'follower') this.followers.push(word);
      this.isOpen = false;
    } else if (this.section === 'head' && !parameterWords.has(word)) {
      this.section = 'operand';
    } else if (this.section === 'repeat' && word === 'same') {
      this.isSame = true;
    } else if (word === 'step' || word === 'log') {
      this.isOpen = true;
    } else if (!(isToken(this.last) && this.last.tokenType === t.NumberToken && unitWords.has(word))) {
      this.used.push(word);
      this.begin('parameter');
    }
  }

  expectations(): readonly Expectation[] {
    const { operator, section } = this;
    if (!this.isOpen) return [...this.closed()];
    if (section === 'follower')
      return [{ context: 'follower', operator, used: this.followers, isOption: false }];
    if (section === 'repeat') return [{ context: 'repeatCount' }];
    if (section === 'output') return [{ context: 'output' }, { context: 'expression' }];
    const parameter = this.used.at(-1) ?? '';
    if (section !== 'parameter') return [{ context: 'expression' }];
    // Behind `as` a tensor gets its name.
    return parameter === 'as'
      ? []
      : [{ context: 'parameterValue', operator, parameter }, { context: 'expression' }];
  }

  private *closed(): Iterable<Expectation> {
    const { operator } = this;
    if (this.section === 'condition') {
      yield { context: 'binaryOperator', afterRange: false };
      return;
    }
    if (this.isLayer) {
      if (this.section === 'head') yield { context: 'operatorOperand', operator };
      if (!this.hasOutput) yield { context: 'arrow' };
      yield { context: 'parameterName', operator, used: this.used };
    }
    if (this.section === 'output' || this.section === 'parameter' || this.section === 'operand') {
      yield { context: 'binaryOperator', afterRange: false };
    }
    yield { context: 'modifier', same: this.section === 'repeat' && !this.isSame };
  }
}
