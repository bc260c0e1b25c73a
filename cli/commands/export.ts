/** `nasturtium export`: the trained model of a trial, ready for a board. */

import { counted, RESIZING, visibleJson, visibleLine } from '../../engine/space/index.ts';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { makeFolder, writeWhole } from '../../engine/files/index.ts';
import {
  profilesOfRun,
  programOfRun,
  readDataFacts,
  type RunView,
  savedTrial,
} from '../../engine/search/index.ts';
import type { ToldTrial } from '../../engine/search/types.ts';
import { price } from '../../engine/cost/index.ts';
import {
  cIdentifier,
  columnBeyondFloat,
  cSource,
  exportReport,
  type ExportReport,
  type InputQuantization,
  type JudgedReport,
  readTflite,
  reportMarkdown,
  reportPages,
} from '../../engine/model/index.ts';
import type { Network } from '../../engine/space/network.ts';
import type { QuantizedNetwork } from '../../engine/space/trained.ts';
import type { Analysis, SearchSpace } from '../../engine/space/types.ts';
import { chooseTarget } from '../architecture.ts';
import { CliError, exitCode, ioError } from '../exit-codes.ts';
import { type Io, printJson } from '../io.ts';
import { typed } from '../invocation.ts';
import { readBytes } from '../sources.ts';
import { chooseTrial, decidedBy, openRun, spaceOfRun } from './front.ts';
import { withMovedData } from './moved-data.ts';
import { orFailure } from './search.ts';

export interface ExportOptions {
  /** Number or `best`. */
  readonly trial: string;
  /** A folder, or a file that ends in `.tflite`. */
  readonly out: string;
  /** C source besides; a folder gets it unless this is `false`. */
  readonly c?: boolean | undefined;
  /** Board whose costs the report states; the run's first. */
  readonly target?: string | undefined;
  readonly json: boolean;
}

export function exportTrial(io: Io, folder: string, options: ExportOptions): number {
  const view = openRun(folder);
  const trial = chooseTrial(view, options.trial);
  const { tflite, model } = savedModel(view, trial);
  if (!trial.fullyTrained) {
    const goOn =
      view.status === 'finished'
        ? 'Choose'
        : `Let the search go on with "${typed`resume ${folder}`}", or choose`;
    io.err(
      `${visibleLine(`warning: Trial ${trial.trial} is partly trained: ${trial.result?.epochs ?? 0} of ${counted(view.fullEpochs, 'epoch')}. ${goOn} one of "${typed`front ${folder} --trained`}".`)}\n`,
    );
  }
  const space = spaceOfRun(view);
  const decisions = decidedBy(trial, space, view);
  const network = space.lower(decisions);
  const { analysis } = programOfRun(view.settings.program);
  const target = chooseTarget(
    analysis,
    view.settings.program.main,
    { target: options.target },
    profilesOfRun(view.settings),
  );
  const provenance = {
    space: view.settings.space,
    architecture: trial.name,
    run: path.basename(path.resolve(folder)),
    trial: trial.trial,
    ...resizing(network, space, analysis),
    'sha256 of the model': createHash('sha256').update(tflite).digest('hex'),
  };
  const data = orFailure(() => readDataFacts(view.folder));
  const request = {
    model,
    network,
    tflite,
    target,
    provenance,
    accuracy: accuracies(trial),
    judged: judgement(view, trial),
    data,
  };
  const report = exportReport(request);

  const single = options.out.endsWith('.tflite');
  const base = cIdentifier(
    single ? path.basename(options.out, '.tflite') : `${view.settings.space}_${trial.name}`,
  );
  const place = single ? path.dirname(options.out) : options.out;
  const files = new Map<string, string | Uint8Array>();
  const add = (name: string, content: string | Uint8Array) => files.set(path.join(place, name), content);
  if (single) files.set(options.out, tflite);
  else {
    add(`${base}.tflite`, tflite);
    const from = path.dirname(view.settings.program.main);
    add(`${base}.nas`, withMovedData(space.print(decisions), from, place));
    const pages = reportPages(request, `${view.settings.space} ${trial.name}`);
    add('report.md', reportMarkdown(report, 'memory.svg'));
    add('memory.svg', pages.svg);
    add('report.html', pages.html);
    add('report.json', `${visibleJson(report, 2)}\n`);
  }
  if (options.c ?? !single) {
    const column = data === undefined ? undefined : columnBeyondFloat(data);
    if (column !== undefined) {
      throw new CliError(
        'problems',
        `The mean or the deviation of the column ${visibleLine(column)} is beyond what a \`float\` of C holds, so a device could not prepare it. Bring the column to another unit and search again, or export without C source (--no-c).`,
      );
    }
    const { header, source } = cSource({
      name: base,
      tflite,
      network: model.network,
      runtime: target.runtime,
      // Of what is in the file: writing may add operators.
      arena: price(model.network, target).total.ram,
      data: data && { facts: data, input: inputOf(report) },
      provenance: Object.entries(provenance).map(([key, value]) => `${key}: ${value}`),
    });
    add(`${base}.h`, header);
    add(`${base}.c`, source);
  }
  write(place, files);
  tell(io, options, [...files.keys()], report);
  return exitCode.ok;
}

/** What has to be done to a picture before the network sees it, where its size is not simply that of the data. */
function resizing(
  { tensors, inputs }: Network,
  { inputShapes }: SearchSpace,
  { settings: { dataset } }: Analysis,
): Readonly<Record<string, string>> {
  const size = tensors.find(({ id }) => id === inputs[0])?.shape.join('x') ?? '';
  const isAsDeclared = dataset?.input === undefined || dataset.input.join('x') === size;
  if (inputShapes.length <= 1 && isAsDeclared) return {};
  return {
    'input size': `${size}, chosen by the search: samples of another size were resized to it (${RESIZING}). Do the same on the device.`,
  };
}

function inputOf({ input }: ExportReport): InputQuantization {
  // The batch is one.
  const count = input.shape.reduce((product, extent) => product * extent, 1);
  return { scale: input.scale, zeroPoint: input.zero_point, count };
}

/** The model as training saved it, and what is in it. Throws a {@link CliError}. */
function savedModel(view: RunView, trial: ToldTrial): { tflite: Uint8Array; model: QuantizedNetwork } {
  const saved = orFailure(() => savedTrial(view.folder, trial));
  if (saved === undefined) {
    const why = trial.error === undefined ? 'its files are gone' : `it failed: ${trial.error}`;
    throw new CliError(
      'io',
      `Trial ${trial.trial} of ${view.folder} has no model, since ${why}. Choose another trial.`,
    );
  }
  const file = path.join(saved, 'model.tflite');
  const tflite = readBytes(file, 'model', { links: 'refuse' });
  const { quantized, problems } = readTflite(tflite, file);
  if (quantized === undefined) {
    const why = problems[0]?.message ?? 'It is no int8 model.';
    throw new CliError('io', `${file} cannot be exported. ${why} Choose another trial.`);
  }
  return { tflite, model: quantized };
}

/** By the names under which they stand in the report. */
const ranking = 'int8, validation split';
const tested = 'int8, test split';

function accuracies({ result }: ToldTrial): Record<string, number> {
  if (result === undefined) return {};
  const { validation, test } = result;
  const known: [string, number | undefined][] = [
    [ranking, validation.int8],
    ['float, validation split', validation.float],
    [tested, test?.int8],
    ['float, test split', test?.float],
  ];
  return Object.fromEntries(known.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

function judgement(
  view: RunView,
  { result, fullyTrained, testInterval }: ToldTrial,
): JudgedReport | undefined {
  if (result === undefined) return undefined;
  const samples = result.test?.samples;
  const gap =
    result.test === undefined
      ? 'not measured, since the trial has not had the last training of its run'
      : 'its interval is not known, since an older version did not record how large the split is';
  return {
    epochs: result.epochs,
    full_epochs: view.fullEpochs,
    fully_trained: fullyTrained,
    ranked_by: ranking,
    ...(testInterval === undefined || samples === undefined
      ? { test_interval: null, test_gap: gap }
      : { test_interval: { of: tested, ...testInterval, samples } }),
  };
}

/** Each file is whole or as it was before, so that no half of one is ever flashed. */
function write(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  try {
    makeFolder(path.resolve(folder));
  } catch (error) {
    throw ioError(folder, error);
  }
  for (const [file, content] of files) {
    try {
      writeWhole(file, content);
    } catch (error) {
      throw ioError(file, error);
    }
  }
}

function tell(io: Io, options: ExportOptions, files: readonly string[], report: ExportReport): void {
  if (options.json) printJson(io, { schema: 1, files, report });
  else for (const file of files) io.out(`${visibleLine(file)}\n`);
}
