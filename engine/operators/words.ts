/** Every word of a layer: those that the rows say, and those of the language itself. */

import type { Attribute } from './attribute.ts';
import { listed, valuesOf } from './catalogue.ts';
import type { AttributeValues, OpKind, OpTemplate } from './catalogue.ts';
import { inputShape, inputType } from './language.ts';
import type { OperatorRow, Place, Word } from './operator.ts';
import type { TensorSpec } from './tensors.ts';
import { parameterOf, readWritten, word } from './word.ts';
import type { OperatorInfo, OperatorParameter, Rewritten, Written } from './word.ts';

type AnyRow = OperatorRow<AttributeValues>;
type AnyWord = Word<AttributeValues>;

/** Attributes that are written as followers. */
export const followed: ReadonlySet<string> = new Set(['activation', 'batchNorm']);

/** The word of a row. Throws an `Error` for an attribute that has no value. */
function wordOf(row: AnyRow, own: AnyWord): OperatorInfo {
  const { name, documentation, snippet = name, operand, output, named = [], says, counted } = own;
  const channels = own.channels ?? row.channels;
  const kind = row.kind as OpKind;
  const at = (place: Place<AttributeValues>): Attribute<unknown> => {
    if (typeof place !== 'string') return place;
    const found = row.attributes[place];
    if (found === undefined) throw new Error(`The operator ${kind} has no attribute ${place}.`);
    return found;
  };
  const shown = (place: Place<AttributeValues> | undefined): OperatorParameter | undefined =>
    place === undefined ? undefined : parameterOf(at(place));
  const placeOf = (key: string): string | undefined => {
    if (key === operand) return 'operand';
    if (key === output) return 'output';
    return named.includes(key) || key === counted ? at(key).name : undefined;
  };
  const described = Object.entries(row.attributes).map(([key, attribute]) => ({
    key,
    attribute,
    place: placeOf(key),
    fixed: own.fixed?.[key] ?? attribute.default,
  }));
  const lost = described.find((each) => each.place === undefined && each.fixed === undefined);
  if (says === undefined && lost !== undefined)
    throw new Error(`The word ${name} gives ${lost.key} of ${kind} no value.`);

  function read(written: Written, inputs: readonly TensorSpec[]): AttributeValues {
    const values: Record<string, unknown> = { kind };
    for (const { key, attribute, place, fixed } of described)
      values[key] =
        place === undefined ? fixed : attribute.settled(readWritten(attribute, written, place), inputs[0]);
    return values;
  }

  function write(values: AttributeValues): Rewritten | undefined {
    const isOwn = described.every(
      ({ key, attribute, place, fixed }) =>
        place !== undefined || followed.has(key) || attribute.isSame(values[key], fixed),
    );
    if (!isOwn) return undefined;
    const text = (place: Place<AttributeValues> | undefined): string | undefined =>
      typeof place === 'string' ? at(place).write(values[place]) : undefined;
    return {
      operand: text(operand),
      output: text(output),
      named: named.flatMap((place) => {
        if (typeof place !== 'string') return [];
        const attribute = at(place);
        const isDefault =
          attribute.default !== undefined && attribute.isSame(values[place], attribute.default);
        return isDefault ? [] : [[attribute.name, attribute.write(values[place])] as const];
      }),
    };
  }
  const template = (written: Written, inputs: readonly TensorSpec[]): OpTemplate =>
    (says === undefined
      ? read(written, inputs)
      : { kind, ...says.read(written, inputs) }) as unknown as OpTemplate;
  return word({
    name,
    documentation,
    snippet,
    operand: shown(operand),
    output: shown(output),
    parameters: named.map((place) => parameterOf(at(place))),
    tensors: own.tensors,
    makesTensors: counted !== undefined,
    follows: own.follows ?? false,
    ends: own.ends ?? false,
    trainingOnly: row.trainingOnly,
    weighted: 'batchNorm' in row.attributes,
    fuses: 'activation' in row.attributes,
    kinds: [kind],
    makes: {
      steps: (written, inputs) => [{ template: template(written, inputs) }],
      rewrite: (op) => (op.kind === kind ? (says?.write ?? write)(valuesOf(op)) : undefined),
      channels,
      joins: row.joins,
      channelsAt: 'attribute' in channels ? placeOf(channels.attribute) : undefined,
    },
  });
}

const words = listed.flatMap((each): readonly OperatorInfo[] => {
  if (!('kind' in each)) return [each];
  // A word is asked for what its own row has, and given that.
  const row = each as unknown as AnyRow;
  return row.words.map((own) => wordOf(row, own));
});

const activations = words
  .filter(({ follows, trainingOnly }) => follows && !trainingOnly)
  .map(({ name }) => name);
const untrained = words
  .filter(({ follows, trainingOnly }) => follows && trainingOnly)
  .map(({ name }) => name);

function followersOf({
  weighted,
  follows,
  passes,
  makesTensors,
  ends,
  trainingOnly,
}: OperatorInfo): readonly string[] {
  // Of several tensors nobody says which it is that something follows.
  if (passes || makesTensors || ends || trainingOnly) return [];
  if (follows) return untrained;
  return weighted ? ['bn', ...activations, ...untrained] : [...activations, ...untrained];
}

/** By name. */
export const operators: ReadonlyMap<string, OperatorInfo> = new Map(
  words.map((info) => [info.name, { ...info, followers: followersOf(info) }]),
);

/** The layer that stands for an operator; the kind itself where none does. */
export const layerOf = (kind: string): string =>
  words.find(({ kinds }) => kinds.some((each) => each === kind))?.name ?? kind;

/** What `input` says. Throws a {@link Misfit}. */
export const inputWord = (written: Written): TensorSpec => ({
  shape: readWritten(inputShape, written, 'operand'),
  dtype: readWritten(inputType, written, 'type'),
});

/** The layer that says an operator, and its values. Throws an `Error` for an operator that no word says. */
export function rewritten(op: OpTemplate): { readonly info: OperatorInfo; readonly values: Rewritten } {
  for (const info of words) {
    const values = info.makes?.rewrite(op);
    if (values !== undefined) return { info, values };
  }
  throw new Error(`No word stands for the operator ${op.kind}.`);
}

/** Parameters that every layer takes. */
export const commonParameters: readonly OperatorParameter[] = [
  {
    name: 'from',
    kind: 'tensor',
    default: undefined,
    documentation: 'Start from a tensor named with `as` instead of the current one.',
  },
  {
    name: 'as',
    kind: 'tensor',
    default: undefined,
    documentation: 'Name the output, so that `from`, `add(...)` or `concat(...)` can take it later.',
  },
];

/** Words with a meaning of their own in values, such as `valid`; not names of anything. */
export const valueWords: ReadonlySet<string> = new Set([
  ...words.flatMap(({ operand, parameters }) =>
    [...parameters, ...(operand === undefined ? [] : [operand])].flatMap((value) => value.words ?? []),
  ),
  'true',
  'false',
]);
