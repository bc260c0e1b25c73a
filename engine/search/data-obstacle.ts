/** What is known only when the data is opened, and is refused before anything is trained: as `check` would say it. */

import { stopsSearch } from '../space/index.ts';
import type { DataFacts } from '../space/data-facts.ts';
import type { DatasetSetting, SearchSpace } from '../space/types.ts';
import { SearchError } from './errors.ts';
import type { TextPlace } from './types.ts';

/**
 * @param files texts of the program, by absolute path
 * @param dataset as it is declared
 * @param facts of the same data, as it was read
 * @throws SearchError `dataset` with the place in the text where networks do not fit the data
 */
export function refuseUnfitting(
  space: SearchSpace,
  files: Readonly<Record<string, string>>,
  dataset: DatasetSetting,
  { classNames, shape }: Pick<DataFacts, 'classNames' | 'shape'>,
): void {
  const { classes = classNames.length, input = shape } = dataset;
  const problem = space
    .problemsWith({ ...dataset, classes, input })
    .map(stopsSearch)
    .find(({ severity }) => severity === 'error');
  if (problem === undefined) return;
  const place = placeIn(files[problem.file] ?? '', problem.file, problem.start);
  const unsaid = [
    dataset.classes === undefined ? `classes ${classes}` : undefined,
    dataset.input === undefined ? `input ${input.join('x')}` : undefined,
  ].filter((each) => each !== undefined);
  const declared =
    unsaid.length === 0 ? '' : ` With \`${unsaid.join('; ')}\` in the dataset this is told while you type.`;
  throw new SearchError(
    'dataset',
    `The file has to be mended before it is searched. ${place.file}:${place.line}:${place.column}: ${problem.message} [${problem.code}]${declared}`,
    { place },
  );
}

function placeIn(text: string, file: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split(/\r\n|[\r\n]/);
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
