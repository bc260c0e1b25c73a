/** How accurate a network is: datasets, training, quantisation, and inference as the device does it. */

export { initBackend } from './backend.ts';
export { factsOf } from './data/facts.ts';
export { openDataset } from './data/open.ts';
export { type Dataset, DatasetError } from './data/dataset.ts';
export { Sizes } from './data/resized.ts';
export { evaluateFloat } from './evaluate.ts';
export { quantizedAtRandom } from './int8/at-random.ts';
export { evaluateInt8, inputQuantizer } from './int8/evaluate.ts';
export { createInt8Interpreter } from './int8/interpreter.ts';
export * as int8 from './int8/lowering.ts';
export { quantize, quantizeFor } from './quantize.ts';
export { type Random, random } from './random.ts';
export { trainNetwork } from './train.ts';
export { explainMemory } from './out-of-memory.ts';
