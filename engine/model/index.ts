/** Trained networks in and out. */

export { exportTflite } from './tflite-writer.ts';
export { readTflite, type TfliteProblem } from './tflite-reader.ts';
export { cData, columnBeyondFloat, type InputQuantization } from './c-data.ts';
export { arenaBytes, cSource } from './c-source.ts';
export { cComment, cIdentifier } from './c-text.ts';
export { decodeOp, type FileTensor, isActivation } from './decode-op.ts';
export { activationTensor } from './read-tensors.ts';
export { tensorType } from './schema.ts';
export { asModel, type PricedGraph, type PricedModel, priceModel } from './price-model.ts';
export { costReport, type CostReport, modelCostReport } from './cost-report.ts';
export { assumptionsOf, costDetail, type CostDetail, remarksOf } from './cost-detail.ts';
export { costHtml } from './cost-html.ts';
export { memoryChart, setUpSentence } from './memory-chart.ts';
export {
  exportReport,
  type ExportReport,
  type JudgedReport,
  reportMarkdown,
  reportPages,
} from './export-report.ts';
