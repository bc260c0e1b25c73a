/** Writes the instruction of a layer. */

import type { Statement } from '../../../grammar/ast.ts';
import type { Body, Reader } from './body.ts';
import type { Compiled } from './compile.ts';
import type { Elaborator } from './elaborate.ts';
import type { FindFault } from './fault.ts';
import { slotsOfFollowers } from './followers.ts';
import type { LayerInstruction } from './instructions.ts';
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
