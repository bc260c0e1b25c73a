/** What a layer says, read from the tree once however often its block is used. */

import type { Expression, OperatorStatement } from '../../../grammar/ast.ts';
import { operators } from '../../operators/words.ts';
import type { OperatorInfo } from '../../operators/word.ts';
import { formOfFollower, planFollowers, type PlannedFollower } from './followers.ts';

export interface PlannedValue {
  readonly name: string;
  /** Last part of the id of a choice that stands here. */
  readonly hint: string;
  readonly expression: Expression;
}

/** Where a statement begins and what it gives, by name. */
export interface NamedTensors {
  readonly from: string | undefined;
  readonly as: string | undefined;
}

export interface LayerPlan extends NamedTensors {
  readonly info: OperatorInfo;
  /** Names of tensors in the parentheses. */
  readonly tensors: readonly string[];
  readonly attributes: readonly PlannedValue[];
  readonly followers: readonly PlannedFollower[];
  /** Leaves the tensor as it is. */
  readonly passes: boolean;
  /** Everything that the operator cannot do without is there. */
  readonly complete: boolean;
  /** See `LayerInstruction.form`. */
  readonly form: string;
}

const passing = new Set(['identity', 'none', 'skip', 'bn']);

/** `undefined` when the name is not that of an operator. */
export function planLayer(statement: OperatorStatement): LayerPlan | undefined {
  const info = operators.get(statement.name.name);
  if (info === undefined) return undefined;
  const given = new Map(statement.parameters.map((parameter) => [parameter.name.name, parameter.value]));
  const attributes: PlannedValue[] = [];
  const add = (name: string, hint: string, expression: Expression | undefined): void => {
    if (expression !== undefined) attributes.push({ name, hint, expression });
  };
  add('operand', info.operand?.name ?? 'operand', statement.operand);
  add('output', 'out', statement.output);
  for (const { name } of info.parameters) add(name, name, given.get(name));
  const [first] = statement.arguments ?? [];
  if (info.name === 'other' && first?.value.kind === 'string') add('name', 'name', first.value);
  const followers = planFollowers(statement.followers);
  return {
    info,
    tensors: (statement.arguments ?? []).flatMap(({ value }) => (value.kind === 'name' ? [value.name] : [])),
    ...namedTensors(statement),
    attributes,
    followers,
    passes: passing.has(info.name),
    complete:
      isThere(info.operand !== undefined && info.operand.default === undefined, statement.operand) &&
      isThere(info.output !== undefined && info.output.default === undefined, statement.output),
    form: formOf(info.name, attributes, followers, undefined),
  };
}

/** What the outcome of a layer depends on besides values and shapes. */
export function formOf(
  operator: string,
  attributes: readonly { readonly name: string }[],
  followers: readonly PlannedFollower[],
  remedy: string | undefined,
): string {
  let form = operator;
  for (const { name } of attributes) form += `:${name}`;
  for (const follower of followers) form += formOfFollower(follower);
  return remedy === undefined ? form : `${form}?${remedy}`;
}

function isThere(needed: boolean, expression: Expression | undefined): boolean {
  return !needed || (expression !== undefined && expression.kind !== 'missing');
}

/** Layers and uses of blocks alike have them. */
export function namedTensors({ parameters }: OperatorStatement): NamedTensors {
  const given = (word: string): string | undefined =>
    tensorName(parameters.find(({ name }) => name.name === word)?.value);
  return { from: given('from'), as: given('as') };
}

function tensorName(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'name' ? expression.name : undefined;
}
