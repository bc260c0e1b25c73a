/** Trained networks in and out. */

export { exportTflite } from './tflite-writer.ts';
export { readTflite } from './tflite-reader.ts';
export type { TfliteProblem } from './tflite-reader.ts';
export { columnBeyondFloat } from './c-data.ts';
export type { InputQuantization } from './c-data.ts';
export { arenaBytes, cSource } from './c-source.ts';
export { cIdentifier } from './c-text.ts';
export { decodeOp, isActivation } from './decode-op.ts';
export type { FileTensor } from './decode-op.ts';
export { activationTensor } from './read-tensors.ts';
export { tensorType } from './schema.ts';
export { asModel, priceModel } from './price-model.ts';
export type { PricedGraph, PricedModel } from './price-model.ts';
export { costReport, modelCostReport } from './cost-report.ts';
export type { CostReport } from './cost-report.ts';
export { assumptionsOf, costDetail, remarksOf } from './cost-detail.ts';
export type { CostDetail } from './cost-detail.ts';
export { costHtml } from './cost-html.ts';
export { memoryChart, setUpSentence } from './memory-chart.ts';
export { exportReport, reportMarkdown, reportPages } from './export-report.ts';
export type { ExportReport, JudgedReport } from './export-report.ts';
