/** Every word of a layer: what each takes, with the texts that the reference, hovers and completion show. */

import { count, dims, dtype, number } from './attribute.ts';
import type { OpKind } from './catalogue.ts';
import {
  factor,
  flattening,
  gating,
  mode,
  naming,
  padding,
  padSize,
  resizes,
  resizing,
  size,
  upsampling,
} from './computed-words.ts';
import { other } from './formats.ts';
import { pad } from './reshaping.ts';
import type { TensorSpec } from './tensors.ts';
import { parameterOf, readWritten, word, wordOf } from './word.ts';
import type { Making, OperatorInfo, OperatorParameter, Rewritten, Written } from './word.ts';

const activation = (name: string, kind: OpKind, documentation: string, operand?: string): OperatorInfo =>
  wordOf(kind, { name, documentation, follows: true }, operand === undefined ? {} : { operand });

const join = (name: 'add' | 'sub' | 'mul', documentation: string, most = 2): OperatorInfo =>
  wordOf(name, { name, documentation, tensors: { least: 1, most }, snippet: `${name}(\${1:a}, \${2:b})` });

const noun = (name: string, documentation: string, own: Partial<OperatorInfo> = {}): OperatorInfo =>
  word({ name, documentation, ...own });

const shown = parameterOf;
const units: OperatorParameter = shown(
  count({ name: 'units', documentation: 'Number of features put out.' }),
);
const hidden = shown(count({ name: 'hidden', documentation: 'Size of the state.' }));
const heads = shown(count({ name: 'heads', documentation: 'Number of heads.', default: 1 }));
const arriving = { ...units, default: 'the channels that arrive' };
const recurrent = {
  operand: units,
  output: { ...units, default: 'the operand' },
  parameters: [hidden],
  later: true,
};
const front = shown(
  number({
    name: 'size',
    documentation: 'Size of the features.',
    default: 0,
    shownDefault: 'the default of the front-end',
  }),
);
const anyType = dtype({ documentation: 'Number format of the tensor.' });
const inputShape = dims({
  name: 'shape',
  documentation: 'Height x width x channels, or a number of features.',
});
const several = { least: 1, most: 64 };
const pooled = { operand: 'kernel', named: ['stride', 'padding'] };

const listed: readonly OperatorInfo[] = [
  wordOf(
    'conv_2d',
    {
      name: 'conv',
      documentation: 'Convolution in two dimensions (TFLite CONV_2D).',
      snippet: 'conv ${1:3x3} -> ${2:16}',
    },
    { operand: 'kernel', output: 'filters', named: ['stride', 'padding', 'dilation', 'groups', 'bias'] },
  ),
  wordOf(
    'depthwise_conv_2d',
    {
      name: 'dwconv',
      documentation: 'Depthwise convolution: one filter per channel (TFLite DEPTHWISE_CONV_2D).',
      snippet: 'dwconv ${1:3x3}',
    },
    { operand: 'kernel', named: ['stride', 'padding', 'dilation', 'depthMultiplier', 'bias'] },
  ),
  wordOf(
    'transpose_conv',
    {
      name: 'tconv',
      documentation:
        'Transposed convolution: a stride makes the image larger (Keras Conv2DTranspose, TFLite TRANSPOSE_CONV).',
      snippet: 'tconv ${1:3x3} -> ${2:16} stride ${3:2}',
    },
    { operand: 'kernel', output: 'filters', named: ['stride', 'padding', 'bias'] },
  ),
  wordOf(
    'fully_connected',
    {
      name: 'dense',
      documentation: 'Fully connected layer; flattens what arrives (TFLite FULLY_CONNECTED).',
      snippet: 'dense -> ${1:classes}',
    },
    { output: 'units', named: ['bias'] },
  ),
  wordOf(
    'conv_2d',
    {
      name: 'reduce',
      documentation: 'Halves height and width and sets the channels: a 3x3 convolution with stride 2.',
      snippet: 'reduce -> ${1:32}',
    },
    { output: 'filters', named: ['bias'], fixed: { kernel: [3, 3], stride: [2, 2] } },
  ),
  noun(
    'input',
    'What the network is given: `input 96x96x3`. First statement of a space; replaces the input of the dataset.',
    {
      operand: shown(inputShape),
      parameters: [shown(anyType)],
      snippet: 'input ${1:28x28x1}',
    },
  ),
  wordOf(
    'max_pool_2d',
    {
      name: 'maxpool',
      documentation: 'Greatest value in a window. The stride is 1 unless written.',
      snippet: 'maxpool ${1:2x2} stride ${2:2}',
    },
    pooled,
  ),
  wordOf(
    'average_pool_2d',
    {
      name: 'avgpool',
      documentation: 'Mean over a window. The stride is 1 unless written.',
      snippet: 'avgpool ${1:2x2} stride ${2:2}',
    },
    pooled,
  ),
  wordOf('mean', {
    name: 'gap',
    documentation:
      'Global average pool: the mean over height and width, one feature per channel (TFLite MEAN).',
  }),
  wordOf('reduce_max', {
    name: 'gmp',
    documentation: 'Global maximum pool: the greatest value over height and width (TFLite REDUCE_MAX).',
  }),
  noun('flatten', 'Turns a feature map into a vector (TFLite RESHAPE).', { makes: flattening }),
  wordOf(
    'reshape',
    {
      name: 'reshape',
      documentation: 'Gives the same numbers another shape: `reshape -> 7x7x16`.',
      snippet: 'reshape -> ${1:1x1x64}',
    },
    { output: 'shape' },
  ),
  noun('pad', 'Zeros around the image: `pad 1x1` on all sides, or `pad before 0x0 after 1x1`.', {
    operand: shown(padSize),
    parameters: [pad.attributes.before, pad.attributes.after, pad.attributes.channels].map(shown),
    snippet: 'pad ${1:1x1}',
    kinds: ['pad'],
    makes: padding,
  }),
  noun('resize', 'Scales the image to a size: `resize 40x40 mode bilinear`.', {
    operand: shown(size),
    parameters: [shown(mode)],
    snippet: 'resize ${1:40x40}',
    kinds: [resizes.nearest, resizes.bilinear],
    makes: resizing,
  }),
  noun('upsample', 'Scales the image by whole factors: `upsample 2`.', {
    operand: shown(factor),
    parameters: [shown(mode)],
    snippet: 'upsample ${1:2}',
    makes: upsampling,
  }),
  wordOf(
    'transpose',
    {
      name: 'transpose',
      documentation: 'Puts the axes in another order: `transpose 2x0x1` (TFLite TRANSPOSE).',
      snippet: 'transpose ${1:2x0x1}',
    },
    { operand: 'axes' },
  ),
  wordOf(
    'slice',
    {
      name: 'slice',
      documentation: 'Takes a part of the tensor: `slice begin 2x0x0 -> 4x8x16` (TFLite SLICE).',
      snippet: 'slice begin ${1:0x0x0} -> ${2:4x8x16}',
    },
    { output: 'size', named: ['begin'] },
  ),
  join(
    'add',
    'Adds tensors of one shape, or one value per channel: `add(a, b, c)`, or `add(a)` to join `a` to the current tensor.',
    64,
  ),
  join('sub', 'Subtracts the second tensor from the first: `sub(a, b)`, or `sub(a)` from what arrives.'),
  join(
    'mul',
    'Multiplies elementwise; one of the tensors may have one value per channel (squeeze and excite).',
  ),
  wordOf(
    'concatenation',
    {
      name: 'concat',
      documentation:
        'Joins tensors along their channels: `concat(a, b)`, or `concat(a)` to append `a` to what arrives.',
      tensors: several,
      snippet: 'concat(${1:a}, ${2:b})',
    },
    { named: ['axis'] },
  ),
  wordOf(
    'split',
    {
      name: 'split',
      documentation:
        'Parts the tensor equally along its channels and names the parts: `split(a, b)` (TFLite SPLIT).',
      tensors: { least: 2, most: 64 },
      makesTensors: true,
      snippet: 'split(${1:a}, ${2:b})',
    },
    { named: ['axis'], counted: 'parts' },
  ),
  noun(
    'output',
    'Names the tensors that the network puts out: `output(boxes, scores)`. Without it, the last tensor.',
    {
      tensors: several,
      snippet: 'output(${1:a}, ${2:b})',
    },
  ),
  noun(
    'other',
    'A TFLite operator by its name: `other("PACK", a, b) -> 4`. One that only moves data is priced by the bytes, others have no latency.',
    {
      tensors: { least: 0, most: 64 },
      output: shown(other.attributes.shape),
      parameters: [other.attributes.weightBytes, other.attributes.macs, anyType].map(shown),
      snippet: 'other("${1:TRANSPOSE}") -> ${2:10}',
      kinds: ['other'],
      makes: naming,
    },
  ),
  activation('relu', 'relu', 'max(x, 0). Free after a convolution, dense layer, pool or addition.'),
  activation('relu6', 'relu6', 'min(max(x, 0), 6). Free after a convolution, dense layer, pool or addition.'),
  activation('hswish', 'hard_swish', 'x * relu6(x + 3) / 6 (MobileNetV3). An operator of its own.'),
  activation('sigmoid', 'logistic', '1 / (1 + exp(-x)) (TFLite LOGISTIC).'),
  activation('tanh', 'tanh', 'Hyperbolic tangent.'),
  activation('elu', 'elu', 'x where positive, else exp(x) - 1 (TFLite ELU).'),
  wordOf(
    'gelu',
    {
      name: 'gelu',
      documentation: 'x times the share of a normal distribution that lies below x (TFLite GELU).',
      follows: true,
    },
    { named: ['approximate'] },
  ),
  activation('leaky', 'leaky_relu', 'x where positive, else slope * x (TFLite LEAKY_RELU).', 'slope'),
  word({
    name: 'silu',
    documentation: 'x * sigmoid(x), also called swish: LOGISTIC and MUL, as TFLite has no operator for it.',
    follows: true,
    examples: ['silu', 'conv 3x3 -> 4, silu'],
    makes: gating,
  }),
  activation('prelu', 'prelu', 'x where positive, else x times a trained slope per channel (TFLite PRELU).'),
  activation('softmax', 'softmax', 'Turns scores into shares that add up to one.'),
  noun(
    'bn',
    'Batch normalisation. Write it after a comma; at export it is folded into the layer before it and costs nothing.',
    { passes: true },
  ),
  wordOf(
    'dropout',
    {
      name: 'dropout',
      documentation: 'Sets a share of the values to zero while training; absent from the exported model.',
      follows: true,
      snippet: 'dropout ${1:0.2}',
    },
    { operand: 'rate' },
  ),
  noun('identity', 'Does nothing; useful as an option: `{conv 3x3 -> 16 | identity}`.', { passes: true }),
  noun('none', 'The same as `identity`.', { passes: true }),
  noun(
    'skip',
    'As an option of a choice: does nothing. As a statement (`skip add`) it joins the input of the body.',
    {
      passes: true,
    },
  ),
  wordOf(
    'quantize',
    { name: 'requantize', documentation: 'Changes the number format: `requantize int8` (TFLite QUANTIZE).' },
    { operand: 'dtype' },
  ),
  wordOf('quantize', {
    name: 'quantize',
    documentation: 'Changes the number format to int8 (TFLite QUANTIZE).',
  }),
  wordOf('dequantize', { name: 'dequantize', documentation: 'Changes the number format to float32.' }),
  noun('lstm', 'Long short-term memory over time. Not searched or priced yet.', {
    ...recurrent,
    snippet: 'lstm ${1:32}',
  }),
  noun('gru', 'Gated recurrent unit over time. Not searched or priced yet.', {
    ...recurrent,
    snippet: 'gru ${1:32}',
  }),
  noun('attention', 'Multi-head self-attention. Not searched or priced yet.', {
    operand: arriving,
    output: arriving,
    parameters: [heads],
    later: true,
    snippet: 'attention heads ${1:2}',
  }),
  ...['mfcc', 'spectrogram', 'normalise', 'window'].map((name) =>
    noun(name, `Feature front-end \`${name}\`. Not searched or priced yet as a layer.`, {
      operand: front,
      later: true,
    }),
  ),
];

const activations = listed
  .filter(({ name, follows }) => follows && name !== 'dropout')
  .map(({ name }) => name);
/** What nothing can follow: it makes no tensor, or one that is not of numbers to work on. */
const ends = new Set(['input', 'output', 'other', 'dropout', 'requantize', 'quantize', 'dequantize']);

function followersOf({ name, weighted, follows, passes, makesTensors }: OperatorInfo): readonly string[] {
  // Of several tensors nobody says which it is that something follows.
  if (passes || makesTensors || ends.has(name)) return [];
  if (follows) return ['dropout'];
  return weighted ? ['bn', ...activations, 'dropout'] : [...activations, 'dropout'];
}

/** By name. */
export const operators: ReadonlyMap<string, OperatorInfo> = new Map(
  listed.map((info) => [info.name, { ...info, followers: followersOf(info) }]),
);

/** The layer that stands for an operator; the kind itself where none does. */
export const layerOf = (kind: string): string =>
  listed.find(({ kinds }) => kinds.some((each) => each === kind))?.name ?? kind;

/** What `input` says. Throws a {@link Misfit}. */
export const inputWord = (written: Written): TensorSpec => ({
  shape: readWritten(inputShape, written, 'operand'),
  dtype: readWritten(anyType, written, 'type'),
});

/** The layer that says an operator, and its values. Throws an `Error` for an operator that no word says. */
export function rewritten(op: Parameters<Making['rewrite']>[0]): {
  readonly info: OperatorInfo;
  readonly values: Rewritten;
} {
  for (const info of operators.values()) {
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
  ...[...operators.values()].flatMap(({ operand, parameters }) =>
    [...parameters, ...(operand === undefined ? [] : [operand])].flatMap(({ words }) => words ?? []),
  ),
  'true',
  'false',
]);
