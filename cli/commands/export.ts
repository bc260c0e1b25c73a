/** `nasturtium export`: the trained model of a trial, ready for a board. */

import { visibleJson, visibleLine } from '../../engine/space/index.ts';
import path from 'node:path';
import { makeFolder, writeWhole } from '../../engine/files/index.ts';
import type { RunView } from '../../engine/search/index.ts';
import type { ToldTrial } from '../../engine/search/types.ts';
import { price } from '../../engine/cost/index.ts';
import {
  cIdentifier,
  cSource,
  exportReport,
  type ExportReport,
  type JudgedReport,
  reportMarkdown,
  reportPages,
} from '../../engine/model/index.ts';
import { CliError, exitCode, ioError } from '../exit-codes.ts';
import { type Io, printJson } from '../io.ts';
import { chosenTrial, dataForC, linesOf } from './chosen-trial.ts';
import { withMovedData } from './moved-data.ts';
import { type FirmwareFolder, onOwnKernels, ownNetwork } from './own-kernels.ts';

export const exportFormats = ['tflite', 'c'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  /** Number or `best`. */
  readonly trial: string;
  /** A folder, or a file that ends in `.tflite`. */
  readonly out: string;
  /** C source besides; a folder gets it unless this is `false`. */
  readonly c?: boolean | undefined;
  /** A model for a runtime, or C that needs none. */
  readonly format: ExportFormat;
  /** Board whose costs the report states; the run's first. */
  readonly target?: string | undefined;
  readonly json: boolean;
}

export async function exportTrial(
  io: Io,
  folder: string,
  options: ExportOptions,
  { firmware }: FirmwareFolder,
): Promise<number> {
  const single = options.out.endsWith('.tflite');
  if (options.format === 'c' && (single || options.c !== undefined)) {
    throw new CliError(
      'usage',
      '--format c writes C that needs no model file and no runtime, so it goes into a folder and takes neither --c nor --no-c. Give a folder with -o, or leave --format out.',
    );
  }
  const chosen = chosenTrial(io, folder, options);
  const { view, trial, tflite, model, space, decisions, network, provenance, data } = chosen;
  const target = options.format === 'c' ? onOwnKernels(chosen.target) : chosen.target;
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

  const base = cIdentifier(single ? path.basename(options.out, '.tflite') : chosen.name);
  const place = single ? path.dirname(options.out) : options.out;
  const files = new Map<string, string | Uint8Array>();
  const add = (name: string, content: string | Uint8Array) => files.set(path.join(place, name), content);
  if (single) files.set(options.out, tflite);
  else {
    if (options.format === 'tflite') add(`${base}.tflite`, tflite);
    const from = path.dirname(view.settings.program.main);
    add(`${base}.nas`, withMovedData(space.print(decisions), from, place));
    const pages = reportPages(request, `${view.settings.space} ${trial.name}`);
    add('report.md', reportMarkdown(report, 'memory.svg'));
    add('memory.svg', pages.svg);
    add('report.html', pages.html);
    add('report.json', `${visibleJson(report, 2)}\n`);
  }
  if (options.format === 'c') {
    const { files: own } = await ownNetwork(chosen, base, firmware);
    for (const [name, content] of own) add(name, content);
  } else if (options.c ?? !single) {
    const { header, source } = cSource({
      name: base,
      tflite,
      network: model.network,
      runtime: target.runtime,
      // Of what is in the file: writing may add operators.
      arena: price(model.network, target).total.ram,
      data: dataForC(chosen),
      provenance: linesOf(provenance),
    });
    add(`${base}.h`, header);
    add(`${base}.c`, source);
  }
  write(files);
  tell(io, options, [...files.keys()], report);
  return exitCode.ok;
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
export function write(files: ReadonlyMap<string, string | Uint8Array>): void {
  const trying = (place: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      throw ioError(place, error);
    }
  };
  for (const folder of new Set([...files.keys()].map((file) => path.dirname(file))))
    trying(folder, () => makeFolder(path.resolve(folder)));
  for (const [file, content] of files) trying(file, () => writeWhole(file, content));
}

function tell(io: Io, options: ExportOptions, files: readonly string[], report: ExportReport): void {
  if (options.json) printJson(io, { schema: 1, files, report });
  else for (const file of files) io.out(`${visibleLine(file)}\n`);
}
