/** A word of the language that stands for an operator: how a layer is written, and how it is read and written back. */

import type { Attribute, ValueKind } from './attribute.ts';
import { rowOf, valuesOf } from './catalogue.ts';
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

/** One more operator of a word that stands for several. */
export interface Step {
  readonly template: OpTemplate;
  /** What it reads: what the word is given, or what so many a step of the word (from 0) has made. */
  readonly reads: readonly ('given' | number)[];
}

/** What a word makes of what is written. */
export interface Making {
  /** The first operator, or the only one. Throws {@link Misfit}. */
  template(written: Written, inputs: readonly TensorSpec[]): OpTemplate;
  /** Those after it, in their order. */
  readonly after: readonly Step[];
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

/** Attributes that are written as followers. */
const followed: ReadonlySet<string> = new Set(['activation', 'batchNorm']);

type Spoken = Pick<OperatorInfo, 'name' | 'documentation'> & Partial<OperatorInfo>;

/** A word; what is left out is what most have. Its followers are set by `words.ts`. */
export function word(own: Spoken): OperatorInfo {
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
    kinds: [],
    examples: [],
    snippet: own.name,
    makes: undefined,
    ...own,
  };
}

/** Where a word writes the attributes of its operator, by their names in the row. */
interface Places {
  readonly operand?: string;
  readonly output?: string;
  readonly named?: readonly string[];
  /** What nobody writes by its name, since the statement says it otherwise: how many names stand in its parentheses. */
  readonly counted?: string;
  /** Attributes that the word itself says. */
  readonly fixed?: Readonly<Record<string, unknown>>;
}

function attributeOf(kind: OpKind, key: string): Attribute<unknown> {
  const found = rowOf(kind).attributes[key];
  if (found === undefined) throw new Error(`The operator ${kind} has no attribute ${key}.`);
  return found;
}

/** A word for one operator, whose values are its attributes. Throws an `Error` for an attribute that has no value. */
export function wordOf(kind: OpKind, own: Spoken, places: Places = {}): OperatorInfo {
  const row = rowOf(kind);
  const { operand, output, named = [], counted, fixed = {} } = places;
  const at = (key: string | undefined): OperatorParameter | undefined =>
    key === undefined ? undefined : parameterOf(attributeOf(kind, key));
  const placeOf = (key: string): string | undefined =>
    key === operand
      ? 'operand'
      : key === output
        ? 'output'
        : named.includes(key) || key === counted
          ? attributeOf(kind, key).name
          : undefined;
  const described = Object.entries(row.attributes).map(([key, attribute]) => ({
    key,
    attribute,
    place: placeOf(key),
    fixed: fixed[key] ?? attribute.default,
  }));
  const lost = described.find((each) => each.place === undefined && each.fixed === undefined);
  if (lost !== undefined) throw new Error(`The word ${own.name} gives ${lost.key} of ${kind} no value.`);
  const write = (key: string | undefined, op: OpTemplate): string | undefined =>
    key === undefined ? undefined : attributeOf(kind, key).write(valuesOf(op)[key]);
  const { channels, joins } = row;
  return word({
    operand: at(operand),
    output: at(output),
    parameters: named.map((key) => parameterOf(attributeOf(kind, key))),
    kinds: [kind],
    weighted: 'batchNorm' in row.attributes,
    fuses: 'activation' in row.attributes,
    makes: {
      after: [],
      template(written, [input]) {
        const values: Record<string, unknown> = { kind };
        for (const { key, attribute, place, fixed: otherwise } of described)
          values[key] =
            place === undefined
              ? otherwise
              : attribute.settled(readWritten(attribute, written, place), input);
        return values as unknown as OpTemplate;
      },
      rewrite(op) {
        if (op.kind !== kind) return undefined;
        const values = valuesOf(op);
        const isOwn = described.every(
          ({ key, attribute, place, fixed: otherwise }) =>
            place !== undefined || followed.has(key) || attribute.isSame(values[key], otherwise),
        );
        if (!isOwn) return undefined;
        return {
          operand: write(operand, op),
          output: write(output, op),
          named: named.flatMap((key) => {
            const attribute = attributeOf(kind, key);
            const isDefault =
              attribute.default !== undefined && attribute.isSame(values[key], attribute.default);
            return isDefault ? [] : [[attribute.name, attribute.write(values[key])] as const];
          }),
        };
      },
      channels,
      joins,
      channelsAt: 'attribute' in channels ? placeOf(channels.attribute) : undefined,
    },
    ...own,
  });
}
