/**
 * The counted operators of TensorFlow Lite Micro, read as the reader of `.tflite` files reads them: see
 * `device-profiles/measurements/counts`.
 */

import type { ClassCounts } from '../../../../device-profiles/types.ts';
import { activationTensor, decodeOp, isActivation, tensorType } from '../../../model/index.ts';
import type { FileTensor } from '../../../model/index.ts';
import type { FileOptions } from '../../../operators/tflite.ts';
import type { OpTemplate } from '../../../space/network.ts';
import { measureQuantities, type Quantities } from '../../quantities.ts';
import { kernelNames } from '../../rule-names.ts';
import { readCounts, type Row } from './counted-layers.ts';
import type { Sample } from './fit-form.ts';
import { operatorRules } from './tflm-rules.ts';

/** Names that some rule speaks of. */
const ruled: ReadonlySet<string> = new Set(operatorRules.flatMap(({ operators }) => operators));

/** Names of the options in the order of their fields, of the operators that are read by them. */
const windowOptions = ['padding', 'strideW', 'strideH'];
const optionNames: Readonly<Record<string, readonly string[] | undefined>> = {
  CONV_2D: [...windowOptions, 'fusedActivationFunction', 'dilationWFactor', 'dilationHFactor'],
  DEPTHWISE_CONV_2D: [
    ...windowOptions,
    'depthMultiplier',
    'fusedActivationFunction',
    'dilationWFactor',
    'dilationHFactor',
  ],
  TRANSPOSE_CONV: windowOptions,
  AVERAGE_POOL_2D: [...windowOptions, 'filterWidth', 'filterHeight', 'fusedActivationFunction'],
  MAX_POOL_2D: [...windowOptions, 'filterWidth', 'filterHeight', 'fusedActivationFunction'],
  FULLY_CONNECTED: ['fusedActivationFunction', 'weightsFormat'],
  ADD: ['fusedActivationFunction'],
  SUB: ['fusedActivationFunction'],
  MUL: ['fusedActivationFunction'],
  CONCATENATION: ['axis', 'fusedActivationFunction'],
  MEAN: ['keepDims'],
  REDUCE_MAX: ['keepDims'],
  SUM: ['keepDims'],
  SPLIT: ['numSplits'],
  PACK: ['valuesCount', 'axis'],
  UNPACK: ['num', 'axis'],
  LEAKY_RELU: ['alpha'],
  BATCH_MATMUL: ['adjX', 'adjY'],
};

function optionsOf(row: Row): FileOptions {
  const given = new Map(
    (row['attributes'] ?? '').split(';').map((each) => {
      const [name = '', value = ''] = each.split('=');
      return [name, value === 'valid' ? 1 : Number(value)] as const;
    }),
  );
  const read = (field: number): number | undefined => given.get(optionNames[row['op'] ?? '']?.[field] ?? '');
  return {
    int8: (field) => read(field) ?? 0,
    int32: (field, schemaDefault = 0) => read(field) ?? schemaDefault,
    float32: (field) => read(field) ?? 0,
    bool: (field) => read(field) === 1,
  };
}

const formats: Readonly<Record<string, keyof typeof tensorType>> = {
  u8: 'uint8',
  i16: 'int16',
  i32: 'int32',
  f32: 'float32',
  b: 'bool',
};
const bytesOf: Readonly<Record<string, number>> = { i16: 2, i32: 4, f32: 4 };

/** `1x8x8x16:const`, with the number format after the shape where it is not int8; `-` for one that is absent. */
function tensorOf(
  text: string,
  index: number,
  integers: readonly number[] | undefined,
): FileTensor | undefined {
  if (text === '-') return undefined;
  const [sides = '', ...marks] = text.split(':');
  const shape = sides === 'scalar' ? [] : sides.split('x').map(Number);
  const format = marks.find((mark) => mark !== 'const' && mark !== 'var') ?? '';
  const elements = shape.reduce((product, side) => product * side, 1);
  const data = new Uint8Array(marks.includes('const') ? elements * (bytesOf[format] ?? 1) : 0);
  const view = new DataView(data.buffer);
  integers?.forEach((value, at) => {
    view.setInt32(4 * at, value, true);
  });
  return {
    index,
    shape,
    type: tensorType[formats[format] ?? 'int8'],
    data,
    isElsewhere: false,
    isVariable: marks.includes('var'),
  };
}

function tensorsOf(
  list: string,
  from: number,
  constants: readonly string[],
): readonly (FileTensor | undefined)[] {
  const left = [...constants];
  return list.split(' ').map((text, at) => {
    // The integers of weights and biases are not listed, so that whoever has some, has them for all.
    const integers = text.endsWith(':i32:const') ? left.shift()?.split('/').map(Number) : undefined;
    return tensorOf(text, from + at, integers);
  });
}

/** An operator of a model, and what one build executed for it. */
export interface CountedOperator extends Sample {
  readonly build: string;
  /** Kind, or name in the schema where it has none. */
  readonly name: string;
  readonly op: OpTemplate;
  /** Shapes, options and constants as counted. */
  readonly text: string;
}

interface ReadOperator {
  readonly name: string;
  readonly op: OpTemplate;
  readonly quantities: Quantities;
}

function readOperator(row: Row): ReadOperator {
  const builtin = row['op'] ?? '';
  const constants = (row['const_ints'] ?? '').split('|').filter((each) => each !== '');
  const inputs = tensorsOf(row['inputs'] ?? '', 0, constants);
  const outputs = tensorsOf(row['outputs'] ?? '', inputs.length, []).filter((each) => each !== undefined);
  const activations = inputs.filter((tensor) => tensor !== undefined && isActivation(tensor)) as FileTensor[];
  const op = decodeOp({
    index: 0,
    name: builtin,
    builtin,
    isCustom: false,
    source: { file: '', line: 0, start: 0, end: 0 },
    options: optionsOf(row),
    inputs,
    outputs,
    activations: activations.map(({ index }) => index),
  });
  const [output] = outputs;
  if (output === undefined) throw new Error(`${builtin} puts nothing out.`);
  const out = activationTensor(output);
  const read = activations.map(activationTensor);
  const quantities = measureQuantities(
    op,
    read.map(({ shape }) => shape),
    out.shape,
    { input: read[0]?.dtype ?? out.dtype, output: out.dtype },
  );
  const own = op.kind === 'other' ? op.tfliteName : op.kind;
  return { name: kernelNames(op).find((name) => ruled.has(name)) ?? own, op, quantities };
}

/**
 * The same operator on the same shapes stands for itself once in each build, by its middle count: a few depend on values
 * as well.
 */
export function readOperators(): readonly CountedOperator[] {
  const known = new Map<string, ReadOperator>();
  const alike = new Map<string, CountedOperator[]>();
  for (const row of readCounts('tflm_ops.csv.gz')) {
    const text = ['op', 'inputs', 'outputs', 'attributes', 'const_ints'].map((name) => row[name]).join(' | ');
    const read = known.get(text) ?? readOperator(row);
    known.set(text, read);
    const count = (name: string): number => Number(row[name]);
    const counts: ClassCounts = [count('instructions'), count('load_regs'), count('branches_taken')];
    const build = row['build'] ?? '';
    const those = alike.get(`${build} ${text}`) ?? [];
    alike.set(`${build} ${text}`, those);
    those.push({ ...read, build, counts, text });
  }
  return [...alike.values()].flatMap((those) => {
    those.sort((a, b) => a.counts[0] - b.counts[0]);
    return those.slice((those.length - 1) >> 1, ((those.length - 1) >> 1) + 1);
  });
}
