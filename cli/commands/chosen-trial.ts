/** The trained trial of a run that an export or a deployment is asked for. */

import { createHash } from 'node:crypto';
import path from 'node:path';
import { counted, RESIZING, visibleLine } from '../../engine/space/index.ts';
import type { DataFacts } from '../../engine/space/data-facts.ts';
import {
  profilesOfRun,
  programOfRun,
  readDataFacts,
  type RunView,
  savedTrial,
} from '../../engine/search/index.ts';
import type { ToldTrial } from '../../engine/search/types.ts';
import type { Target } from '../../engine/cost/index.ts';
import { columnBeyondFloat, type InputQuantization, readTflite } from '../../engine/model/index.ts';
import { elementsOf, type Network } from '../../engine/space/network.ts';
import type { QuantizedNetwork } from '../../engine/space/trained.ts';
import type { Analysis, Decisions, SearchSpace } from '../../engine/space/types.ts';
import { chooseTarget } from '../architecture.ts';
import { CliError } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { typed } from '../invocation.ts';
import { readBytes } from '../sources.ts';
import { chooseTrial, decidedBy, openRun, spaceOfRun } from './front.ts';
import { orFailure } from './search.ts';

/** A trained trial with what an export says of it. */
export interface ChosenTrial {
  readonly view: RunView;
  readonly trial: ToldTrial;
  readonly tflite: Uint8Array;
  readonly model: QuantizedNetwork;
  readonly space: SearchSpace;
  readonly decisions: Decisions;
  readonly network: Network;
  readonly target: Target;
  readonly provenance: Readonly<Record<string, string | number>>;
  readonly data: DataFacts | undefined;
  /** What its files begin with, unless their path says it. */
  readonly name: string;
}

/** Throws a {@link CliError}. What is not as it may seem is told. */
export function chosenTrial(
  io: Io,
  folder: string,
  { trial: which, target: board }: { readonly trial: string; readonly target?: string | undefined },
): ChosenTrial {
  const view = openRun(folder);
  const trial = chooseTrial(view, which);
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
  const { main } = view.settings.program;
  const target = chooseTarget(analysis, main, { target: board }, profilesOfRun(view.settings));
  const provenance = {
    space: view.settings.space,
    architecture: trial.name,
    run: path.basename(path.resolve(folder)),
    trial: trial.trial,
    ...resizing(network, space, analysis),
    'sha256 of the model': createHash('sha256').update(tflite).digest('hex'),
  };
  const data = orFailure(() => readDataFacts(view.folder));
  const name = `${view.settings.space}_${trial.name}`;
  return { view, trial, tflite, model, space, decisions, network, target, provenance, data, name };
}

/** How a device prepares samples, as far as the run says it. Throws a {@link CliError} where C cannot say it. */
export function dataForC({
  data,
  model,
}: Pick<ChosenTrial, 'data' | 'model'>):
  { readonly facts: DataFacts; readonly input: InputQuantization } | undefined {
  if (data === undefined) return undefined;
  const column = columnBeyondFloat(data);
  if (column !== undefined) {
    throw new CliError(
      'problems',
      `The mean or the deviation of the column ${visibleLine(column)} is beyond what a \`float\` of C holds, so a device could not prepare it. Bring the column to another unit and search again, or export without C source (--no-c).`,
    );
  }
  return { facts: data, input: inputOf(model) };
}

/** Of a comment. */
export const linesOf = (provenance: ChosenTrial['provenance']): readonly string[] =>
  Object.entries(provenance).map(([key, value]) => `${key}: ${value}`);

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

function inputOf({ network, activations }: QuantizedNetwork): InputQuantization {
  const [id = 0] = network.inputs;
  const { scale, zeroPoint } = activations.get(id) ?? {};
  const count = elementsOf(network.tensors[id]?.shape ?? []);
  return { scale: scale?.[0] ?? 1, zeroPoint: zeroPoint?.[0] ?? 0, count };
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
