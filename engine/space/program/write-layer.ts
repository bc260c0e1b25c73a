/** Writes the instruction of a layer. */

import type { Follower, Statement } from '../../../grammar/ast.ts';
import { operators } from '../operators.ts';
import type { Body } from './body.ts';
import type { Elaborator } from './elaborate.ts';
import type { LayerInstruction } from './instructions.ts';
import type { LayerPlan } from './layer-plan.ts';
import type { Slot, TensorSlot } from './slots.ts';

interface LayerDraft {
  readonly statement: Statement;
  readonly name: string;
  readonly operator: string;
  readonly attributes: LayerInstruction['attributes'];
  readonly followers: LayerInstruction['followers'];
  readonly inputs: readonly TensorSlot[];
  readonly form: string;
  readonly remedy: string | undefined;
}

export function writeLayer(elaborator: Elaborator, body: Body, draft: LayerDraft): void {
  const { emitter, current } = elaborator;
  const reads: Slot[] = [];
  const read = (slots: readonly Slot[]): void => {
    for (const slot of slots) if (!reads.includes(slot)) reads.push(slot);
  };
  read(draft.inputs);
  for (const { value } of draft.attributes) read(value.reads);
  for (const { value } of draft.followers) if (value !== undefined) read(value.reads);
  const statement = elaborator.origins.get(draft.statement) ?? draft.statement;
  emitter.push({
    kind: 'layer',
    statement,
    source: body.file.sourceOf(statement),
    name: draft.name,
    operator: draft.operator,
    attributes: draft.attributes,
    followers: draft.followers,
    inputs: draft.inputs,
    output: current,
    remedy: draft.remedy,
    form: draft.form,
    memo: undefined,
    reads,
    writes: current,
    kills: undefined,
  });
}

/** Values of followers, whose choices are drawn here. */
export function followersOf(
  elaborator: Elaborator,
  followers: LayerPlan['followers'],
  body: Body,
  id: string,
): LayerInstruction['followers'] {
  return followers.map(({ name, expression }) => ({
    name,
    value: expression === undefined ? undefined : elaborator.forced(expression, body, `${id}/${name}`),
  }));
}

/** What is written after a join. */
export function joinFollowers(followers: readonly Follower[]): LayerPlan['followers'] {
  return followers
    .filter((follower) => operators.has(follower.name.name))
    .map((follower) => ({ name: follower.name.name, expression: follower.value }));
}
