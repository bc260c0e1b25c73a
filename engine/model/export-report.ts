/** What a person should know of an exported model: where it comes from, what it takes in, what it will cost. */

import { counted, markdownText } from '../space/index.ts';
import {
  formatEnergy,
  formatEstimate,
  formatHertz,
  formatPercent,
  type NetworkCost,
  price,
  type Target,
} from '../cost/index.ts';
import type { DataFacts } from '../space/data-facts.ts';
import type { Network } from '../space/network.ts';
import type { QuantizedNetwork } from '../space/trained.ts';
import { arenaBytes } from './c-source.ts';
import { costDetail } from './cost-detail.ts';
import { costHtml } from './cost-html.ts';
import { costReport, type CostReport, type IntervalReport, toldOfSchedule } from './cost-report.ts';
import { memoryChart } from './memory-chart.ts';
import { asModel } from './price-model.ts';
import { registrationGap, registrationOf } from './registration.ts';

export interface ExportRequest {
  readonly model: QuantizedNetwork;
  /** What is priced: the model's network as it was lowered, with the lines of its source. */
  readonly network: Network;
  /** The file as written by `exportTflite`. */
  readonly tflite: Uint8Array;
  readonly target: Target;
  /** e.g. the run folder, the trial and the space. */
  readonly provenance: Readonly<Record<string, string | number>>;
  /** Shares in [0, 1], by what they were measured on. */
  readonly accuracy: Readonly<Record<string, number>>;
  /** How the search came to them; undefined for a model that no search made. */
  readonly judged?: JudgedReport | undefined;
  /** What the model was trained on; absent where the run does not say. */
  readonly data?: DataFacts | undefined;
}

/** What to make of the accuracies of a trial. */
export interface JudgedReport {
  /** Of training, and of the run's last training. */
  readonly epochs: number;
  readonly full_epochs: number;
  readonly fully_trained: boolean;
  /** The one of `accuracy` by which the search ranked. */
  readonly ranked_by: string;
  /** Where the true accuracy lies with 95 % confidence (Wilson 1927), by the test split; `null` where it is not known. */
  readonly test_interval: {
    readonly of: string;
    readonly low: number;
    readonly high: number;
    readonly samples: number;
  } | null;
  /** Why there is no interval; absent where there is one. */
  readonly test_gap?: string;
}

export interface TensorReport {
  /** With the batch dimension in front. */
  readonly shape: readonly number[];
  readonly dtype: string;
  /** `real = scale * (q - zero_point)` */
  readonly scale: number;
  readonly zero_point: number;
}

export interface ExportReport {
  readonly schema: 1;
  readonly provenance: Readonly<Record<string, string | number>>;
  readonly accuracy: Readonly<Record<string, number>>;
  readonly judged?: JudgedReport;
  readonly input: TensorReport;
  readonly output: TensorReport;
  /** How to feed the model and read its answer; absent where the run does not say. */
  readonly data?: DataReport;
  /** Bytes of the file itself; the cost says what was predicted. */
  readonly file_bytes: number;
  readonly clock_hz: number;
  /** What to reserve for the interpreter. */
  readonly arena_bytes: number;
  /** Calls of the runtime's resolver, such as TFLite Micro's MicroMutableOpResolver. */
  readonly resolver: readonly string[];
  /** What is not known of registering the operators, a full sentence; absent where every call is. */
  readonly resolver_gap?: string;
  readonly cost: CostReport;
}

export function exportReport(request: ExportRequest): ExportReport {
  const { model, target } = request;
  const cost: NetworkCost = price(request.network, target);
  const registration = registrationOf(model.network, target.runtime);
  const gap = registrationGap(registration, target.runtime);
  return {
    schema: 1,
    provenance: request.provenance,
    accuracy: request.accuracy,
    ...(request.judged === undefined ? {} : { judged: request.judged }),
    input: tensorReport(model, model.network.inputs[0]),
    output: tensorReport(model, model.network.outputs[0]),
    ...(request.data === undefined ? {} : { data: dataReport(request.data) }),
    file_bytes: request.tflite.length,
    clock_hz: target.clockHz,
    arena_bytes: arenaBytes(price(model.network, target).total.ram),
    resolver: registration.calls,
    ...(gap === undefined ? {} : { resolver_gap: gap }),
    cost: costReport(cost, target),
  };
}

/** What goes beside the report for a person: the lifetime chart, and a page with it and the layers. */
export function reportPages(
  request: ExportRequest,
  title: string,
): { readonly svg: string; readonly html: string } {
  const cost = price(request.network, request.target);
  const model = asModel(title, request.network, cost, request.target);
  return {
    svg: `${memoryChart(cost, title, { standalone: true })}\n`,
    html: costHtml(costDetail(model, title)),
  };
}

function tensorReport(model: QuantizedNetwork, id = -1): TensorReport {
  const tensor = model.network.tensors.find((candidate) => candidate.id === id);
  const quantization = model.activations.get(id);
  return {
    shape: [1, ...(tensor?.shape ?? [])],
    dtype: tensor?.dtype ?? 'int8',
    scale: quantization?.scale[0] ?? 1,
    zero_point: quantization?.zeroPoint[0] ?? 0,
  };
}

const latencyText = (latency: IntervalReport | null): string =>
  latency === null ? 'no data' : formatEstimate('latency', latency);

/** The report as Markdown, for a person. `chart` is the name of the lifetime chart's file beside it, if it has one. */
export function reportMarkdown(report: ExportReport, chart?: string): string {
  const { cost } = report;
  const facts: [string, string][] = [
    ...Object.entries(report.provenance).map(([key, value]): [string, string] => [key, String(value)]),
    ...accuracyFacts(report),
    ['target', `${cost.target} with ${cost.runtime} at ${formatHertz(report.clock_hz)}`],
    ['model file', `${report.file_bytes} B (predicted ${cost.total.flash_bytes} B)`],
    [
      'tensor arena',
      `${cost.total.ram_bytes} B needed to set the network up; reserve ${report.arena_bytes} B`,
    ],
    ['latency', latencyText(cost.total.latency_ms)],
    ['energy', cost.total.energy_uj === null ? 'no data' : formatEnergy(cost.total.energy_uj)],
    ...toldOfSchedule(cost.total).map(([metric, value]): [string, string] => [
      metric,
      value === null ? 'no data' : formatEstimate(metric, value),
    ]),
    ['input', tensorText(report.input)],
    ['output', tensorText(report.output)],
    [
      'operators to register',
      [report.resolver.join(', '), report.resolver_gap ?? ''].filter((text) => text !== '').join('. '),
    ],
  ];
  const row = (...cells: string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  return `# Exported model

${row('', '')}
| --- | --- |
${facts.map(([key, value]) => row(key, value)).join('\n')}

Intervals hold the true value with 90 % confidence.
${report.data === undefined ? '' : dataMarkdown(report.data, row)}${chart === undefined ? '' : `\n## Memory over the inference\n\n![Which tensors lie where in the arena while the layers run](${chart})\n\n## Layers\n`}
${row('layer', 'operator', 'MACs', 'latency', 'RAM, B', 'flash, B', 'origin')}
| --- | --- | ---: | ---: | ---: | ---: | --- |
${cost.layers
  .map((layer) =>
    row(
      layer.name,
      layer.op,
      String(layer.macs),
      latencyText(layer.latency_ms),
      String(layer.ram_bytes),
      String(layer.flash_bytes),
      layer.origin,
    ),
  )
  .join('\n')}
`;
}

function accuracyFacts({ accuracy, judged }: ExportReport): [string, string][] {
  const interval = judged?.test_interval ?? undefined;
  const facts = Object.entries(accuracy).map(([on, share]): [string, string] => {
    const notes = [
      ...(on === judged?.ranked_by ? ['by this the search ranked'] : []),
      ...(interval === undefined || on !== interval.of
        ? []
        : [`95 % interval ${formatPercent(interval, 2)}, by ${counted(interval.samples, 'sample')}`]),
    ];
    return [`accuracy, ${on}`, [formatPercent(share, 2), ...notes].join('; ')];
  });
  if (judged === undefined) return facts;
  const { epochs, full_epochs: full, fully_trained: fully } = judged;
  return [
    ...facts,
    ...(judged.test_gap === undefined
      ? []
      : [['accuracy on the test split', judged.test_gap] satisfies [string, string]]),
    ['training', `${epochs} of ${counted(full, 'epoch')}${fully ? '' : ': partly trained'}`],
  ];
}

function tensorText(tensor: TensorReport): string {
  const { shape, dtype, scale, zero_point: zero } = tensor;
  const shifted = zero === 0 ? 'q' : `(q ${zero < 0 ? '+' : '-'} ${Math.abs(zero)})`;
  return `${dtype} [${shape.join(', ')}], real = ${scale.toPrecision(6)} * ${shifted}`;
}

/** Of the data: without it nobody could feed the model or read its answer. */
interface DataReport {
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

function dataReport(data: DataFacts): DataReport {
  const { classNames, shape, values, normalization, columns, samples } = data;
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
function dataMarkdown(data: DataReport, row: (...cells: string[]) => string): string {
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
