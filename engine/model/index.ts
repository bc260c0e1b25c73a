/** Trained networks in and out. */

export { exportTflite } from './tflite-writer.ts';
export { UnsupportedModel } from './encode-op.ts';
export { readTflite } from './tflite-reader.ts';
export type { TfliteModel, TfliteProblem } from './tflite-reader.ts';
