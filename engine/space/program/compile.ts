/**
 * Expressions as functions of the registers. Choices inside an expression become slots that have to be drawn
 * before it is evaluated; `draws` lists them in the order written, those inside an option under that option.
 */

import type * as ast from '../../../grammar/ast.ts';
import { functions } from '../functions.ts';
import { valueWords } from '../../operators/words.ts';
import { TooLarge } from '../too-large.ts';
import type { ChoiceKind } from '../types.ts';
import { anyFault, type Fault, faultUnless, type FindFault } from './fault.ts';
import {
  type FindHull,
  hullOfBinary,
  hullOfCall,
  hullOfEither,
  hullOfNegative,
  hullOfOptions,
  hullOfSlot,
  hullOfValue,
} from './hulls.ts';
import { CHOICE_LIMIT, rangeValues } from './ranges.ts';
import { type ChoiceSlot, type Registers, type Slot, type TensorSlot, typeIn } from './slots.ts';
import type { TensorTypes } from './tensor-types.ts';
import { possibleValues } from './possible-values.ts';
import { tidy, type Value } from '../../operators/values.ts';
import { combine } from './combine.ts';

export type Draw = ChoiceDraw | ConditionalDraw;

interface ChoiceDraw {
  readonly slot: ChoiceSlot;
  /** Choices inside option k; empty for most. */
  readonly nested: readonly (readonly Draw[])[] | undefined;
}

/** Choices inside a conditional value: of what it is where the condition holds, and of what it is elsewhere. */
interface ConditionalDraw {
  readonly condition: Compiled;
  readonly branches: readonly (readonly Draw[])[];
}

export interface Compiled {
  /** The value never changes and is `evaluate([])`. */
  readonly constant: boolean;
  readonly evaluate: (registers: Registers) => Value;
  readonly reads: readonly Slot[];
  readonly draws: readonly Draw[];
  /** Where it has no value, if it can come to that; {@link evaluate} gives `undefined` there. */
  readonly fault: FindFault | undefined;
  /** How many steps lead to it from what is drawn or fixed; absent for what is that itself. */
  readonly depth?: number;
  /** Between which numbers it lies. */
  readonly hull?: FindHull | undefined;
}

/** Steps from one value to the next, beyond which working one out would take too much of the stack. */
const MOST_DEPTH = 6000;

export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Compiled>;
}

export interface CompileContext {
  readonly file: string;
  readonly scope: Scope;
  /** The tensor that `in`, `height` and `width` speak of. */
  readonly tensor: TensorSlot;
  readonly types: TensorTypes;
  readonly classes: number | undefined;
  /** A slot for a choice that stands at `expression`. */
  choice(expression: ast.Expression, kind: ChoiceKind, options: readonly (number | string)[]): ChoiceSlot;
  /** The text of the expression, to show an option that is not a constant. */
  text(expression: ast.Expression): string;
  /** The range or choice cannot be used. */
  broken(
    expression: ast.Expression,
    reason: 'empty' | 'not-constant' | 'too-large',
    detail: readonly number[],
  ): void;
}

const nothing: readonly never[] = [];

export function constant(value: Value): Compiled {
  const hull = hullOfValue(value);
  return { constant: true, evaluate: () => value, reads: nothing, draws: nothing, fault: undefined, hull };
}

const unknown = constant(undefined);

function lookup(scope: Scope | undefined, name: string): Compiled | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function compile(
  expression: ast.Expression,
  context: CompileContext,
  kind: ChoiceKind = 'value',
): Compiled {
  switch (expression.kind) {
    case 'number':
      return constant(expression.value);
    case 'dimensions':
      return constant(expression.values);
    case 'string':
      return constant(expression.value);
    case 'missing':
      return unknown;
    case 'name':
      return compileName(expression.name, context);
    case 'unary': {
      const operand = compile(expression.operand, context);
      const evaluate = operand.evaluate;
      if (expression.operator === 'not') {
        return derive([operand], (registers) => {
          const value = evaluate(registers);
          return typeof value === 'boolean' ? !value : undefined;
        });
      }
      const negative = (registers: Registers): Value => {
        const value = evaluate(registers);
        return typeof value === 'number' ? -value : undefined;
      };
      return derive([operand], negative, operand.fault, hullOfNegative(operand));
    }
    case 'binary':
      return compileBinary(expression, context);
    case 'call':
      return compileCall(expression, context);
    case 'conditional':
      return compileConditional(expression, context, kind);
    case 'choiceExpression':
      return compileChoice(expression, context, kind);
    case 'range':
      return compileRange(expression, context, kind);
  }
}

function derive(
  parts: readonly Compiled[],
  evaluate: (registers: Registers) => Value,
  fault: FindFault | undefined = anyFault(parts),
  hull?: FindHull,
): Compiled {
  if (parts.every((part) => part.constant)) {
    const found = fault?.([]);
    return { ...constant(evaluate([])), fault: found && (() => found) };
  }
  const depth = depthOf(parts);
  return { constant: false, evaluate, reads: readsOf(parts), draws: drawsOf(parts), fault, depth, hull };
}

function depthOf(parts: readonly Compiled[]): number {
  const depth = parts.reduce((most, part) => Math.max(most, part.depth ?? 0), 0) + 1;
  if (depth <= MOST_DEPTH) return depth;
  const cure = 'Compute values from what is drawn, by way of fewer others.';
  throw new TooLarge({ limit: MOST_DEPTH, of: 'steps from one value to the next', cure });
}

/** Every slot once. Mostly one part alone reads something, and its list serves. */
function readsOf(parts: readonly Compiled[]): readonly Slot[] {
  let reads: readonly Slot[] = nothing;
  for (const part of parts) {
    if (part.reads.length === 0 || part.reads === reads) continue;
    reads = reads.length === 0 ? part.reads : [...new Set([...reads, ...part.reads])];
  }
  return reads;
}

function drawsOf(parts: readonly Compiled[]): readonly Draw[] {
  let draws: readonly Draw[] = nothing;
  for (const part of parts) {
    if (part.draws.length > 0) draws = draws.length === 0 ? part.draws : [...draws, ...part.draws];
  }
  return draws;
}

function compileName(name: string, context: CompileContext): Compiled {
  const bound = lookup(context.scope, name);
  if (bound !== undefined) return bound;
  const { tensor, types } = context;
  const extent = (pick: (shape: readonly number[]) => number | undefined): Compiled => ({
    constant: false,
    evaluate: (registers) => {
      const id = typeIn(registers, tensor.register);
      return id === 0 ? undefined : pick(types.get(id).shape);
    },
    reads: [tensor],
    draws: nothing,
    fault: undefined,
    hull: hullOfSlot(tensor, name),
  });
  switch (name) {
    case 'in':
      return extent((shape) => shape.at(-1));
    case 'height':
      return extent((shape) => (shape.length === 3 ? shape[0] : 1));
    case 'width':
      return extent((shape) => (shape.length === 3 ? shape[1] : 1));
    case 'classes':
      return constant(context.classes);
    case 'true':
    case 'false':
      return constant(name === 'true');
    default:
      return valueWords.has(name) ? constant(name) : unknown;
  }
}

function compileConditional(
  { value, condition, otherwise }: ast.ConditionalExpression,
  context: CompileContext,
  kind: ChoiceKind,
): Compiled {
  const parts = [
    compile(value, context, kind),
    compile(condition, context),
    compile(otherwise, context, kind),
  ] as const;
  const [first, decides, second] = parts;
  const chosen = (registers: Registers): Compiled | undefined => {
    const holds = decides.evaluate(registers);
    return typeof holds === 'boolean' ? (holds ? first : second) : undefined;
  };
  if (decides.constant) return chosen([]) ?? { ...unknown, fault: decides.fault };
  const branches = [first.draws, second.draws];
  const own = branches.some(({ length }) => length > 0) ? [{ condition: decides, branches }] : [];
  return {
    constant: false,
    evaluate: (registers) => chosen(registers)?.evaluate(registers),
    reads: readsOf(parts),
    draws: [...decides.draws, ...own],
    depth: depthOf(parts),
    hull: hullOfEither(first, second),
    fault:
      anyFault(parts) && ((registers) => decides.fault?.(registers) ?? chosen(registers)?.fault?.(registers)),
  };
}

function compileBinary(expression: ast.BinaryExpression, context: CompileContext): Compiled {
  const left = compile(expression.left, context);
  const right = compile(expression.right, context);
  const apply = combine[expression.operator];
  const [evaluateLeft, evaluateRight] = [left.evaluate, right.evaluate];
  return derive(
    [left, right],
    (registers) => apply(evaluateLeft(registers), evaluateRight(registers)),
    faultOfBinary(expression, left, right, context),
    hullOfBinary(expression.operator, left, right),
  );
}

/** Combinations of the choices in a divisor that are tried to see that it is never zero. */
const TRIED_DIVISORS = 256;

function faultOfBinary(
  expression: ast.BinaryExpression,
  left: Compiled,
  right: Compiled,
  context: CompileContext,
): FindFault | undefined {
  const { operator } = expression;
  if (operator === 'and' || operator === 'or') {
    const open = operator === 'and';
    return faultUnless(left.fault, right.fault, (registers) => left.evaluate(registers) === open);
  }
  if (operator !== '/' && operator !== '%') return anyFault([left, right]);
  // `in`, `height` and `width` are never zero.
  const isExtent = expression.right.kind === 'name' && right.reads.some(({ kind }) => kind === 'tensor');
  const divisors = isExtent ? [] : possibleValues(right, TRIED_DIVISORS);
  if (divisors !== undefined && !divisors.includes(0)) return anyFault([left, right]);
  const here: Fault = {
    file: context.file,
    expression,
    text: context.text(expression),
    reason: 'division',
  };
  const fault: FindFault = (registers) => (right.evaluate(registers) === 0 ? here : undefined);
  return anyFault([left, right, { fault }]);
}

function compileCall(expression: ast.CallExpression, context: CompileContext): Compiled {
  const { name } = expression.callee;
  const info = functions.get(name);
  const parts = expression.arguments.map((argument) => compile(argument.value, context));
  if (info === undefined) return unknown;
  const apply = (registers: Registers): Value => {
    const values: number[] = [];
    for (const part of parts) {
      const value = part.evaluate(registers);
      if (typeof value !== 'number') return undefined;
      values.push(value);
    }
    if (values.length < info.parameters.length && !info.variadic) return undefined;
    const result = info.apply(...values);
    return typeof result === 'number' ? tidy(result) : result;
  };
  const hull = hullOfCall(name, parts);
  if (name !== 'log' && name !== 'divisible') return derive(parts, apply, anyFault(parts), hull);
  const here: Fault = { file: context.file, expression, text: context.text(expression), reason: 'function' };
  const isDefined = (value: Value): boolean => typeof value !== 'number' || Number.isFinite(value);
  const fault: FindFault = (registers) => (isDefined(apply(registers)) ? undefined : here);
  return derive(
    parts,
    (registers) => {
      const value = apply(registers);
      return isDefined(value) ? value : undefined;
    },
    anyFault([...parts, { fault }]),
    hull,
  );
}

function compileChoice(
  expression: ast.ChoiceExpression,
  context: CompileContext,
  kind: ChoiceKind,
): Compiled {
  const [only] = expression.options;
  // The grammar has reported a choice without options.
  if (only === undefined) return unknown;
  if (expression.options.length === 1) return compile(only, context, kind);
  if (expression.options.length > CHOICE_LIMIT) {
    context.broken(expression, 'too-large', [expression.options.length]);
    return unknown;
  }
  // The slot is made first, so that it is numbered before the choices inside its options.
  const parts: Compiled[] = [];
  const shown = expression.options.map((option) => {
    const literal = option.kind === 'number' || option.kind === 'dimensions';
    return literal
      ? optionLabel(option.kind === 'number' ? option.value : option.values)
      : context.text(option);
  });
  const slot = context.choice(expression, kind, shown);
  for (const option of expression.options) parts.push(compile(option, context));
  const evaluators = parts.map((part) => part.evaluate);
  const nested = parts.some((part) => part.draws.length > 0) ? parts.map((part) => part.draws) : undefined;
  return {
    constant: false,
    evaluate: (registers) => evaluators[(registers[slot.register] ?? 0) - 1]?.(registers),
    reads: [slot, ...readsOf(parts)],
    draws: [{ slot, nested }],
    depth: depthOf(parts),
    hull: hullOfOptions(slot, parts),
    fault: parts.some((part) => part.fault !== undefined)
      ? (registers) => parts[(registers[slot.register] ?? 0) - 1]?.fault?.(registers)
      : undefined,
  };
}

function optionLabel(value: number | readonly number[]): number | string {
  return typeof value === 'number' ? value : value.join('x');
}

function compileRange(expression: ast.RangeExpression, context: CompileContext, kind: ChoiceKind): Compiled {
  const bounds: Compiled[] = [];
  const values = rangeValues(expression, (bound) => {
    const compiled = compile(bound, context);
    bounds.push(compiled);
    if (!compiled.constant) {
      context.broken(bound, 'not-constant', []);
      return undefined;
    }
    const value = compiled.evaluate([]);
    return typeof value === 'number' ? value : undefined;
  });
  if (values === undefined) return { ...unknown, fault: anyFault(bounds) };
  if (typeof values === 'object' && 'broken' in values) {
    context.broken(expression, values.broken, values.detail);
    return unknown;
  }
  const [first] = values;
  if (values.length === 1) return constant(first);
  const slot = context.choice(expression, kind, values);
  return {
    constant: false,
    evaluate: (registers) => values[(registers[slot.register] ?? 0) - 1],
    reads: [slot],
    draws: [{ slot, nested: undefined }],
    fault: undefined,
    hull: hullOfOptions(
      slot,
      values.map((value) => ({ hull: hullOfValue(value) })),
    ),
  };
}
