/**
 * What is kept of a trained trial: `model.tflite`, ready for a board, and its float weights (`weights.bin` with
 * `weights.json` as table of contents), from which training can go on elsewhere.
 */

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { TrainedNetwork } from '../space/trained.ts';
import { storageError } from './run/storage.ts';

/** What `weights.json` tells of one operator. */
export interface Entry {
  /** Index of the operator in the network. */
  readonly op: number;
  readonly name: string;
  readonly weightShape: readonly number[];
  /** Elements; the weights come first, then the bias, each float32 little-endian. */
  readonly weights: number;
  readonly bias: number;
}

export interface TrialFiles {
  readonly model: Uint8Array;
  readonly trained: TrainedNetwork;
}

const REPLACEMENTS = 3;

/** Written beside and renamed, so that `folder` is whole or absent. @throws SearchError `storage` */
export function saveTrial(folder: string, { model, trained }: TrialFiles): void {
  const temporary = `${folder}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary);
    const parameters = [...trained.parameters];
    const table = parameters.map(([op, { weights, weightShape, bias }]): Entry => ({
      op,
      name: trained.network.ops[op]?.name ?? '',
      weightShape,
      weights: weights.length,
      bias: bias.length,
    }));
    const numbers = parameters.flatMap(([, { weights, bias }]) => [bytesOf(weights), bytesOf(bias)]);
    writeFileSync(join(temporary, 'model.tflite'), model, { flush: true });
    writeFileSync(join(temporary, 'weights.bin'), Buffer.concat(numbers), { flush: true });
    writeFileSync(join(temporary, 'weights.json'), JSON.stringify(table), { flush: true });
    replaceFolder(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw storageError(folder, error);
  }
}

/**
 * What stands there is left from a sitting that was killed before it could journal the trial; the same numbers. The
 * worker of that sitting may live for a moment yet and put its folder there in between.
 */
function replaceFolder(temporary: string, folder: string): void {
  for (let attempt = 1; ; attempt++) {
    rmSync(folder, { recursive: true, force: true });
    try {
      renameSync(temporary, folder);
      return;
    } catch (error) {
      if (attempt === REPLACEMENTS || !existsSync(folder)) throw error;
    }
  }
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
