/** Writes the instruction of a layer. */

import type { Statement } from '../../../grammar/ast.ts';
import type { Body, Reader } from './body.ts';
import type { Compiled } from './compile.ts';
import type { Elaborator } from './elaborate.ts';
import type { FindFault } from './fault.ts';
import { slotsOfFollowers } from './followers.ts';
import type { LayerInstruction } from './instructions.ts';
import { formOf, type LayerPlan } from './layer-plan.ts';
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
  read(slotsOfFollowers(draft.followers));
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
    fault: undefined,
    memo: undefined,
    reads,
    writes: current,
    kills: undefined,
  });
}

/** Joins the inputs one after the other; what is written after them follows the last. */
export function writeChain(
  elaborator: Elaborator,
  body: Body,
  draft: Omit<LayerDraft, 'inputs' | 'form'>,
  inputs: readonly TensorSlot[],
  after: LayerPlan['followers'],
): void {
  const [first, ...rest] = inputs;
  if (first === undefined) return;
  const { name, operator, attributes, remedy } = draft;
  rest.forEach((input, index) => {
    const isLast = index === rest.length - 1;
    writeLayer(elaborator, body, {
      ...draft,
      name: rest.length === 1 ? name : `${name}.${index + 1}`,
      followers: isLast ? draft.followers : [],
      inputs: [index === 0 ? first : elaborator.current, input],
      form: formOf(operator, attributes, isLast ? after : [], remedy),
    });
  });
}

/** Writes a layer that makes nothing and fails where the value does not exist. */
export function writeCheck(
  elaborator: Elaborator,
  { statement, body }: Reader,
  { reads }: Compiled,
  fault: FindFault,
): void {
  const { emitter, current } = elaborator;
  const origin = elaborator.origins.get(statement) ?? statement;
  emitter.push({
    kind: 'layer',
    statement: origin,
    source: body.file.sourceOf(origin),
    name: '',
    operator: '',
    attributes: [],
    followers: [],
    inputs: [],
    output: current,
    remedy: undefined,
    form: '',
    fault,
    memo: undefined,
    reads,
    writes: undefined,
    kills: undefined,
  });
}
