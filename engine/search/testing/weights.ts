/** Reads what a search keeps of a trial's weights. */

import { join } from 'node:path';
import { readBytesSync, readTextSync } from '../../files/index.ts';
import type { FloatParameters } from '../../space/trained.ts';
import { SearchError } from '../errors.ts';
import { parseStored } from '../run/stored.ts';
import type { Entry } from '../trial-files.ts';

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
