/**
 * What the 8-bit interpreter computes with, for whoever makes the same operators run elsewhere: factors, limits, places.
 * Each is that of the operator's own kernel here.
 */

export { slopeFactors } from '../operators/activations.ts';
export { isWeighted, kernelsOf, storedWeights } from '../operators/catalogue.ts';
export {
  difference,
  plain,
  productFactor,
  scalarOperand,
  squaredDifference,
  strides,
  sumFactors,
  type Sum,
} from '../operators/joining.ts';
export { limits, type Quantized, type Several } from '../operators/kernels.ts';
export { stridesOf } from '../operators/moving.ts';
export { asTensor } from '../operators/normalisation.ts';
export { meanFactor } from '../operators/pooling.ts';
export { between, nearest } from '../operators/reshaping.ts';
export { outputFactor } from '../operators/weighted.ts';
export { paddingBefore } from '../operators/window.ts';
export type { FixedMultiplier } from './fixed-point.ts';
