/** What a program means: names, choices, shapes; counting, sampling, lowering and bounds. */

export * from './types.ts';
export * from './network.ts';
export * from './trained.ts';
export { analyse } from './analyse.ts';
export type { BuiltSpace, SpaceMemory } from './analyse.ts';
export { NoArchitecture } from './graph/reject.ts';
export { isSuperseded } from './search-space.ts';
export { SpaceBuilder } from './space-builder.ts';
export { functions } from './functions.ts';
export type { FunctionInfo } from './functions.ts';
export { commonParameters, operators, symbols } from './operators.ts';
export type { OperatorInfo, OperatorParameter, ValueKind } from './operators.ts';
export { joinedShape } from './broadcast.ts';
export { units, dimensionWords } from './units.ts';
export type { Dimension, Unit } from './units.ts';
export { nearest } from './suggest.ts';
export { printArchitecture } from './print.ts';
export { catalogue } from './problems/codes.ts';
export { createLowerer } from './lowerer.ts';
export type { FlatNetwork, LoweredOp, Lowerer } from './lowerer.ts';
export { datasets } from './settings/dataset.ts';
export { largest } from './settings/input-size.ts';
export { metrics } from './settings/goals.ts';
export { fits } from './settings/forms.ts';
export { DEFAULT_FIDELITY, searchForms, strategies } from './settings/search.ts';
export { formats } from './settings/settings.ts';
