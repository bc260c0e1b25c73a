/** Every diagnostic of meaning, by code. */

import { nameUnknown } from './name-unknown.ts';
import { nameHyphen } from './name-hyphen.ts';
import { nameDuplicate } from './name-duplicate.ts';
import { nameUnused } from './name-unused.ts';
import { nameNotAValue } from './name-not-a-value.ts';
import { importNotFound } from './import-not-found.ts';
import { importCycle } from './import-cycle.ts';
import { importUnknownName } from './import-unknown-name.ts';
import { argumentMissing } from './argument-missing.ts';
import { argumentUnknown } from './argument-unknown.ts';
import { argumentDuplicate } from './argument-duplicate.ts';
import { argumentTooMany } from './argument-too-many.ts';
import { operandMissing } from './operand-missing.ts';
import { operandUnexpected } from './operand-unexpected.ts';
import { parameterUnknown } from './parameter-unknown.ts';
import { parameterDuplicate } from './parameter-duplicate.ts';
import { followerUnknown } from './follower-unknown.ts';
import { followerOrder } from './follower-order.ts';
import { valueType } from './value-type.ts';
import { valueRange } from './value-range.ts';
import { valueNotConstant } from './value-not-constant.ts';
import { unitUnknown } from './unit-unknown.ts';
import { unitWrong } from './unit-wrong.ts';
import { choiceDuplicate } from './choice-duplicate.ts';
import { rangeEmpty } from './range-empty.ts';
import { rangeTooLarge } from './range-too-large.ts';
import { shapeMismatch } from './shape-mismatch.ts';
import { shapeVanishes } from './shape-vanishes.ts';
import { shapeStridePastImage } from './shape-stride-past-image.ts';
import { shapeRank } from './shape-rank.ts';
import { shapeReshape } from './shape-reshape.ts';
import { shapeGroups } from './shape-groups.ts';
import { shapeLimit } from './shape-limit.ts';
import { tensorAbsent } from './tensor-absent.ts';
import { inputMissing } from './input-missing.ts';
import { inputMisplaced } from './input-misplaced.ts';
import { classesMissing } from './classes-missing.ts';
import { spaceEmpty } from './space-empty.ts';
import { spaceTooLarge } from './space-too-large.ts';
import { blockRecursive } from './block-recursive.ts';
import { settingUnknown } from './setting-unknown.ts';
import { settingDuplicate } from './setting-duplicate.ts';
import { settingMissing } from './setting-missing.ts';
import { declarationDuplicate } from './declaration-duplicate.ts';
import { metricUnknown } from './metric-unknown.ts';
import { strategyUnknown } from './strategy-unknown.ts';
import { datasetUnknown } from './dataset-unknown.ts';
import { targetUnnamed } from './target-unnamed.ts';
import { laterLstm } from './later-lstm.ts';
import { laterGru } from './later-gru.ts';
import { laterAttention } from './later-attention.ts';
import { laterFeatures } from './later-features.ts';
import { laterCell } from './later-cell.ts';
import { laterSparsity } from './later-sparsity.ts';
import { laterStrategy } from './later-strategy.ts';
import type { Severity } from '../types.ts';

export {
  nameUnknown,
  nameHyphen,
  nameDuplicate,
  nameUnused,
  nameNotAValue,
  importNotFound,
  importCycle,
  importUnknownName,
  argumentMissing,
  argumentUnknown,
  argumentDuplicate,
  argumentTooMany,
  operandMissing,
  operandUnexpected,
  parameterUnknown,
  parameterDuplicate,
  followerUnknown,
  followerOrder,
  valueType,
  valueRange,
  valueNotConstant,
  unitUnknown,
  unitWrong,
  choiceDuplicate,
  rangeEmpty,
  rangeTooLarge,
  shapeMismatch,
  shapeVanishes,
  shapeStridePastImage,
  shapeRank,
  shapeReshape,
  shapeGroups,
  shapeLimit,
  tensorAbsent,
  inputMissing,
  inputMisplaced,
  classesMissing,
  spaceEmpty,
  spaceTooLarge,
  blockRecursive,
  settingUnknown,
  settingDuplicate,
  settingMissing,
  declarationDuplicate,
  metricUnknown,
  strategyUnknown,
  datasetUnknown,
  targetUnnamed,
  laterLstm,
  laterGru,
  laterAttention,
  laterFeatures,
  laterCell,
  laterSparsity,
  laterStrategy,
};

export const catalogue: readonly { readonly code: string; readonly severity: Severity }[] = [
  nameUnknown,
  nameHyphen,
  nameDuplicate,
  nameUnused,
  nameNotAValue,
  importNotFound,
  importCycle,
  importUnknownName,
  argumentMissing,
  argumentUnknown,
  argumentDuplicate,
  argumentTooMany,
  operandMissing,
  operandUnexpected,
  parameterUnknown,
  parameterDuplicate,
  followerUnknown,
  followerOrder,
  valueType,
  valueRange,
  valueNotConstant,
  unitUnknown,
  unitWrong,
  choiceDuplicate,
  rangeEmpty,
  rangeTooLarge,
  shapeMismatch,
  shapeVanishes,
  shapeStridePastImage,
  shapeRank,
  shapeReshape,
  shapeGroups,
  shapeLimit,
  tensorAbsent,
  inputMissing,
  inputMisplaced,
  classesMissing,
  spaceEmpty,
  spaceTooLarge,
  blockRecursive,
  settingUnknown,
  settingDuplicate,
  settingMissing,
  declarationDuplicate,
  metricUnknown,
  strategyUnknown,
  datasetUnknown,
  targetUnnamed,
  laterLstm,
  laterGru,
  laterAttention,
  laterFeatures,
  laterCell,
  laterSparsity,
  laterStrategy,
];
