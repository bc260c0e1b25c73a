/** How accurate a network is: datasets, training, quantisation, and inference as the device does it. */

export { initBackend } from './backend.ts';
export type { BackendInfo, BackendOptions } from './backend.ts';
export { factsOf } from './data/facts.ts';
export { openDataset } from './data/open.ts';
export type { OpenOptions } from './data/open.ts';
export { batch, DatasetError, sampleSize, spreadIndices } from './data/dataset.ts';
export type { Dataset, Normalization, Split } from './data/dataset.ts';
export { Sizes } from './data/resized.ts';
export { evaluateFloat, runFloat } from './evaluate.ts';
export { UntrainableNetwork } from './operators/catalogue.ts';
export { evaluateInt8, inputQuantizer } from './int8/evaluate.ts';
export { createInt8Interpreter } from './int8/interpreter.ts';
export type { Int8Interpreter } from './int8/interpreter.ts';
export { quantize } from './quantize.ts';
export type { QuantizeOptions } from './quantize.ts';
export { calibrationImages, quantizeFor } from './quantize-for.ts';
export type { Checkpoint, OpState } from './state.ts';
export { trainNetwork, TrainingFailed } from './train.ts';
export type { EpochProgress, TrainOptions, TrainResult } from './train.ts';
export { explainMemory } from './out-of-memory.ts';
