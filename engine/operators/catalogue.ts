/** Every operator and every word: the lists of the files of this folder, one after the other. */

import { activations } from './activations.ts';
import type { Attribute, Attributes, ValuesOf } from './attribute.ts';
import { convolutions } from './convolution.ts';
import { dense } from './dense.ts';
import { formats } from './formats.ts';
import { joins } from './joining.ts';
import { ends, later, passes } from './language.ts';
import { moves } from './moving.ts';
import { normalisations } from './normalisation.ts';
import type { OperatorRow } from './operator.ts';
import { templateOf } from './operator.ts';
import { pools } from './pooling.ts';
import { recurrent } from './recurrent.ts';
import { reshapes } from './reshaping.ts';
import { transposedConvolutions } from './transposed-convolution.ts';

/** Rows, and words that are of no row. */
export const listed = [
  ...convolutions,
  ...transposedConvolutions,
  ...dense,
  ...pools,
  ...reshapes,
  ...moves,
  ...joins,
  ...activations,
  ...normalisations,
  ...recurrent,
  ...formats,
  ...ends,
  ...passes,
  ...later,
] as const;

type Listed = Extract<(typeof listed)[number], { readonly kind: string }>;
type Rows = { readonly [R in Listed as R['kind']]: R };

export type OpKind = keyof Rows;

interface Common<Kind> {
  readonly kind: Kind;
  /**
   * Number format of what it works on, by its name in the schema of a `.tflite`, where its first input does not say it:
   * that is none of {@link DType} (`float16`, `bool`), or a constant, or another input counts.
   */
  readonly format?: string;
  /** Scales of its weights in the file that it was read from, where each output channel has one and need not. */
  readonly scales?: number;
  /** Extents of its output in the file that it was read from, where they are not those of the shape and a batch of one. */
  readonly dimensions?: number;
}

/** An operator without its place in a network. */
export type OpTemplate<K extends OpKind = OpKind> = {
  readonly [Kind in K]: Common<Kind> & ValuesOf<Rows[Kind]['attributes']>;
}[K];

/** A row with its attributes read as those of the operators of its kind. */
export type Row = OperatorRow<OpTemplate>;

const rows = Object.fromEntries(
  listed.flatMap((each) => ('kind' in each ? [[each.kind, each] as const] : [])),
) as unknown as Rows;

export const operatorKinds = Object.keys(rows) as readonly OpKind[];

export const isOpKind = (name: string): name is OpKind => Object.hasOwn(rows, name);

export function rowOf(kind: OpKind): Row {
  // A row is asked about operators of its own kind alone, which their `kind` says.
  return rows[kind] as unknown as Row;
}

/** A convolution that reads all channels of its input, or of a group, for each that it makes. */
export const isFullConvolution = ({ attributes, channels, stepsOver }: Row): boolean =>
  'kernel' in attributes && channels.by === 'set' && stepsOver === 'input';

/** An operator with the values given, and its defaults. Throws an `Error` where neither says a value. */
export function template<K extends OpKind>(
  kind: K,
  values: Partial<ValuesOf<Rows[K]['attributes']>>,
): OpTemplate<K> {
  return templateFrom(kind, values);
}

/** The same from values of which some may belong to other operators. */
export const templateFrom = <K extends OpKind>(kind: K, given: AttributeValues): OpTemplate<K> =>
  templateOf<OpKind, Attributes>(rows[kind], given) as unknown as OpTemplate<K>;

const attributes = new Map(
  operatorKinds.map((kind) => [kind, Object.entries(rows[kind].attributes as Attributes)] as const),
);

/** By name, in the order of the row. */
export const attributesOf = (kind: OpKind): readonly (readonly [string, Attribute<unknown>])[] =>
  attributes.get(kind) ?? [];

const byTfliteName = new Map<string, OpKind[]>();
for (const kind of operatorKinds) {
  const name = rows[kind].tflite?.name;
  if (name !== undefined) byTfliteName.set(name, [...(byTfliteName.get(name) ?? []), kind]);
}

/** By the name in the schema's `BuiltinOperator`: the forms of an operator that have rows of their own. */
export const kindsOfTflite = (name: string): readonly OpKind[] => byTfliteName.get(name) ?? [];

/** The plainest of them. */
export const kindOfTflite = (name: string): OpKind | undefined => kindsOfTflite(name)[0];

/** The plainest form of the operator that a file has for a kind: it has the same kernel. */
export const plainestOf = (kind: OpKind): OpKind => kindOfTflite(rows[kind].tflite?.name ?? '') ?? kind;

/** In the schema's `BuiltinOperator`, or of a custom operator; `undefined` for what no file holds. */
export const tfliteNameOf = (op: OpTemplate): string | undefined =>
  op.kind === 'other' ? op.tfliteName : rowOf(op.kind).tflite?.name;

export type AttributeValues = Readonly<Record<string, unknown>>;

/** Its attributes, by the names of the row. */
export const valuesOf = (op: OpTemplate): AttributeValues => op as unknown as AttributeValues;
