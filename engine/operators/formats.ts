/** Changes of number format, and operators that only a published `.tflite` holds. */

import { dims, dtype, flag, number, text } from './attribute.ts';
import { inputOf, operator, single } from './operator.ts';

export const quantize = operator({
  kind: 'quantize',
  attributes: { dtype: dtype({ documentation: 'The new number format.' }) },
  outputs: ({ dtype: format }, inputs) => single(inputOf(inputs).shape, { dtype: format }),
  converts: true,
  tflite: {
    name: 'QUANTIZE',
    version: () => 1,
    options: 89,
    decode: ({ outputs: [output], isUnary }) => (isUnary && output ? { dtype: output.dtype } : undefined),
  },
  examples: ['quantize', 'requantize int16'],
});

export const dequantize = operator({
  kind: 'dequantize',
  attributes: {},
  outputs: (_, inputs) => single(inputOf(inputs).shape, { dtype: 'float32' }),
  converts: true,
  untrainable: () => ({
    what: '`dequantize`',
    cure: 'Remove it: the exported network is int8 from end to end.',
  }),
  tflite: {
    name: 'DEQUANTIZE',
    version: () => 2,
    options: 38,
    decode: ({ isUnary }) => (isUnary ? {} : undefined),
  },
  examples: ['dequantize'],
});

const amount = (name: string, documentation: string) =>
  number({ name, documentation, default: 0, others: [8, 96] });

/**
 * Operators that a published `.tflite` may hold and a `.nas` file cannot say; they are priced by the bytes they move, or
 * not at all. `tfliteName` is the name in the TFLite schema's BuiltinOperator.
 */
export const other = operator({
  kind: 'other',
  attributes: {
    tfliteName: text({
      name: 'name',
      documentation: "Name in the schema's BuiltinOperator, or of a custom one.",
    }),
    shape: dims({
      name: 'shape',
      documentation: 'Shape put out.',
      shownDefault: 'the shape that arrives',
    }),
    dtype: dtype({ documentation: 'Number format of the tensor.' }),
    weightBytes: amount('weights', 'Bytes of constants it holds.'),
    macs: amount('macs', 'Multiply-accumulates it does.'),
    /** It multiplies, or may, and nobody can say how often: a sum with it is partial. */
    uncounted: flag({
      name: 'uncounted',
      documentation: 'Nobody can say how often it multiplies.',
      default: false,
    }),
    crossed: amount('crossed', 'Elements that a product of matrices reads across their rows.'),
    units: amount('units', 'Filters of an SVDF, units of a recurrent layer.'),
  },
  outputs: ({ shape, dtype: format }) => single(shape, { dtype: format }),
  counts: ({ macs, weightBytes, crossed, units }) => ({
    macs,
    constants: weightBytes > 0 ? 1 : 0,
    constantBytes: weightBytes,
    crossed,
    units,
  }),
  channels: { by: 'unknown' },
  converts: true,
  untrainable: ({ tfliteName }) => ({
    what: `The operator ${tfliteName}`,
    cure: 'Replace it by layers that have a word of their own.',
  }),
  inert: ['tfliteName', 'uncounted'],
  examples: ['other("TRANSPOSE") -> 4x8x8', 'other("PACK", a, b) -> 2x8x8x4 weights 16 macs 32 type int8'],
});
