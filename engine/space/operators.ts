/** The operator catalogue: what each layer takes, with the words that hovers and completion show. */

/** `count`: a positive integer. `pair`: `3` (square) or `3x1`. `dims`: the shape of a tensor. */
export type ValueKind = 'count' | 'number' | 'pair' | 'dims' | 'word' | 'tensor' | 'switch';

export interface OperatorParameter {
  readonly name: string;
  readonly kind: ValueKind;
  readonly documentation: string;
  /** As a person would write it; `undefined` when it has to be given. */
  readonly default: string | undefined;
  /** For `word`. */
  readonly words?: readonly string[];
}

export interface OperatorInfo {
  readonly name: string;
  readonly documentation: string;
  /** The unnamed value after the name, such as the kernel of `conv 3x3`. */
  readonly operand: (Omit<OperatorParameter, 'name'> & { readonly name: string }) | undefined;
  /** What stands after `->`. */
  readonly output: OperatorParameter | undefined;
  readonly parameters: readonly OperatorParameter[];
  /** Names of tensors in parentheses: how many. */
  readonly tensors: { readonly least: number; readonly most: number } | undefined;
  /** What may follow after a comma. */
  readonly followers: readonly string[];
  /** The operator has weights, so `bn` can be folded into it. */
  readonly weighted: boolean;
  /** relu and relu6 after it cost nothing: the runtime applies them while it writes the output. */
  readonly fuses: boolean;
  /** It parses and is checked, but cannot be searched or priced yet. */
  readonly later: boolean;
  /** A snippet in the syntax of LSP, for completion. */
  readonly snippet: string;
}

const activations = ['relu', 'relu6', 'hswish', 'sigmoid', 'tanh', 'leaky', 'softmax'] as const;
const afterWeights = ['bn', ...activations, 'dropout'];
const afterOthers = [...activations, 'dropout'];

const stride: OperatorParameter = {
  name: 'stride',
  kind: 'pair',
  default: '1',
  documentation: 'Step of the window; `2` is `2x2`.',
};
const padding: OperatorParameter = {
  name: 'padding',
  kind: 'word',
  words: ['same', 'valid'],
  default: 'same',
  documentation:
    '`same` pads with zeros so that only the stride shrinks the image; `valid` keeps the window inside.',
};
const dilation: OperatorParameter = {
  name: 'dilation',
  kind: 'pair',
  default: '1',
  documentation: 'Distance between the taps of the kernel.',
};
const bias: OperatorParameter = {
  name: 'bias',
  kind: 'switch',
  words: ['on', 'off'],
  default: 'on',
  documentation: 'Add a trained constant per channel.',
};
const type: OperatorParameter = {
  name: 'type',
  kind: 'word',
  words: ['int8', 'uint8', 'int16', 'int32', 'float32'],
  default: 'int8',
  documentation: 'Number format of the tensor.',
};
const kernel = (documentation: string): OperatorParameter => ({
  name: 'kernel',
  kind: 'pair',
  default: undefined,
  documentation,
});

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

function define(
  name: string,
  documentation: string,
  rest: Partial<Omit<OperatorInfo, 'name' | 'documentation'>>,
): OperatorInfo {
  return {
    name,
    documentation,
    operand: undefined,
    output: undefined,
    parameters: [],
    tensors: undefined,
    followers: afterOthers,
    weighted: false,
    fuses: false,
    later: false,
    snippet: name,
    ...rest,
  };
}

const activation = (name: string, documentation: string, operand?: OperatorParameter): OperatorInfo =>
  define(name, documentation, { operand, followers: ['dropout'] });

const units: OperatorParameter = {
  name: 'units',
  kind: 'count',
  default: undefined,
  documentation: 'Number of features put out.',
};

const list: readonly OperatorInfo[] = [
  define(
    'input',
    'What the network is given: `input 96x96x3`. First statement of a space; replaces the input of the dataset.',
    {
      operand: {
        name: 'shape',
        kind: 'dims',
        default: undefined,
        documentation: 'Height x width x channels, or a number of features.',
      },
      parameters: [type],
      followers: [],
      snippet: 'input ${1:28x28x1}',
    },
  ),
  define('conv', 'Convolution in two dimensions (TFLite CONV_2D).', {
    operand: kernel('Rows x columns of the window; `3` is `3x3`.'),
    output: { name: 'channels', kind: 'count', default: undefined, documentation: 'Number of filters.' },
    parameters: [
      stride,
      padding,
      dilation,
      {
        name: 'groups',
        kind: 'count',
        default: '1',
        documentation: 'Split the channels into groups that do not see each other.',
      },
      bias,
    ],
    followers: afterWeights,
    weighted: true,
    fuses: true,
    snippet: 'conv ${1:3x3} -> ${2:16}',
  }),
  define('dwconv', 'Depthwise convolution: one filter per channel (TFLite DEPTHWISE_CONV_2D).', {
    operand: kernel('Rows x columns of the window; `3` is `3x3`.'),
    parameters: [
      stride,
      padding,
      dilation,
      { name: 'multiplier', kind: 'count', default: '1', documentation: 'Filters per input channel.' },
      bias,
    ],
    followers: afterWeights,
    weighted: true,
    fuses: true,
    snippet: 'dwconv ${1:3x3}',
  }),
  define('dense', 'Fully connected layer; flattens what arrives (TFLite FULLY_CONNECTED).', {
    output: units,
    parameters: [bias],
    followers: afterWeights,
    weighted: true,
    fuses: true,
    snippet: 'dense -> ${1:classes}',
  }),
  define('reduce', 'Halves height and width and sets the channels: a 3x3 convolution with stride 2.', {
    output: { name: 'channels', kind: 'count', default: undefined, documentation: 'Number of filters.' },
    parameters: [bias],
    followers: afterWeights,
    weighted: true,
    fuses: true,
    snippet: 'reduce -> ${1:32}',
  }),
  define('maxpool', 'Greatest value in a window. The stride is 1 unless written.', {
    operand: kernel('Rows x columns of the window.'),
    parameters: [stride, padding],
    fuses: true,
    snippet: 'maxpool ${1:2x2} stride ${2:2}',
  }),
  define('avgpool', 'Mean over a window. The stride is 1 unless written.', {
    operand: kernel('Rows x columns of the window.'),
    parameters: [stride, padding],
    fuses: true,
    snippet: 'avgpool ${1:2x2} stride ${2:2}',
  }),
  define(
    'gap',
    'Global average pool: the mean over height and width, one feature per channel (TFLite MEAN).',
    {},
  ),
  define('gmp', 'Global maximum pool: the greatest value over height and width (TFLite REDUCE_MAX).', {}),
  define('flatten', 'Turns a feature map into a vector (TFLite RESHAPE).', {}),
  define('reshape', 'Gives the same numbers another shape: `reshape -> 7x7x16`.', {
    output: {
      name: 'shape',
      kind: 'dims',
      default: undefined,
      documentation: 'The new shape; as many elements as before.',
    },
    snippet: 'reshape -> ${1:1x1x64}',
  }),
  define('pad', 'Zeros around the image: `pad 1x1` on all sides, or `pad before 0x0 after 1x1`.', {
    operand: {
      name: 'size',
      kind: 'pair',
      default: '0',
      documentation: 'Rows above and below x columns left and right.',
    },
    parameters: [
      { name: 'before', kind: 'pair', default: '0', documentation: 'Rows above x columns left.' },
      { name: 'after', kind: 'pair', default: '0', documentation: 'Rows below x columns right.' },
      { name: 'channels', kind: 'number', default: '0', documentation: 'Channels of zeros after the last.' },
    ],
    snippet: 'pad ${1:1x1}',
  }),
  define('resize', 'Scales the image to a size: `resize 40x40 mode bilinear`.', {
    operand: { name: 'size', kind: 'pair', default: undefined, documentation: 'New height x width.' },
    parameters: [
      {
        name: 'mode',
        kind: 'word',
        words: ['nearest', 'bilinear'],
        default: 'nearest',
        documentation: 'How values between the pixels are found.',
      },
    ],
    snippet: 'resize ${1:40x40}',
  }),
  define('upsample', 'Scales the image by whole factors: `upsample 2`.', {
    operand: {
      name: 'factor',
      kind: 'pair',
      default: undefined,
      documentation: 'Factor of the height x factor of the width.',
    },
    parameters: [
      {
        name: 'mode',
        kind: 'word',
        words: ['nearest', 'bilinear'],
        default: 'nearest',
        documentation: 'How values between the pixels are found.',
      },
    ],
    snippet: 'upsample ${1:2}',
  }),
  define(
    'add',
    'Adds two tensors of one shape: `add(a, b)`, or `add(a)` to join `a` to the current tensor.',
    {
      tensors: { least: 1, most: 2 },
      fuses: true,
      snippet: 'add(${1:a}, ${2:b})',
    },
  ),
  define('sub', 'Subtracts the second tensor from the first.', {
    tensors: { least: 1, most: 2 },
    fuses: true,
    snippet: 'sub(${1:a}, ${2:b})',
  }),
  define(
    'mul',
    'Multiplies elementwise; the second tensor may have one value per channel (squeeze and excite).',
    {
      tensors: { least: 1, most: 2 },
      fuses: true,
      snippet: 'mul(${1:a}, ${2:b})',
    },
  ),
  define('concat', 'Joins tensors along their channels.', {
    parameters: [
      {
        name: 'axis',
        kind: 'number',
        default: 'the channels',
        documentation: 'Which extent grows, counted from 0; for lists of boxes and scores.',
      },
    ],
    tensors: { least: 1, most: 64 },
    snippet: 'concat(${1:a}, ${2:b})',
  }),
  activation('relu', 'max(x, 0). Free after a convolution, dense layer, pool or addition.'),
  activation('relu6', 'min(max(x, 0), 6). Free after a convolution, dense layer, pool or addition.'),
  activation('hswish', 'x * relu6(x + 3) / 6 (MobileNetV3). An operator of its own.'),
  activation('sigmoid', '1 / (1 + exp(-x)) (TFLite LOGISTIC).'),
  activation('tanh', 'Hyperbolic tangent.'),
  activation('leaky', 'x where positive, else slope * x (TFLite LEAKY_RELU).', {
    name: 'slope',
    kind: 'number',
    default: '0.01',
    documentation: 'Slope for negative values.',
  }),
  activation('softmax', 'Turns scores into shares that add up to one.'),
  define(
    'bn',
    'Batch normalisation. Write it after a comma; at export it is folded into the layer before it and costs nothing.',
    { followers: [] },
  ),
  define('dropout', 'Sets a share of the values to zero while training; absent from the exported model.', {
    operand: { name: 'rate', kind: 'number', default: '0.5', documentation: 'Share of the values, 0 to 1.' },
    followers: [],
    snippet: 'dropout ${1:0.2}',
  }),
  define('identity', 'Does nothing; useful as an option: `{conv 3x3 -> 16 | identity}`.', { followers: [] }),
  define('none', 'The same as `identity`.', { followers: [] }),
  define(
    'skip',
    'As an option of a choice: does nothing. As a statement (`skip add`) it joins the input of the body.',
    { followers: [] },
  ),
  define('requantize', 'Changes the number format: `requantize int8` (TFLite QUANTIZE).', {
    operand: { ...type, documentation: 'The new number format.' },
    followers: [],
  }),
  define('dequantize', 'Changes the number format to float32.', { followers: [] }),
  define(
    'output',
    'Names the tensors that the network puts out: `output(boxes, scores)`. Without it, the last tensor.',
    {
      tensors: { least: 1, most: 64 },
      followers: [],
      snippet: 'output(${1:a}, ${2:b})',
    },
  ),
  define(
    'other',
    'A TFLite operator by its name: `other("PACK", a, b) -> 4`. It is priced by the bytes it moves.',
    {
      tensors: { least: 0, most: 64 },
      output: {
        name: 'shape',
        kind: 'dims',
        default: 'the shape that arrives',
        documentation: 'Shape put out.',
      },
      parameters: [
        { name: 'weights', kind: 'number', default: '0', documentation: 'Bytes of constants it holds.' },
        { name: 'macs', kind: 'number', default: '0', documentation: 'Multiply-accumulates it does.' },
        type,
      ],
      followers: [],
      snippet: 'other("${1:TRANSPOSE}") -> ${2:10}',
    },
  ),
  define('lstm', 'Long short-term memory over time. Not searched or priced yet.', {
    operand: units,
    output: { ...units, default: 'the operand' },
    parameters: [{ name: 'hidden', kind: 'count', default: undefined, documentation: 'Size of the state.' }],
    later: true,
    snippet: 'lstm ${1:32}',
  }),
  define('gru', 'Gated recurrent unit over time. Not searched or priced yet.', {
    operand: units,
    output: { ...units, default: 'the operand' },
    parameters: [{ name: 'hidden', kind: 'count', default: undefined, documentation: 'Size of the state.' }],
    later: true,
    snippet: 'gru ${1:32}',
  }),
  define('attention', 'Multi-head self-attention. Not searched or priced yet.', {
    operand: { ...units, default: 'the channels that arrive' },
    output: { ...units, default: 'the channels that arrive' },
    parameters: [{ name: 'heads', kind: 'count', default: '1', documentation: 'Number of heads.' }],
    later: true,
    snippet: 'attention heads ${1:2}',
  }),
  ...['mfcc', 'spectrogram', 'normalise', 'window'].map((name) =>
    define(name, `Feature front-end \`${name}\`. Not searched or priced yet as a layer.`, {
      operand: {
        name: 'size',
        kind: 'number',
        default: 'the default of the front-end',
        documentation: 'Size of the features.',
      },
      later: true,
    }),
  ),
];

export const operators: ReadonlyMap<string, OperatorInfo> = new Map(list.map((info) => [info.name, info]));

/** Words with a meaning of their own in values, such as `valid`; not names of anything. */
export const valueWords: ReadonlySet<string> = new Set([
  ...list.flatMap((info) =>
    [...info.parameters, ...(info.operand ? [info.operand] : [])].flatMap((p) => p.words ?? []),
  ),
  'true',
  'false',
]);

/** Symbols that expressions may read without a definition. */
export const symbols: ReadonlyMap<string, string> = new Map([
  [
    'in',
    'Channels of the tensor that arrives here. In the condition of a `skip`, of what comes over the skip connection.',
  ],
  ['height', 'Height of the tensor that arrives here.'],
  ['width', 'Width of the tensor that arrives here.'],
  ['classes', 'Number of classes of the dataset.'],
]);
