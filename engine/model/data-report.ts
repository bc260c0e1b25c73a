/** What a report says of the data: without it nobody could feed the model or read its answer. */

import { counted } from '../space/index.ts';
import type { DataFacts } from '../space/data-facts.ts';

export interface DataReport {
  /** In the order of the outputs. */
  readonly classes: readonly string[];
  readonly sample_shape: readonly number[];
  readonly values: 'bytes' | 'numbers';
  /** `real = (value - offset) * scale`, after a column was standardised. */
  readonly scaling: { readonly scale: number; readonly offset: number };
  /** Of a table, in the order of the input: `real = (value - mean) / deviation`. */
  readonly columns?: readonly { readonly name: string; readonly mean: number; readonly deviation: number }[];
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
}

export function dataReport({
  classNames,
  shape,
  values,
  normalization,
  columns,
  samples,
}: DataFacts): DataReport {
  return {
    classes: classNames,
    sample_shape: shape,
    values,
    scaling: normalization,
    ...(columns === undefined ? {} : { columns }),
    samples,
  };
}

/** Two sections of Markdown. `row` makes one of cells, whatever they hold. */
export function dataMarkdown(data: DataReport, row: (...cells: string[]) => string): string {
  const { classes, columns, scaling, values, samples } = data;
  const formula =
    columns === undefined
      ? `The network sees (${shifted(scaling.offset)}) * ${scaling.scale.toPrecision(6)} of each value${values === 'bytes' ? ', a byte from 0 to 255' : ''}, and its int8 input is that by the formula of the input above.`
      : 'The network sees (value - mean) / deviation of each column, in this order, and its int8 input is that by the formula of the input above.';
  const table =
    columns === undefined
      ? []
      : [
          '',
          row('input', 'column', 'mean', 'deviation'),
          '| ---: | --- | ---: | ---: |',
          ...columns.map(({ name, mean, deviation }, i) =>
            row(String(i), name, mean.toPrecision(9), deviation.toPrecision(9)),
          ),
        ];
  return `
## How to feed it

${formula} It was trained on ${counted(samples.train, 'sample')}${columns === undefined ? '' : ', whose mean and deviation these are'}; ${samples.validation} more were there to choose by and ${samples.test} to test by.
${[...table, ''].join('\n')}
## What it answers

The class of the greatest output:

${row('output', 'class')}
| ---: | --- |
${classes.map((name, i) => row(String(i), name)).join('\n')}
`;
}

function shifted(offset: number): string {
  const size = String(Number(Math.abs(offset).toPrecision(9)));
  return offset === 0 ? 'value' : `value ${offset < 0 ? '+' : '-'} ${size}`;
}
