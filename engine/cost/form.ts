/**
 * Sums of terms as profile data write them: `{ "macs": 2.1, "floor(pixels/2)*outputChannels%2": 57 }`. A term is a
 * product of factors; a factor is a quantity of the catalogue, or what integer division leaves of one, since a kernel
 * that takes two pixels and four values at a time runs its loops that often:
 *
 *     macs   windowSize%4   floor(windowSize/4)   floor(inputChannels%16/4)   ceil(inputChannels/16)
 *     [windowSize%4==1]   [inputChannels<16]      1 or 0, as the comparison holds
 *
 * `1` is the constant term.
 */

import type { Form, Terms } from '../../device-profiles/types.ts';
import { onceFor } from '../space/once.ts';
import type { Range } from './format.ts';
import { isQuantityName, type Quantities, type QuantityName } from './quantities.ts';

export type Sum = (quantities: Quantities) => number;

/** What the quantities of some operators lie between, and what a quantity's values differ by multiples of. */
export interface Hull {
  readonly low: Quantities;
  readonly high: Quantities;
  readonly step: (name: QuantityName) => number;
}

/** What is done with a quantity, in this order; each part may be absent. */
interface Factor {
  readonly name: QuantityName;
  readonly modulo: number | undefined;
  readonly divisor: number | undefined;
  readonly round: 'floor' | 'ceil' | undefined;
  readonly compare: { readonly by: '==' | '<'; readonly to: number } | undefined;
}

interface Term {
  readonly coefficient: number;
  readonly factors: readonly Factor[];
}

const factorForm =
  /^(?:(floor|ceil)\((\w+)(?:%(\d+))?\/(\d+)\)|\[(\w+)(?:%(\d+))?(==|<)(\d+)\]|(\w+?)(?:%(\d+))?)$/;

const whole = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits);

/** @throws Error for what is no factor: profiles are checked when they are loaded. */
function parseFactor(text: string): Factor {
  const found = factorForm.exec(text);
  const name = found?.[2] ?? found?.[5] ?? found?.[9] ?? '';
  if (found === null || !isQuantityName(name)) throw new Error(`Unknown quantity "${text}" in a profile.`);
  const [, round, , divided, divisor, , compared, by, to, , remainder] = found;
  return {
    name,
    modulo: whole(divided ?? compared ?? remainder),
    divisor: whole(divisor),
    round: round === 'floor' || round === 'ceil' ? round : undefined,
    compare: by === undefined ? undefined : { by: by === '<' ? '<' : '==', to: Number(to) },
  };
}

const parsed = new Map<string, readonly Factor[]>();

/** The factors of a term. @throws Error with the name that is unknown. */
export function factorsOf(term: string): readonly Factor[] {
  let factors = parsed.get(term);
  if (factors === undefined)
    parsed.set(term, (factors = term === '1' ? [] : term.split('*').map(parseFactor)));
  return factors;
}

function valueOf({ modulo, divisor, round, compare }: Factor, value: number): number {
  let result = modulo === undefined ? value : value % modulo;
  if (divisor !== undefined)
    result = round === 'ceil' ? Math.ceil(result / divisor) : Math.floor(result / divisor);
  if (compare !== undefined) return Number(compare.by === '<' ? result < compare.to : result === compare.to);
  return result;
}

/** `sum of coefficient * product of factors`. */
export function compileForm(terms: Terms): Sum {
  const plain: { readonly name: QuantityName; readonly coefficient: number }[] = [];
  const products: Term[] = [];
  let constant = 0;
  for (const [text, coefficient] of Object.entries(terms)) {
    const factors = factorsOf(text);
    const [first, second] = factors;
    if (first === undefined) constant += coefficient;
    else if (second === undefined && isQuantityName(text)) plain.push({ name: text, coefficient });
    else products.push({ coefficient, factors });
  }
  return (quantities) => {
    let sum = constant;
    for (const { name, coefficient } of plain) sum += coefficient * quantities[name];
    for (const { coefficient, factors } of products) {
      let product = coefficient;
      for (const factor of factors) {
        if (product === 0) break;
        product *= valueOf(factor, quantities[factor.name]);
      }
      sum += product;
    }
    return sum;
  };
}

/** Instructions, loads and branches of what executes a form: a sum for each class, made once. */
export const sumsOf = onceFor((form: Form): readonly [instructions: Sum, loads: Sum, branches: Sum] => {
  const sumOf = (at: 0 | 1 | 2): Sum =>
    compileForm(
      Object.fromEntries(Object.entries(form).map(([term, counts]): [string, number] => [term, counts[at]])),
    );
  return [sumOf(0), sumOf(1), sumOf(2)];
});

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Of a factor over everything in the hull; never negative, since quantities are not. */
function factorIn(factor: Factor, hull: Hull): Range {
  let [low, high] = [hull.low[factor.name], hull.high[factor.name]];
  const { modulo, divisor, round, compare } = factor;
  if (low === high) {
    const value = valueOf(factor, low);
    return { low: value, high: value };
  }
  if (modulo !== undefined && high >= modulo) {
    // What differs by multiples of a step leaves the same remainder of it, and anything above.
    const common = greatestDivisor(hull.step(factor.name), modulo);
    low %= common;
    high = modulo - common + low;
  }
  if (compare !== undefined) {
    const { by, to } = compare;
    if (by === '<') return { low: Number(high < to), high: Number(low < to) };
    return { low: Number(low === high && low === to), high: Number(low <= to && to <= high) };
  }
  if (divisor === undefined) return { low, high };
  const rounded = round === 'ceil' ? Math.ceil : Math.floor;
  return { low: rounded(low / divisor), high: rounded(high / divisor) };
}

/** The least and the most that the sum can come to for anything in the hull. */
export function formIn(terms: Terms, hull: Hull): Range {
  const sum = { low: 0, high: 0 };
  for (const [text, coefficient] of Object.entries(terms)) {
    const product = { low: coefficient, high: coefficient };
    for (const factor of factorsOf(text)) {
      const { low, high } = factorIn(factor, hull);
      product.low *= coefficient < 0 ? high : low;
      product.high *= coefficient < 0 ? low : high;
    }
    sum.low += product.low;
    sum.high += product.high;
  }
  return sum;
}
