/**
 * What is known of an operator: its row. Everything that tells one operator from another in the rooms that read, price,
 * train and export stands here or, for what needs tfjs, under the same kind in `engine/train/operators`. Shapes carry no
 * batch.
 *
 * To add an operator:
 *
 * 1. Write its row in the file of this folder whose operators are most like it, and put it into the list at the end of
 *    that file. {@link operator} makes a row of what differs from most operators:
 *    - `kind`: its name everywhere in the program, and that of its kernels;
 *    - `attributes`: codecs of `attribute.ts` (a count, a pair, a share, a word, a switch), by the names that the program
 *      calls them. Reading, printing, keys of memories and tests of the values follow from them;
 *    - `words`: how the language says it (see {@link Word}); the grammar, the colours, completion, hovers and the
 *      reference follow from them;
 *    - `outputs`: what it puts out, or a {@link Misfit} with what is wrong with the inputs or the values; `states`, if it
 *      remembers anything from one inference to the next;
 *    - `counts`: what costs are made of (see {@link Counts}); `weights` where it has some;
 *    - `channels`, `joins`, `channelwise`: what it does to sets of tensors, by which whole spaces are bounded;
 *    - `int8`: its quantisation; `tflite`: how it stands in a file, written and read;
 *    - `examples`: layers of the language. Tests change every attribute of them, train them, run them in 8 bits, export
 *      them, read them back and compare them with LiteRT; random programs are made of them.
 * 2. Write its kernels, if it can be trained, in the file of the same name in `engine/train/operators`: `forward` in
 *    tfjs, whose gradient follows, and `int8` as the reference kernel of TensorFlow Lite does it. Until then it does not
 *    compile.
 * 3. Name it in the `support` of the runtimes in `device-profiles/runtimes` that have it, by its name in a `.tflite`, with
 *    the source that says so; many name it already, and one that does not refuses it.
 * 4. Run `node scripts/generate.ts`, and for the answers of LiteRT `node test/litert/make-fixtures.ts`.
 */

import type { Attribute, Attributes, ValuesOf } from './attribute.ts';
import { Misfit } from './misfit.ts';
import type { Shape, TensorSpec } from './tensors.ts';
import type { ConstantInput, Encoding, FileOperator, OptionField } from './tflite.ts';
import type { Rewritten, Written } from './word.ts';

/** Height, width and channels of a feature map; a vector counts as one pixel. */
export interface Extents {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What counting may look at. */
export interface Geometry {
  readonly input: Extents;
  readonly output: Extents;
  /** Elements of the first input, and of the output. */
  readonly inputs: number;
  readonly outputs: number;
  /** Output height times width. */
  readonly pixels: number;
  /** Kernel height times width; 1 without a window. */
  readonly kernelArea: number;
  /** Of the first output. */
  readonly outputShape: Shape;
  /** How many inputs there are. */
  readonly operands: number;
}

/** What an operator does, counted; {@link noCounts} where nothing is said. */
export interface Counts {
  /** Multiply-accumulates. */
  readonly macs: number;
  /** Elements of weights and of biases. */
  readonly weights: number;
  readonly biases: number;
  /** Weights that one output element meets. */
  readonly windowSize: number;
  readonly groups: number;
  readonly depthMultiplier: number;
  /** Output channels that carry their own quantisation. */
  readonly filters: number;
  /** Elements that pooling windows read. */
  readonly poolReads: number;
  /** Elements that a reduction reads. */
  readonly reduced: number;
  /** Bytes of constant inputs in the model file, and tensors that hold them. */
  readonly constantBytes: number;
  readonly constants: number;
  /** Elements of the operands that a product of matrices reads across their rows. */
  readonly crossed: number;
  /** Filters of an SVDF, units of a recurrent layer. */
  readonly units: number;
  /** Runs of values that joining or splitting copies. */
  readonly pieces: number;
  /** Axes before the first that moves, and 1 where the last one stays. */
  readonly axesKept: number;
  readonly lastAxisKept: number;
  /** Tensors that it puts out, all of one shape. */
  readonly outputs: number;
}

export const noCounts: Counts = {
  macs: 0,
  weights: 0,
  biases: 0,
  windowSize: 0,
  groups: 1,
  depthMultiplier: 0,
  filters: 0,
  poolReads: 0,
  reduced: 0,
  constantBytes: 0,
  constants: 0,
  crossed: 0,
  units: 0,
  pieces: 0,
  axesKept: 0,
  lastAxisKept: 0,
  outputs: 1,
};

/** How TFLite stores weights: as the second input, with the biases as the next one that is no activation. */
export interface WeightRule {
  /** The axis of the output channels. */
  readonly channels: 'first' | 'last';
  /** A scale for each output channel, or one for all. */
  readonly perChannel: boolean;
}

/** The layer that pools like a reduction over all pixels. */
export interface Pooling {
  readonly kind: 'average_pool_2d' | 'max_pool_2d';
  readonly layer: string;
  /** The layer that reduces. */
  readonly reduction: string;
}

/** How fine the quantisation of a tensor may be: see `leastScales`. */
export interface ScaleBound {
  /** An input by its position, or the output. */
  readonly of: number | 'output';
  readonly least: number;
}

/** What the kernels of an operator with weights count with. */
export interface WeightBounds {
  /** Greatest scale of its weights. */
  readonly scale: number;
  /** No sum of its products and its bias is greater, before the activation. */
  readonly greatestSum: number;
}

/** The 8-bit form, by the quantisation specification of TFLite. */
export interface Int8Rule<A extends object = object> {
  /** Where the quantisation of the outputs comes from: of their own, of all inputs and outputs together, or fixed. */
  readonly scale: 'own' | 'shared' | { readonly scale: number; readonly zero: number };
  /** TFLite Micro's kernel gives its output another quantisation than its input's; else both must be of one. */
  readonly rescales: boolean;
  /** Inputs beyond this need not be told apart: the function is nearer to its limit than half a step of its output. */
  readonly levelsOff: number;
  /** No input is below this: the kernels end the process where one is. */
  readonly least: number;
  /**
   * What the kernels need of the scales around them. They refuse a model, or end the process, where a multiplier leaves
   * the range that they count with; that happens where a network has collapsed and a tensor hardly leaves zero.
   */
  leastScales(
    inputs: readonly number[],
    output: number,
    weights: WeightBounds | undefined,
    attributes: A,
  ): readonly ScaleBound[];
}

/** What cannot be trained, and what to write instead. */
export interface Untrainable {
  readonly what: string;
  readonly cure: string;
}

/** What becomes of the number of channels: of all kinds of operators, what walks over sets of shapes need to know. */
export type ChannelRule =
  /** As many as the attribute says; each output channel reads every input channel (of its group). */
  | { readonly by: 'set'; readonly attribute: string }
  | { readonly by: 'times'; readonly attribute: string }
  | { readonly by: 'plus'; readonly attribute: string }
  | { readonly by: 'kept' }
  /** Those of all inputs together. */
  | { readonly by: 'sum' }
  /** One for each element of the input. */
  | { readonly by: 'flattened' }
  /** Nothing that holds for every shape. */
  | { readonly by: 'unknown' };

/** How several inputs have to fit each other. */
export type JoinRule =
  /** One input, or none. */
  | 'single'
  /** Of one shape, or one of two with one value per channel or per place (`broadcast.ts`). */
  | 'broadcast'
  /** Of one size, with channels of their own. */
  | 'append';

/** How an operator stands in a `.tflite`. */
export interface TfliteRule<A extends object> {
  /** In the schema's `BuiltinOperator`. */
  readonly name: string;
  /** Of the operator that an int8 model needs (`tensorflow/lite/tools/versioning/op_version.cc`). */
  version(attributes: A, encoding: Encoding): number;
  /** The oldest runtime that knows a version, where that is newer than 1.14.0 (`runtime_version.cc`). */
  readonly since: Readonly<Record<number, string>>;
  /** Member of the union `BuiltinOptions`, counted from 1; 0 means that there are no options. */
  readonly options: number;
  encode(attributes: A, encoding: Encoding): readonly OptionField[];
  constants(attributes: A, encoding: Encoding): readonly ConstantInput[];
  /** How many of the other inputs (constants, weights, biases, in this order) stand before the activations. */
  readonly activationsAt: number;
  /** `undefined` for a form that a network cannot say. */
  decode(file: FileOperator): A | undefined;
}

/** Where a word writes a value: an attribute of the row by its name there, or one of the word's own. */
export type Place<A extends object> = (keyof A & string) | Attribute<unknown>;

/** A word of the language that says the operator. What it writes nowhere has the default of the row. */
export interface Word<A extends object> {
  readonly name: string;
  /** For hovers, completion and the reference. */
  readonly documentation: string;
  /** A snippet in the syntax of LSP, for completion; the name where it is absent. */
  readonly snippet?: string;
  /** What stands unnamed after the name, such as the kernel of `conv 3x3`. */
  readonly operand?: Place<A>;
  /** What stands after `->`. */
  readonly output?: Place<A>;
  /** What is written by its name. */
  readonly named?: readonly Place<A>[];
  /** Attributes that the word itself says. */
  readonly fixed?: Partial<A>;
  /** Names of tensors in parentheses: how many. */
  readonly tensors?: { readonly least: number; readonly most: number };
  /** The names in parentheses are of what it puts out, all of one type; how many there are is this attribute. */
  readonly counted?: keyof A & string;
  /** It may follow a layer, after a comma. */
  readonly follows?: boolean;
  /** Nothing follows it, since what it puts out is not worked on. */
  readonly ends?: boolean;
  /** What it does to channels where that is not what the row says. */
  readonly channels?: ChannelRule;
  /** How the attributes come about where they are not what is written. */
  readonly says?: {
    /** Throws a {@link Misfit}. */
    read(written: Written, inputs: readonly TensorSpec[]): A;
    /** `undefined` for values that another word has to say. */
    write(values: A): Rewritten | undefined;
  };
}

export interface Outputs {
  readonly outputs: readonly TensorSpec[];
  /** A stride is greater than the image: something was meant otherwise. */
  readonly stridesPast: { readonly input: string; readonly stride: string } | undefined;
}

export interface OperatorRow<A extends object = object> {
  readonly kind: string;
  readonly attributes: Attributes;
  /** The first that can say an operator is the one that it is printed with. */
  readonly words: readonly Word<A>[];
  /** What it puts out. Throws {@link Misfit}. */
  outputs(attributes: A, inputs: readonly TensorSpec[]): Outputs;
  /** Tensors that live from one inference to the next; they are the last of its inputs. */
  states(attributes: A, inputs: readonly TensorSpec[]): readonly TensorSpec[];
  counts(attributes: A, geometry: Geometry): Partial<Counts>;
  /** `undefined` for an operator without weights. */
  readonly weights: WeightRule | undefined;
  readonly pooling: Pooling | undefined;
  readonly channels: ChannelRule;
  readonly joins: JoinRule;
  /** Each output channel is made from the same channel of every input. */
  readonly channelwise: boolean;
  /** What its window, if it has one, steps over: the output where each place of the input adds to a window of that. */
  readonly stepsOver: 'input' | 'output';
  /** It moves or converts values and has no arithmetic of its own: bytes price it in every number format. */
  readonly converts: boolean;
  /** Absent from what is exported and priced: it acts in training alone. */
  readonly trainingOnly: boolean;
  untrainable(attributes: A): Untrainable | undefined;
  readonly int8: Int8Rule<A>;
  /** `undefined` for what no file holds, or under a name that an attribute says. */
  readonly tflite: TfliteRule<A> | undefined;
  /** Layers that stand for it, in `.nas`, one a line after an image of 8x8x4; `a` and `b` name two such. */
  readonly examples: readonly string[];
  /** Attributes that neither shapes and counts nor numbers depend on. */
  readonly inert: readonly (keyof A & string)[];
}

const ownScale: Int8Rule = {
  scale: 'own',
  rescales: true,
  levelsOff: Infinity,
  least: -Infinity,
  leastScales: () => [],
};

/** Of an operator whose outputs and inputs are of one quantisation. */
export const sharedScale: Int8Rule = { ...ownScale, scale: 'shared' };

export const int8Rule = <A extends object = object>(rule: Partial<Int8Rule<A>>): Int8Rule<A> => ({
  ...ownScale,
  ...rule,
});

/** The first input. Throws a {@link Misfit} where there is none, which has been reported elsewhere. */
export function inputOf([input]: readonly TensorSpec[]): TensorSpec {
  if (input === undefined) throw new Misfit('unknown', undefined);
  return input;
}

/** One output, in the number format of an input. */
export const single = (shape: Shape, { dtype }: Pick<TensorSpec, 'dtype'>): Outputs => ({
  outputs: [{ shape, dtype }],
  stridesPast: undefined,
});

type StatedForm<A extends object> = Pick<TfliteRule<A>, 'name' | 'version' | 'decode'> &
  Partial<TfliteRule<A>>;

type Stated<K extends string, C extends Attributes> = Pick<
  OperatorRow<ValuesOf<C>>,
  'outputs' | 'examples'
> & { readonly kind: K; readonly attributes: C; readonly tflite?: StatedForm<ValuesOf<C>> };

type RowOf<K extends string, C extends Attributes> = Omit<OperatorRow<ValuesOf<C>>, 'kind' | 'attributes'> & {
  readonly kind: K;
  readonly attributes: C;
};

/** A row; what is left out, of its form in a file as well, is what most operators have. */
export function operator<const K extends string, C extends Attributes>({
  tflite,
  ...row
}: Stated<K, C> & Partial<Omit<OperatorRow<ValuesOf<C>>, keyof Stated<K, C>>>): RowOf<K, C> {
  return {
    words: [],
    states: () => [],
    counts: () => ({}),
    weights: undefined,
    pooling: undefined,
    channels: { by: 'kept' },
    joins: 'single',
    channelwise: false,
    stepsOver: 'input',
    converts: false,
    trainingOnly: false,
    untrainable: () => undefined,
    int8: ownScale,
    inert: [],
    ...(row as typeof row & Pick<Stated<K, C>, 'kind' | 'attributes' | 'outputs' | 'examples'>),
    tflite: tflite && {
      since: {},
      options: 0,
      encode: () => [],
      constants: () => [],
      activationsAt: 0,
      ...tflite,
    },
  };
}

/** An operator of a row with the values given, and its defaults. Throws an `Error` where neither says a value. */
export function templateOf<const K extends string, C extends Attributes>(
  { kind, attributes }: { readonly kind: K; readonly attributes: C },
  given: Readonly<Partial<ValuesOf<C>>>,
): { readonly kind: K } & ValuesOf<C> {
  const filled: Record<string, unknown> = { kind };
  for (const [key, attribute] of Object.entries(attributes)) {
    filled[key] = given[key] ?? attribute.default;
    if (filled[key] === undefined) throw new Error(`${kind} needs a value for ${key}.`);
  }
  return filled as { readonly kind: K } & ValuesOf<C>;
}
