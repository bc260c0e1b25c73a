/** What follows a layer: read from the tree, written into the program, and read from the registers. */

import type { AnyFollower, Expression, Follower, FollowerChoice } from '../../../grammar/ast.ts';
import type { Value } from '../../operators/values.ts';
import { operators } from '../../operators/words.ts';
import type { Reader } from './body.ts';
import type { Compiled } from './compile.ts';
import type { Elaborator } from './elaborate.ts';
import type { ChoiceSlot, Registers, Slot } from './slots.ts';

/** As an option of a choice: nothing follows. */
export const leavesOut: ReadonlySet<string> = new Set(['none', 'identity']);

interface Planned {
  readonly name: string;
  readonly expression: Expression | undefined;
}

/** One word with its value, or a choice of such; an option that leaves it out is `undefined`. */
export type PlannedFollower =
  Planned | { readonly choice: FollowerChoice; readonly options: readonly (Planned | undefined)[] };

interface Written {
  readonly name: string;
  readonly value: Compiled | undefined;
}

/** As it stands in a program. */
export type FollowerPart =
  Written | { readonly slot: ChoiceSlot; readonly options: readonly (Written | undefined)[] };

/** A word with its value, as an architecture has it. */
export interface Followed {
  readonly name: string;
  readonly value: Value;
}

/** Words that cannot follow a layer are reported elsewhere and left out. */
export function planFollowers(followers: readonly AnyFollower[]): readonly PlannedFollower[] {
  return followers.flatMap((follower): readonly PlannedFollower[] => {
    if (follower.kind === 'follower') {
      const planned = planOne(follower);
      return planned === undefined ? [] : [planned];
    }
    const options = follower.options.map(planOne);
    // One option is no choice.
    if (options.length > 1) return [{ choice: follower, options }];
    return options[0] === undefined ? [] : [options[0]];
  });
}

function planOne({ name: { name }, value }: Follower): Planned | undefined {
  return name === 'bn' || operators.get(name)?.follows === true ? { name, expression: value } : undefined;
}

/** See `LayerInstruction.form`. */
export function formOfFollower(follower: PlannedFollower): string {
  if (!('options' in follower)) return formOfOne(follower);
  return `+{${follower.options.map((option) => (option === undefined ? '' : formOfOne(option))).join('|')}}`;
}

function formOfOne({ name, expression }: Planned): string {
  return expression === undefined ? `+${name}` : `+${name}=`;
}

/** Draws the choices among followers and in their values. `id` begins the ids of these choices. */
export function followersOf(
  elaborator: Elaborator,
  followers: readonly PlannedFollower[],
  reader: Reader,
  id: string,
): readonly FollowerPart[] {
  const { emitter } = elaborator;
  let choices = 0;
  return followers.map((follower): FollowerPart => {
    if (!('options' in follower)) return writtenOf(elaborator, follower, reader, `${id}/${follower.name}`);
    choices++;
    const own = choices === 1 ? `${id}/follower` : `${id}/follower.${choices}`;
    const { file } = reader.body;
    const labels = follower.choice.options.map(({ start, end }) =>
      file.text.slice(start, end).replace(/\s+/g, ' '),
    );
    const slot = elaborator.choice(own, 'operator', labels, file, follower.choice);
    emitter.draw(slot);
    const options = follower.options.map((option, index): Written | undefined => {
      if (option?.expression === undefined) return option && { name: option.name, value: undefined };
      // Options of one name have values of their own.
      const count = follower.options.slice(0, index).filter((before) => before?.name === option.name).length;
      const place = `${own}/${option.name}${count === 0 ? '' : `.${count + 1}`}`;
      let written: Written | undefined;
      emitter.conditionally((patch) => {
        patch.push(emitter.test([slot], (registers) => registers[slot.register] === index + 1));
        written = writtenOf(elaborator, option, reader, place);
      });
      return written;
    });
    return { slot, options };
  });
}

function writtenOf(
  elaborator: Elaborator,
  { name, expression }: Planned,
  reader: Reader,
  id: string,
): Written {
  return { name, value: expression === undefined ? undefined : elaborator.forced(expression, reader, id) };
}

/** Every slot that decides what follows. */
export function slotsOfFollowers(followers: readonly FollowerPart[]): readonly Slot[] {
  return followers.flatMap((part) =>
    'options' in part
      ? [part.slot, ...part.options.flatMap((option) => option?.value?.reads ?? [])]
      : (part.value?.reads ?? []),
  );
}

/** The part as it is in these registers. */
export function chosenFollower(part: FollowerPart, registers: Registers): Written | undefined {
  return 'options' in part ? part.options[(registers[part.slot.register] ?? 0) - 1] : part;
}

export function followersAt(parts: readonly FollowerPart[], registers: Registers): readonly Followed[] {
  return parts.flatMap((part) => {
    const chosen = chosenFollower(part, registers);
    return chosen === undefined ? [] : [{ name: chosen.name, value: chosen.value?.evaluate(registers) }];
  });
}
