/** The part of the C source that says how to feed a model and how to read its answer. */

import type { DataFacts } from '../space/data-facts.ts';

/** Of the model's input: `real = scale * (q - zeroPoint)`. */
export interface InputQuantization {
  readonly scale: number;
  readonly zeroPoint: number;
  /** Values of one sample. */
  readonly count: number;
}

export interface CParts {
  readonly header: string;
  readonly source: string;
}

/** Declarations and definitions under the prefix `identifier`. */
export function cData(identifier: string, data: DataFacts, input: InputQuantization): CParts {
  const macro = identifier.toUpperCase();
  const { classNames, columns } = data;
  const isTable = columns?.length === input.count;
  const names = `const char *const ${identifier}_class_names[${macro}_CLASS_COUNT]`;
  const prepare = preparation(identifier, data, input, isTable);
  const header = [
    '/* What the outputs stand for, in their order. */',
    `#define ${macro}_CLASS_COUNT ${classNames.length}`,
    `extern ${names};`,
    '',
    ...(isTable ? tableHeader(identifier) : []),
    `#define ${macro}_INPUT_COUNT ${input.count}`,
    `#define ${macro}_INPUT_SCALE ${float(input.scale)}`,
    `#define ${macro}_INPUT_ZERO_POINT (${input.zeroPoint})`,
    ...(isTable ? arrays(identifier).map((array) => `extern ${array};`) : []),
    `/* ${prepare.meaning} */`,
    `${prepare.signature};`,
  ];
  const source = [
    `${names} = {`,
    ...classNames.map((name) => `  ${text(name)},`),
    '};',
    ...(isTable ? tableSource(identifier, columns) : []),
    '',
    prepare.definition,
  ];
  return { header: header.join('\n'), source: source.join('\n') };
}

function arrays(identifier: string): readonly string[] {
  const count = `[${identifier.toUpperCase()}_INPUT_COUNT]`;
  return [
    `const char *const ${identifier}_input_names${count}`,
    `const float ${identifier}_input_mean${count}`,
    `const float ${identifier}_input_deviation${count}`,
  ];
}

function tableHeader(identifier: string): readonly string[] {
  return [
    '/* The columns of the table in the order of the input, with the mean and the standard deviation of the',
    ` * training samples: the network sees (value - ${identifier}_input_mean[i]) / ${identifier}_input_deviation[i]. */`,
  ];
}

function tableSource(identifier: string, columns: NonNullable<DataFacts['columns']>): readonly string[] {
  const [names = '', means = '', deviations = ''] = arrays(identifier);
  const list = (array: string, values: readonly string[]): string =>
    `\n${array} = {\n${values.map((value) => `  ${value},`).join('\n')}\n};`;
  return [
    list(
      names,
      columns.map(({ name }) => text(name)),
    ),
    list(
      means,
      columns.map(({ mean }) => float(mean)),
    ),
    list(
      deviations,
      columns.map(({ deviation }) => float(deviation)),
    ),
  ];
}

interface Preparation {
  /** The text of a comment. */
  readonly meaning: string;
  readonly signature: string;
  readonly definition: string;
}

/** A function from a sample as the data has it to the model's input. */
function preparation(
  identifier: string,
  { values, normalization: { scale, offset } }: DataFacts,
  input: InputQuantization,
  isTable: boolean,
): Preparation {
  const macro = identifier.toUpperCase();
  const isPlain =
    values === 'bytes' && input.zeroPoint === offset - 128 && Math.abs(input.scale / scale - 1) < 1e-6;
  const type = values === 'bytes' ? 'unsigned char' : 'float';
  const signature = `void ${identifier}_prepare_input(const ${type} values[${macro}_INPUT_COUNT], signed char input[${macro}_INPUT_COUNT])`;
  const loop = (...lines: readonly string[]): string =>
    [
      `${signature} {`,
      '  int i;',
      `  for (i = 0; i < ${macro}_INPUT_COUNT; i++) {`,
      ...lines,
      '  }',
      '}',
    ].join('\n');
  if (isPlain) {
    return {
      meaning: 'From bytes, such as pixels, to the input of the model: each less 128.',
      signature,
      definition: loop('    input[i] = (signed char)((int)values[i] - 128);'),
    };
  }
  const real = isTable
    ? `(values[i] - ${identifier}_input_mean[i]) / ${identifier}_input_deviation[i]`
    : `((float)values[i] - (${float(offset)})) * ${float(scale)}`;
  return {
    meaning: `From ${isTable ? 'the values of the columns' : 'values as the data has them'} to the input of the model.`,
    signature,
    definition: loop(
      `    float q = (${real}) / ${macro}_INPUT_SCALE + (float)${macro}_INPUT_ZERO_POINT;`,
      '    if (!(q > -128.0f)) q = -128.0f;',
      '    if (q > 127.0f) q = 127.0f;',
      '    /* To the nearest; above zero a conversion cuts off what is behind the point. */',
      '    input[i] = (signed char)((int)(q + 128.5f) - 128);',
    ),
  };
}

/** A column of which mean or deviation is no finite number of type float, or the deviation as good as none. */
export function columnBeyondFloat({ columns }: DataFacts): string | undefined {
  const isFloat = (value: number): boolean => Number.isFinite(Math.fround(value));
  return columns?.find(
    ({ mean, deviation }) =>
      !isFloat(mean) || !isFloat(deviation) || (deviation > 0 && Math.fround(deviation) === 0),
  )?.name;
}

/** A C constant of type float with all digits that one has. */
function float(value: number): string {
  const digits = Math.fround(value).toPrecision(9);
  return `${/[.e]/.test(digits) ? digits : `${digits}.0`}f`;
}

/** A C string of any text, in UTF-8: what could end it or mean something else stands as its code. */
function text(value: string): string {
  const bytes = [...new TextEncoder().encode(value)];
  const isPlain = (byte: number): boolean =>
    byte >= 0x20 && byte < 0x7f && !'"\\?'.includes(String.fromCharCode(byte));
  return `"${bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('')}"`;
}
