/**
 * Post-training quantisation by the TFLite 8-bit specification
 * (https://ai.google.dev/edge/litert/models/quantization_spec).
 */

import { rowOf } from '../operators/catalogue.ts';
import type { WeightBounds } from '../operators/operator.ts';
import { outputsOf, type Network } from '../space/network.ts';
import type {
  FloatParameters,
  Int8Parameters,
  QuantizationParameters,
  QuantizedNetwork,
  TrainedNetwork,
} from '../space/trained.ts';
import { type Range, calibrate } from './calibrate.ts';
import { raiseScales } from './least-scales.ts';
import { isWeighted, storedWeights, type WeightedOp } from './operators/catalogue.ts';
import { prepareForInt8 } from './prepare.ts';
import { withoutSaturation } from './saturation.ts';
import { batch, type Dataset, type Normalization, spreadIndices } from './data/dataset.ts';

export interface QuantizeOptions {
  /** The input's quantisation follows from this when the images are bytes, exactly; else from calibration. */
  readonly input?: Normalization;
  /**
   * Share of the calibration values that may fall outside each end of a tensor's range; 0 takes minimum and
   * maximum.
   */
  readonly clip?: number;
}

/** Narrower than any activation that matters; keeps scales away from zero. */
const LEAST_RANGE = 1e-6;
/** |bias| stays below 2^30, so that accumulators do not overflow. */
const GREATEST_BIAS = 2 ** 30;

/** `images` are normalised samples, `[count, ...input shape]`, that stand for what the network will see. */
export function quantize(
  trained: TrainedNetwork,
  images: Float32Array,
  options: QuantizeOptions = {},
): QuantizedNetwork {
  const prepared = prepareForInt8(trained);
  const { network } = prepared;
  const ranges = calibrate(prepared, images, options.clip ?? 0);
  const activations = activationQuantization(prepared, ranges, options.input);
  const parameters = new Map<number, Int8Parameters>();
  for (const [index, numbers] of prepared.parameters) {
    const op = network.ops[index];
    const input = activations.get(op?.inputs[0] ?? -1);
    if (op !== undefined && isWeighted(op))
      parameters.set(index, quantizeWeights(op, numbers, input?.scale[0] ?? 1));
  }
  return { network, activations, parameters };
}

function activationQuantization(
  { network, parameters }: TrainedNetwork,
  ranges: ReadonlyMap<number, Range>,
  input: Normalization | undefined,
): Map<number, QuantizationParameters> {
  const fixed = new Map<number, { scale: number; zero: number }>();
  if (input !== undefined) {
    for (const id of network.inputs) fixed.set(id, { scale: input.scale, zero: input.offset - 128 });
  }
  for (const op of network.ops) {
    const { scale } = rowOf(op.kind).int8;
    if (typeof scale === 'object') for (const id of outputsOf(op)) fixed.set(id, scale);
  }
  const group = shareScales(network);
  const merged = new Map<number, Range>();
  for (const { id } of network.tensors) {
    const root = group(id);
    const range = withoutSaturation(network, id, ranges.get(id) ?? { low: 0, high: 0 });
    const known = merged.get(root);
    merged.set(root, {
      low: Math.min(range.low, known?.low ?? 0),
      high: Math.max(range.high, known?.high ?? 0),
    });
    const given = fixed.get(id);
    if (given !== undefined && !fixed.has(root)) fixed.set(root, given);
  }
  const found = (id: number) =>
    fixed.get(group(id)) ?? asymmetric(merged.get(group(id)) ?? { low: 0, high: 0 });
  raiseScales(
    network,
    (id) => found(id).scale,
    (op) => {
      const own = parameters.get(op.index);
      return own === undefined ? undefined : weightBounds(own, found(op.inputs[0] ?? -1).scale);
    },
    ({ tensor, least }) => {
      const { low, high } = merged.get(group(tensor)) ?? { low: 0, high: 0 };
      merged.set(group(tensor), { low, high: Math.max(high, low + 255 * least) });
    },
  );
  return new Map(
    network.tensors.map(({ id }) => {
      const { scale, zero } = found(id);
      return [id, { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zero) }];
    }),
  );
}

function weightBounds({ weights, bias }: FloatParameters, inputScale: number): WeightBounds {
  const [weight, most] = [greatestOf(weights), greatestOf(bias)];
  const window = weights.length / bias.length;
  return {
    scale: weightScale(weight, most, inputScale),
    greatestSum: 255 * inputScale * weight * window + most,
  };
}

function greatestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function weightScale(greatestWeight: number, greatestBias: number, inputScale: number): number {
  return Math.max(greatestWeight / 127, greatestBias / (inputScale * GREATEST_BIAS), LEAST_RANGE / 127);
}

/** 256 steps from low to high, one of which is exactly 0. */
function asymmetric({ low, high }: Range): { scale: number; zero: number } {
  const width = Math.max(high - low, LEAST_RANGE);
  const scale = Math.fround(width / 255);
  return { scale, zero: Math.min(127, Math.max(-128, Math.round(-128 - low / scale))) };
}

/** Which tensors must have one quantisation: the representative of each tensor's group. */
function shareScales(network: Network): (tensor: number) => number {
  const parent = new Map(network.tensors.map((t) => [t.id, t.id]));
  const find = (id: number): number => {
    const up = parent.get(id) ?? id;
    return up === id ? id : find(up);
  };
  for (const op of network.ops) {
    if (rowOf(op.kind).int8.scale !== 'shared') continue;
    for (const output of outputsOf(op)) for (const input of op.inputs) parent.set(find(output), find(input));
  }
  return find;
}

/** Symmetric: per output channel or per tensor, as its row says. Bias in steps of input scale times weight scale. */
function quantizeWeights(
  op: WeightedOp,
  { weights, weightShape, bias }: FloatParameters,
  inputScale: number,
): Int8Parameters {
  const outputs = bias.length;
  const stored = storedWeights(op);
  const channels = stored.perChannel ? outputs : 1;
  const perOutput = weights.length / outputs;
  const channelOf = (i: number) =>
    channels === 1 ? 0 : stored.channels === 'last' ? i % outputs : Math.floor(i / perOutput);
  const greatest = new Float64Array(channels);
  weights.forEach((w, i) => {
    const c = channelOf(i);
    greatest[c] = Math.max(greatest[c] ?? 0, Math.abs(w));
  });
  const scale = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const biases = channels === 1 ? bias : bias.subarray(c, c + 1);
    scale[c] = weightScale(greatest[c] ?? 0, greatestOf(biases), inputScale);
  }
  const q = new Int8Array(weights.length);
  for (let i = 0; i < q.length; i++) {
    q[i] = Math.max(-127, Math.min(127, Math.round((weights[i] ?? 0) / (scale[channelOf(i)] ?? 1))));
  }
  return {
    weights: q,
    weightShape,
    weightQuantization: { scale, zeroPoint: new Int32Array(channels) },
    bias: Int32Array.from(bias, (b, o) =>
      Math.round(b / (inputScale * (scale[channels === 1 ? 0 : o] ?? 1))),
    ),
  };
}

/** Normalised training images, `[dataset.calibrate, ...shape]`; the same ones every time. */
export function calibrationImages(dataset: Dataset, count = dataset.calibrate): Float32Array {
  return batch(dataset, dataset.train, spreadIndices(dataset.train, count));
}

/** Calibrated on the dataset's own training images. */
export function quantizeFor(trained: TrainedNetwork, dataset: Dataset): QuantizedNetwork {
  const bytes = dataset.train.values instanceof Uint8Array;
  return quantize(trained, calibrationImages(dataset), bytes ? { input: dataset.normalization } : {});
}
