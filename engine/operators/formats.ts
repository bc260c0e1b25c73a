/** Changes of number format, and operators that only a published `.tflite` holds. */

import { dims, dtype, flag, number, text } from './attribute.ts';
import { inputOf, operator, single } from './operator.ts';
import { readWritten } from './word.ts';

const quantize = operator({
  kind: 'quantize',
  attributes: { dtype: dtype({ documentation: 'The new number format.' }) },
  words: [
    {
      name: 'requantize',
      documentation: 'Changes the number format: `requantize int8` (TFLite QUANTIZE).',
      operand: 'dtype',
      ends: true,
    },
    { name: 'quantize', documentation: 'Changes the number format to int8 (TFLite QUANTIZE).', ends: true },
  ],
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

const dequantize = operator({
  kind: 'dequantize',
  attributes: {},
  words: [{ name: 'dequantize', documentation: 'Changes the number format to float32.', ends: true }],
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

const otherAttributes = {
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
  pieces: amount('pieces', 'Runs of values that joining or splitting copies.'),
};

/**
 * Operators that a published `.tflite` may hold and a `.nas` file cannot say; they are priced by the bytes they move, or
 * not at all. `tfliteName` is the name in the TFLite schema's BuiltinOperator.
 */
const other = operator({
  kind: 'other',
  attributes: otherAttributes,
  words: [
    {
      name: 'other',
      documentation:
        'A TFLite operator by its name: `other("PACK", a, b) -> 4`. One that only moves data is priced by the bytes, others have no latency.',
      tensors: { least: 0, most: 64 },
      output: 'shape',
      named: ['weightBytes', 'macs', 'dtype'],
      snippet: 'other("${1:TRANSPOSE}") -> ${2:10}',
      ends: true,
      says: {
        read(written, inputs) {
          const first = inputOf(inputs);
          const { shape, dtype: format, weightBytes, macs } = otherAttributes;
          const name = written.get('name');
          return {
            tfliteName: typeof name === 'string' ? name : 'CUSTOM',
            shape: written.has('output') ? readWritten(shape, written, 'output') : first.shape,
            dtype: written.has('type') ? readWritten(format, written, 'type') : first.dtype,
            weightBytes: readWritten(weightBytes, written, 'weights'),
            macs: readWritten(macs, written, 'macs'),
            uncounted: false,
            crossed: 0,
            units: 0,
            pieces: 0,
          };
        },
        write({ tfliteName, shape, weightBytes, macs, dtype: format }) {
          const amounts = [['weights', weightBytes] as const, ['macs', macs] as const];
          return {
            title: tfliteName,
            operand: undefined,
            output: otherAttributes.shape.write(shape),
            named: [
              ...amounts.flatMap(([name, value]) => (value === 0 ? [] : [[name, String(value)] as const])),
              ['type', format],
            ],
          };
        },
      },
    },
  ],
  outputs: ({ shape, dtype: format }) => single(shape, { dtype: format }),
  counts: ({ macs, weightBytes, crossed, units, pieces }) => ({
    macs,
    constants: weightBytes > 0 ? 1 : 0,
    constantBytes: weightBytes,
    crossed,
    units,
    pieces,
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

export const formats = [quantize, dequantize, other] as const;
