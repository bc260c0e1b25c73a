/**
 * Searching a space: strategies, runs, fronts.
 *
 *     const end = await startSearch({ file: 'fashion-mnist.nas' }, { emit: console.log, signal });
 *     const view = readRun(end.folder);
 */

export { durationText } from './duration.ts';
export { whyEmpty } from './end-text.ts';
export { SearchError, type SearchErrorCode } from './errors.ts';
export { failuresText } from './failures.ts';
export { fullyTrainedOnly, readRun, type RunView, savedTrial } from './front.ts';
export { bestOf, frontOf, inOrder } from './overall-front.ts';
export {
  type Constraint,
  defaultObjectives,
  metricValue,
  missedConstraints,
  type Objective,
  scoresOf,
  violationOf,
} from './objectives.ts';
export { crowdingDistances, dominates, hypervolume, nonDominated } from './pareto.ts';
export { epochsOf, stageEpochs } from './promotion.ts';
export { readDataFacts } from './run/data-facts.ts';
export { defaultRunFolder, readRunSettings, runPaths, type RunSettings, trialFolder } from './run/folder.ts';
export type { RunEnd } from './run/run.ts';
export { profilesOfRun } from './profiles.ts';
export { loadProgram, programOfRun, type Program } from './program.ts';
export {
  type EvaluatorAssets,
  resumeSearch,
  type SearchHost,
  type SearchRequest,
  startSearch,
} from './search.ts';
export type { SearchOverrides } from './settings.ts';
export type * from './types.ts';
