/**
 * Searching a space: strategies, runs, fronts.
 *
 *     const end = await startSearch({ file: 'fashion-mnist.nas' }, { emit: console.log, signal });
 *     const view = readRun(end.folder);
 */

export { durationText } from './duration.ts';
export { whyEmpty } from './end-text.ts';
export { SearchError } from './errors.ts';
export { failuresText } from './failures.ts';
export { fullyTrainedOnly, readRun, type RunView, savedTrial } from './front.ts';
export { inOrder } from './overall-front.ts';
export { metricValue } from './objectives.ts';
export { hypervolume } from './pareto.ts';
export { readDataFacts } from './run/data-facts.ts';
export { profilesOfRun } from './profiles.ts';
export { programOfRun, programWith } from './program.ts';
export { resumeSearch, type SearchEnd, type SearchHost, startSearch } from './search.ts';
export type { SearchOverrides } from './settings.ts';
export type * from './types.ts';
