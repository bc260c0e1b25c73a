/** `data.json` of a run: how its networks are fed and what they answer, so that a model can be used without its data. */

import { FileError, readTextSync, writeWhole, reasonOf } from '../../files/index.ts';
import type { DataFacts } from '../../space/data-facts.ts';
import { SearchError } from '../errors.ts';
import { insideRun } from './inside.ts';
import { storageError } from './storage.ts';
import { parseStored } from './stored.ts';

const NAME = 'data.json';

/** @throws SearchError `storage` */
export function writeDataFacts(folder: string, facts: DataFacts): void {
  const path = insideRun(folder, NAME);
  try {
    writeWhole(path, `${JSON.stringify({ schema: 1, ...facts }, null, 2)}\n`);
  } catch (error) {
    throw storageError(path, error);
  }
}

/** undefined for a run that an earlier version made. @throws SearchError `folder` when it is not as a search writes it */
export function readDataFacts(folder: string): DataFacts | undefined {
  const path = insideRun(folder, NAME);
  let text: string;
  try {
    text = readTextSync(path, 'run settings', { links: 'refuse' });
  } catch (error) {
    if (error instanceof FileError && error.code === 'missing') return undefined;
    throw new SearchError('folder', reasonOf(error), { cause: error });
  }
  const stored = parseStored(text, 'data');
  if ('value' in stored) return stored.value as DataFacts;
  throw new SearchError(
    'folder',
    `${path} is not as a search writes it. ${stored.fault} Remove it to export without what it says, or search again.`,
  );
}
