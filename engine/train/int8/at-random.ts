/** Networks that nobody trained: for layers that are run to be timed or compared, where what they compute does not matter. */

import { rowOf, valuesOf } from '../../operators/catalogue.ts';
import { outputsOf, type Network, type Op, type OpKind } from '../../space/network.ts';
import type { Int8Parameters, QuantizationParameters, QuantizedNetwork } from '../../space/trained.ts';
import { isWeighted, storedWeights } from '../operators/catalogue.ts';
import { prepareForInt8 } from '../prepare.ts';
import type { Random } from '../random.ts';
import { initialState, fold } from '../state.ts';

/**
 * Scales and weights from a seed, so that a case is the same wherever it is computed. The range of what has weights is
 * `spread` times that of their sums.
 */
export function quantizedAtRandom(network: Network, source: Random, spread = 1): QuantizedNetwork {
  const prepared = prepareForInt8(fold(network, initialState(network, 11)));
  const activations = new Map<number, QuantizationParameters>();
  const put = (id: number, scale: number, zero: number) =>
    activations.set(id, { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zero) });
  for (const id of prepared.network.inputs) put(id, 1 / 255, -128);
  const parameters = new Map<number, Int8Parameters>();
  for (const op of prepared.network.ops) {
    if (rowOf(op.kind).int8.least === 0)
      for (const id of op.inputs) put(id, activations.get(id)?.scale[0] ?? 1, -128);
    const input = activations.get(op.inputs[0] ?? -1);
    const inputScale = input?.scale[0] ?? 1;
    const numbers = prepared.parameters.get(op.index);
    if (isWeighted(op) && numbers !== undefined) {
      const channels = storedWeights(op).perChannel ? numbers.bias.length : 1;
      const scale = Float32Array.from({ length: channels }, () => 0.002 + 0.004 * source.unit());
      const window = numbers.weights.length / numbers.bias.length;
      // So that the sums of a window fill the output's range.
      const gain = Math.sqrt(window) * 40 * spread;
      parameters.set(op.index, {
        weights: Int8Array.from(numbers.weights, () => source.int(255) - 127),
        weightShape: numbers.weightShape,
        weightQuantization: { scale, zeroPoint: new Int32Array(channels) },
        bias: Int32Array.from(numbers.bias, () => source.int(8000) - 4000),
      });
      put(op.output, inputScale * 0.004 * gain, source.int(60) - 30);
    } else {
      const [scale, zero] = outputOf(op, inputScale, input?.zeroPoint[0] ?? 0, source);
      put(op.output, scale, zero);
    }
  }
  shareScales(prepared.network, activations);
  return { network: prepared.network, activations, parameters };
}

type Chosen = (scale: number, source: Random) => readonly [number, number];
const clamped: Chosen = (scale) => [scale * 0.6, -128];
const summed: Chosen = (scale, source) => [scale * (1 + source.unit()), source.int(40) - 20];
const narrowed: Chosen = (scale, source) => [scale * (0.5 + 0.3 * source.unit()), source.int(40) - 20];

/** Where the values that come out have a range that does not only lie within that of those that go in. */
const chosen: Readonly<Partial<Record<OpKind, Chosen>>> = {
  relu: clamped,
  relu6: clamped,
  add: summed,
  sub: summed,
  mul: (scale, source) => [scale * scale * 40, source.int(40) - 20],
};

function outputOf(op: Op, scale: number, zero: number, source: Random): readonly [number, number] {
  const { kind } = op;
  const rule = rowOf(kind).int8.scale;
  if (typeof rule === 'object') return [rule.scale, rule.zero];
  if (rule === 'shared') return [scale, zero];
  const [own, place] = (chosen[kind] ?? narrowed)(scale, source);
  // A number that every value meets takes its part of the range.
  const { value } = valuesOf(op);
  return [typeof value === 'number' ? own + Math.abs(value) / 128 : own, place];
}

/** All inputs of what joins tensors of one scale, and its output, with the quantisation of its last input. */
function shareScales(network: Network, activations: Map<number, QuantizationParameters>): void {
  for (const op of network.ops) {
    const last = activations.get(op.inputs.at(-1) ?? -1);
    if (rowOf(op.kind).int8.scale !== 'shared' || last === undefined) continue;
    for (const id of [...op.inputs, ...outputsOf(op)]) activations.set(id, last);
  }
}
