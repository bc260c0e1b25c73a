/** Trains a trial for real: lower, train, quantise, judge on int8, save. Runs in a worker process. */

import { dirname } from 'node:path';

import { exportTflite } from '../model/index.ts';
import {
  type Dataset,
  DatasetError,
  evaluateFloat,
  evaluateInt8,
  explainMemory,
  initBackend,
  openDataset,
  quantizeFor,
  Sizes,
  trainNetwork,
} from '../train/index.ts';
import { SearchError } from './errors.ts';
import { programOfRun } from './program.ts';
import { chooseSpace } from './settings.ts';
import { saveTrial } from './trial-files.ts';
import type { EvaluatorContext } from './search.ts';
import type { SplitAccuracy } from './types.ts';
import { dataFormat, largest } from '../space/index.ts';
import type { Network, Shape } from '../space/network.ts';
import type { DatasetSetting, ProgramSettings, SearchSpace } from '../space/types.ts';
import type { TrialEvaluator } from './workers/protocol.ts';

export { factsOf } from '../train/index.ts';

/**
 * @throws SearchError `dataset` when the data cannot be opened, `settings` when the program cannot be understood
 */
export async function createEvaluator(given: unknown): Promise<TrialEvaluator> {
  // Made by search.ts of this very version and sent from process to process.
  const context = given as EvaluatorContext;
  const { analysis } = programOfRun(context.program);
  const space = chooseSpace(analysis, context.space);
  const opened = await openForSearch(datasetOf(analysis.settings, space), context);
  const sizes = new Sizes(opened);
  const { batchSize, learningRate, labelSmoothing } = context.training;
  const backend = await initBackend({ wasmDir: context.assets.wasmDir });
  const train: TrialEvaluator['evaluate'] = async (job, onEpoch, alive) => {
    const started = performance.now();
    const network = space.lower(job.decisions);
    const dataset = sizes.of(inputOf(network));
    const { trained } = await trainNetwork(network, dataset, {
      seed: job.seed,
      epochs: Math.max(1, job.epochs),
      // Less than an epoch is one pass over that share of the images.
      ...(job.epochs < 1 ? { trainingImages: Math.ceil(job.epochs * dataset.train.size) } : {}),
      ...(batchSize === undefined ? {} : { batchSize }),
      ...(learningRate === undefined ? {} : { learningRate }),
      ...(labelSmoothing === undefined ? {} : { labelSmoothing }),
      onEpoch: ({ epoch, epochs, loss }) => onEpoch(epoch, epochs, loss),
      onPause: alive,
    });
    const quantized = quantizeFor(trained, dataset);
    alive();
    const judge = (split: Dataset['test']): SplitAccuracy => {
      const int8 = evaluateInt8(quantized, dataset, split);
      alive();
      const float = evaluateFloat(trained, dataset, split);
      alive();
      return { int8, float, samples: split.size };
    };
    const validation = judge(dataset.validation);
    const test = job.final ? judge(dataset.test) : undefined;
    saveTrial(job.saveTo, { model: exportTflite(quantized), trained });
    return {
      validation,
      test,
      epochs: job.epochs,
      seconds: (performance.now() - started) / 1000,
    };
  };
  return {
    backend: backend.name,
    dataFingerprint: opened.fingerprint,
    async evaluate(...job) {
      try {
        return await train(...job);
      } catch (error) {
        throw explainMemory(error);
      }
    },
  };
}

function inputOf({ tensors, inputs }: Network): Shape {
  return tensors.find(({ id }) => id === inputs[0])?.shape ?? [];
}

/** Pictures of no declared size are read in the greatest that the space asks for. */
export function datasetOf(settings: ProgramSettings, space: SearchSpace): DatasetSetting | undefined {
  const { dataset } = settings;
  if (dataset === undefined || dataset.input !== undefined) return dataset;
  if (dataFormat(dataset.name)?.sizedBySpace !== true) return dataset;
  return { ...dataset, input: largest(space.inputShapes) };
}

/**
 * Opens the dataset of a program, fetching it when `fetch` says how to tell of that.
 * @throws SearchError `dataset` with place, cause and cure
 */
export async function openForSearch(
  setting: DatasetSetting | undefined,
  context: Pick<EvaluatorContext, 'program' | 'assets'>,
  fetch?: { readonly onMessage: (text: string) => void; readonly signal: AbortSignal },
): Promise<Dataset> {
  if (setting === undefined) throw new SearchError('settings', 'The program names no dataset to train on.');
  const { datasetDir, cacheDir } = context.assets;
  try {
    return await openDataset(setting, dirname(context.program.main), {
      ...(datasetDir === undefined ? {} : { embeddedDir: datasetDir }),
      ...(cacheDir === undefined ? {} : { cacheDir }),
      ...(fetch === undefined ? {} : { ...fetch, download: context.assets.download === true }),
    });
  } catch (error) {
    if (error instanceof DatasetError) throw new SearchError('dataset', error.message, { cause: error });
    throw error;
  }
}
