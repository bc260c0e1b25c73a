/** A word of the language: how a layer is written, and how it is read and written back. */

import type { Attribute, ValueKind } from './attribute.ts';
import type { OpKind, OpTemplate } from './catalogue.ts';
import { Misfit } from './misfit.ts';
import type { ChannelRule, JoinRule } from './operator.ts';
import type { TensorSpec } from './tensors.ts';
import type { Value } from './values.ts';

export interface OperatorParameter {
  readonly name: string;
  readonly kind: ValueKind;
  readonly documentation: string;
  /** As a person would write it; `undefined` when it has to be given. */
  readonly default: string | undefined;
  /** For `word` and `switch`. */
  readonly words?: readonly string[];
}

/** What was written, by name: the operand and output under `operand` and `output`. */
export type Written = ReadonlyMap<string, Value>;

/** How a layer's values are written back: after its name, after `->`, and by name. */
export interface Rewritten {
  /** Quoted, before the tensors in the parentheses. */
  readonly title?: string;
  readonly operand: string | undefined;
  readonly output: string | undefined;
  readonly named: readonly (readonly [name: string, value: string])[];
}

/** One operator of a word. */
export interface Step {
  readonly template: OpTemplate;
  /**
   * What it reads: what the word is given, or what so many a step of the word (from 0) has made. Absent: all that the
   * word is given.
   */
  readonly reads?: readonly ('given' | number)[];
}

/** What a word makes of what is written. */
export interface Making {
  /** The operators in their order, of which the last puts out what the word does. Throws {@link Misfit}. */
  steps(written: Written, inputs: readonly TensorSpec[]): readonly Step[];
  /** `undefined` for an operator that another word has to say. */
  rewrite(op: OpTemplate): Rewritten | undefined;
  readonly channels: ChannelRule;
  readonly joins: JoinRule;
  /** What {@link Written} calls the attribute of {@link channels}, where that has one and it is written. */
  readonly channelsAt: string | undefined;
}

export interface OperatorInfo {
  readonly name: string;
  readonly documentation: string;
  /** The unnamed value after the name, such as the kernel of `conv 3x3`. */
  readonly operand: OperatorParameter | undefined;
  /** What stands after `->`. */
  readonly output: OperatorParameter | undefined;
  readonly parameters: readonly OperatorParameter[];
  /** Names of tensors in parentheses: how many. */
  readonly tensors: { readonly least: number; readonly most: number } | undefined;
  /** The names in parentheses are of what it puts out, all of one type. */
  readonly makesTensors: boolean;
  /** What may follow after a comma. */
  readonly followers: readonly string[];
  /** The operator has weights, so `bn` can be folded into it. */
  readonly weighted: boolean;
  /** relu and relu6 after it cost nothing: the runtime applies them while it writes the output. */
  readonly fuses: boolean;
  /** It parses and is checked, but cannot be searched or priced yet. */
  readonly later: boolean;
  /** It leaves the tensor as it is. */
  readonly passes: boolean;
  /** It may follow a layer, after a comma. */
  readonly follows: boolean;
  /** Nothing follows it, since what it puts out is not worked on. */
  readonly ends: boolean;
  /** It acts in training alone. */
  readonly trainingOnly: boolean;
  /** The operators that it stands for. */
  readonly kinds: readonly OpKind[];
  /** Layers, as those of a row: of words that stand for several operators. */
  readonly examples: readonly string[];
  /** A snippet in the syntax of LSP, for completion. */
  readonly snippet: string;
  /** `undefined` for words that are no operator of their own. */
  readonly makes: Making | undefined;
}

/** What is written there, or the default. Throws a {@link Misfit} when there is neither, or it is not known. */
export function readWritten<T>(attribute: Attribute<T>, written: Written, place: string): T {
  const value = written.get(place);
  if (value === undefined) {
    if (written.has(place) || attribute.default === undefined) throw new Misfit('unknown', undefined);
    return attribute.default;
  }
  return attribute.read(value);
}

export function parameterOf(attribute: Attribute<unknown>): OperatorParameter {
  const { name, kind, documentation, shownDefault, words } = attribute;
  return { name, kind, documentation, default: shownDefault, ...(words === undefined ? {} : { words }) };
}

/** A word of no single operator; what is left out is what most have. Its followers are set by `words.ts`. */
export function word(
  own: Pick<OperatorInfo, 'name' | 'documentation'> & Partial<OperatorInfo>,
): OperatorInfo {
  return {
    operand: undefined,
    output: undefined,
    parameters: [],
    tensors: undefined,
    makesTensors: false,
    followers: [],
    weighted: false,
    fuses: false,
    later: false,
    passes: false,
    follows: false,
    ends: false,
    trainingOnly: false,
    kinds: [],
    examples: [],
    snippet: own.name,
    makes: undefined,
    ...own,
  };
}

/** A word for operators whose shapes are those of what it is given, or follow from its values. */
export const making = (steps: Making['steps'], rewrite: Making['rewrite'] = () => undefined): Making => ({
  steps,
  rewrite,
  channels: { by: 'kept' },
  joins: 'single',
  channelsAt: undefined,
});
