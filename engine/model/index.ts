/** Trained networks in and out. */

export { exportTflite } from './tflite-writer.ts';
export { UnsupportedModel } from './encode-op.ts';
export { readTflite } from './tflite-reader.ts';
export type { TfliteModel, TfliteProblem } from './tflite-reader.ts';
export { arenaBytes, cIdentifier, cSource } from './c-source.ts';
export type { CSource, CSourceRequest } from './c-source.ts';
export { costReport } from './cost-report.ts';
export type { CostReport, IntervalReport, LayerReport } from './cost-report.ts';
export { exportReport, reportMarkdown } from './export-report.ts';
export type { ExportReport, ExportRequest, TensorReport } from './export-report.ts';
