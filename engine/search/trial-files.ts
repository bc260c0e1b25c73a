/**
 * What is kept of a trained trial: `model.tflite`, ready for a board, and its float weights (`weights.bin` with
 * `weights.json` as table of contents), from which training can go on elsewhere.
 */

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readBytesSync, readTextSync } from '../files/index.ts';
import type { FloatParameters, TrainedNetwork } from '../space/trained.ts';
import { SearchError } from './errors.ts';
import { storageError } from './run/storage.ts';
import { parseStored } from './run/stored.ts';

interface Entry {
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

/** The float weights by operator index. @throws FileError, SearchError `folder` when they are not as a search writes them */
export function loadWeights(folder: string): Map<number, FloatParameters> {
  const [contents, numbers] = [join(folder, 'weights.json'), join(folder, 'weights.bin')];
  const stored = parseStored(readTextSync(contents, 'trial state', { links: 'refuse' }), 'weights');
  const bytes = readBytesSync(numbers, 'trial state', { links: 'refuse' });
  if ('fault' in stored) throw unusable(contents, stored.fault);
  const table = stored.value as readonly Entry[];
  const told = table.reduce((sum, { weights, bias }) => sum + weights + bias, 0);
  if (told * Float32Array.BYTES_PER_ELEMENT !== bytes.length) {
    throw unusable(numbers, `It has ${bytes.length} bytes, and ${contents} tells of ${told} numbers.`);
  }
  let at = 0;
  const take = (count: number): Float32Array => {
    const part = bytes.subarray(at, (at += count * Float32Array.BYTES_PER_ELEMENT));
    return new Float32Array(new Uint8Array(part).buffer);
  };
  return new Map(
    table.map(({ op, weightShape, weights, bias }) => [
      op,
      { weights: take(weights), weightShape, bias: take(bias) },
    ]),
  );
}

function unusable(path: string, fault: string): SearchError {
  return new SearchError(
    'folder',
    `${path} is not as a search writes it. ${fault} Restore it from a copy, or choose another trial.`,
  );
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
