/** What a program means: names, choices, shapes; counting, sampling, lowering and bounds. */

export * from './types.ts';
export * from './network.ts';
export * from './trained.ts';
export { analyse, analysisInSteps, type BuiltSpace, type SpaceMemory } from './analyse.ts';
export { NoArchitecture } from './graph/reject.ts';
export { isSuperseded } from './search-space.ts';
export { SpaceBuilder } from './space-builder.ts';
export type { Effort } from './effort.ts';
export { finished, type Steps } from './steps.ts';
export { functions } from './functions.ts';
export { symbols } from './symbols.ts';
export { commonParameters, operators } from '../operators/words.ts';
export type { OperatorInfo, OperatorParameter } from '../operators/word.ts';
export { type Role, roleOf } from './split-roles.ts';
export { type FolderNames, isHidden, isPicture, pictureFolders } from './picture-folders.ts';
export { mixed } from './hash.ts';
export { counted } from './counted.ts';
export { canResize } from './training/sample-size.ts';
export { stopsSearch } from './training/severity.ts';
export { untrainable } from './training/operators.ts';
export { type Dimension, units } from './units.ts';
export { nearest } from './suggest.ts';
export { onceFor } from './once.ts';
export { markdownBlock, markdownCode, markdownLines, markdownText } from './markdown-text.ts';
export { visible, visibleJson, visibleLine } from './visible.ts';
export { fix } from './problems/problem.ts';
export {
  dataFormat,
  dataFormatNames,
  datasets,
  formatAsWritten,
  type ReadFormat,
} from './settings/data-formats.ts';
export { largest } from './settings/input-size.ts';
export * from './metrics.ts';
export { fits, type SettingForm, type SettingForms } from './settings/forms.ts';
export { datasetForms } from './settings/dataset.ts';
export { limitOf, targetForms } from './settings/targets.ts';
export { DEFAULT_FIDELITY, formsOfSearch, searchForms } from './settings/search.ts';
export * from './strategies/catalogue.ts';
export type { StrategyRow } from './strategies/strategy.ts';
