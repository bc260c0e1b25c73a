/** The numbers of a network in training, as plain arrays: made from a seed, kept in a checkpoint, folded at the end. */

import type { Network } from '../space/network.ts';
import type { FloatParameters, TrainedNetwork } from '../space/trained.ts';
import { isWeighted, shapeOf, type WeightedOp } from './forward.ts';
import { BATCH_NORM_EPSILON } from './layers.ts';
import { random } from './random.ts';

/** Weights of one operator in the layout of tfjs: `[kh, kw, in / groups, out]`, `[kh, kw, in, multiplier]`, `[in, units]`. */
export interface OpState {
  readonly shape: readonly number[];
  weights: Float32Array;
  /** Bias, or the offset (beta) of the normalisation. */
  bias: Float32Array;
  /** Only with batch normalisation. */
  readonly norm: { gamma: Float32Array; mean: Float32Array; variance: Float32Array } | undefined;
}

/** Everything that continues a training exactly: structured-clonable. */
export interface Checkpoint {
  readonly state: ReadonlyMap<number, OpState>;
  /** First and second moments by variable name; empty for a warm start with a fresh optimiser. */
  readonly moments: ReadonlyMap<string, readonly [Float32Array, Float32Array]>;
  readonly epoch: number;
  readonly step: number;
}

/** Shape of the weights of an operator, and the number of inputs that feed one output. */
function weightShape(network: Network, op: WeightedOp): { shape: number[]; fanIn: number; outputs: number } {
  const input = shapeOf(network, op.inputs[0] ?? -1);
  const channels = input.at(-1) ?? 1;
  switch (op.kind) {
    case 'conv_2d': {
      const shape = [...op.kernel, channels / op.groups, op.filters];
      return { shape, fanIn: (op.kernel[0] * op.kernel[1] * channels) / op.groups, outputs: op.filters };
    }
    case 'depthwise_conv_2d': {
      const shape = [...op.kernel, channels, op.depthMultiplier];
      return { shape, fanIn: op.kernel[0] * op.kernel[1], outputs: channels * op.depthMultiplier };
    }
    case 'fully_connected': {
      const features = input.reduce((a, b) => a * b, 1);
      return { shape: [features, op.units], fanIn: features, outputs: op.units };
    }
  }
}

/** He's initialisation: normal with variance 2 / fan-in (https://arxiv.org/abs/1502.01852). */
export function initialState(network: Network, seed: number): Map<number, OpState> {
  const state = new Map<number, OpState>();
  for (const op of network.ops) {
    if (!isWeighted(op)) continue;
    const { shape, fanIn, outputs } = weightShape(network, op);
    const source = random(seed, 'weights', op.index);
    const deviation = Math.sqrt(2 / fanIn);
    const size = shape.reduce((a, b) => a * b, 1);
    state.set(op.index, {
      shape,
      weights: Float32Array.from({ length: size }, () => source.normal() * deviation),
      bias: new Float32Array(outputs),
      norm: op.batchNorm
        ? {
            gamma: new Float32Array(outputs).fill(1),
            mean: new Float32Array(outputs),
            variance: new Float32Array(outputs).fill(1),
          }
        : undefined,
    });
  }
  return state;
}

/**
 * The trained network: normalisation folded into weights and bias, weights in the order of TFLite, operators that
 * only training needs (dropout) removed.
 */
export function fold(network: Network, state: ReadonlyMap<number, OpState>): TrainedNetwork {
  const { network: inference, kept } = withoutDropout(network);
  const parameters = new Map<number, FloatParameters>();
  for (const [index, original] of kept.entries()) {
    const op = network.ops[original];
    const numbers = state.get(original);
    if (op === undefined || numbers === undefined || !isWeighted(op)) continue;
    parameters.set(index, foldOp(op, numbers));
  }
  return { network: inference, parameters };
}

function foldOp(op: WeightedOp, { shape, weights, bias, norm }: OpState): FloatParameters {
  const outputs = bias.length;
  const factor = new Float32Array(outputs).fill(1);
  const offset = Float32Array.from(bias);
  if (norm !== undefined) {
    for (let o = 0; o < outputs; o++) {
      const f = (norm.gamma[o] ?? 1) / Math.sqrt((norm.variance[o] ?? 1) + BATCH_NORM_EPSILON);
      factor[o] = f;
      offset[o] = (bias[o] ?? 0) - (norm.mean[o] ?? 0) * f;
    }
  }
  // tfjs keeps the output channel innermost (depthwise: channel * multiplier + m, the order of both).
  const rest = weights.length / outputs;
  const depthwise = op.kind === 'depthwise_conv_2d';
  const out = new Float32Array(weights.length);
  for (let i = 0; i < rest; i++)
    for (let o = 0; o < outputs; o++)
      out[depthwise ? i * outputs + o : o * rest + i] = (weights[i * outputs + o] ?? 0) * (factor[o] ?? 1);
  const [kh = 1, kw = 1, c = 1] = shape;
  return {
    weights: out,
    weightShape:
      op.kind === 'conv_2d'
        ? [outputs, kh, kw, c]
        : op.kind === 'depthwise_conv_2d'
          ? [1, kh, kw, outputs]
          : [outputs, rest],
    bias: offset,
  };
}

/** Removes dropout and numbers the rest anew. `kept[new index]` is the old index. */
function withoutDropout(network: Network): { network: Network; kept: readonly number[] } {
  if (network.ops.every((op) => op.kind !== 'dropout'))
    return { network, kept: network.ops.map((op) => op.index) };
  const alias = new Map<number, number>();
  const real = (id: number): number => {
    const source = alias.get(id);
    return source === undefined ? id : real(source);
  };
  for (const op of network.ops) if (op.kind === 'dropout') alias.set(op.output, op.inputs[0] ?? op.output);
  const ops = network.ops
    .filter((op) => op.kind !== 'dropout')
    .map((op, index) => ({ op: { ...op, index, inputs: op.inputs.map(real) }, old: op.index }));
  return {
    network: {
      ...network,
      ops: ops.map(({ op }) => op),
      outputs: network.outputs.map(real),
      tensors: network.tensors.filter((t) => !alias.has(t.id)),
    },
    kept: ops.map(({ old }) => old),
  };
}
