/**
 * Runs a quantised network as TFLite's reference kernels do, bit for bit (softmax within one step). What the search
 * reports as accuracy is what this computes.
 */

import { elementsOf, outputsOf } from '../../space/network.ts';
import type { QuantizedNetwork } from '../../space/trained.ts';
import { atLeastOne } from '../forward.ts';
import { isWeighted, kernelsOf, storedWeights, weightedOf } from '../operators/catalogue.ts';
import { type Addressed, fill, place } from '../operators/weighted.ts';
import { MemoryLayout } from './memory.ts';

export interface Int8Interpreter {
  /** One input, `[...input shape]`, to one output. The result is a view that the next run overwrites. */
  run(input: Int8Array): Int8Array;
  /** The values of an activation tensor after a run; for comparison and for debugging. */
  tensor(id: number): Int8Array;
}

export function createInt8Interpreter(quantized: QuantizedNetwork): Int8Interpreter {
  const { network } = quantized;
  const layout = new MemoryLayout();
  const addresses = new Map(network.tensors.map((t) => [t.id, layout.reserve(elementsOf(t.shape))]));
  const placed = new Map(
    network.ops.filter(isWeighted).map((op) => {
      const parameters = quantized.parameters.get(op.index);
      if (parameters === undefined) throw new Error(`${op.name} has no quantised weights.`);
      return [op.index, { at: place(layout, storedWeights(op), parameters), parameters }];
    }),
  );
  const memory = layout.open();
  const tensors = new Map(
    network.tensors.map((t): [number, Addressed] => {
      const q = quantized.activations.get(t.id);
      const address = addresses.get(t.id) ?? 0;
      const data = new Int8Array(memory.buffer, address, elementsOf(t.shape));
      return [t.id, { data, address, shape: t.shape, scale: q?.scale[0] ?? 1, zero: q?.zeroPoint[0] ?? 0 }];
    }),
  );
  const tensor = (id: number | undefined) => {
    const found = tensors.get(id ?? -1);
    if (found === undefined) throw new Error(`The network has no tensor ${String(id)}.`);
    return found;
  };
  const steps = network.ops.map((op): (() => void) => {
    const inputs = atLeastOne(op, op.inputs.map(tensor));
    const outputs = atLeastOne(op, outputsOf(op).map(tensor));
    if (!isWeighted(op)) return kernelsOf(op).int8(op, inputs, outputs);
    const weights = placed.get(op.index);
    if (weights === undefined) throw new Error(`${op.name} has no quantised weights.`);
    const [[x], [y]] = [inputs, outputs];
    fill(memory, storedWeights(op), weights.at, weights.parameters, x.scale, y.scale);
    return weightedOf(op).step(op, memory, weights.at, x, y, weights.parameters);
  });
  const input = tensor(network.inputs[0]);
  const output = tensor(network.outputs[0]);
  return {
    run(values) {
      input.data.set(values);
      for (const step of steps) step();
      return output.data;
    },
    tensor: (id) => tensor(id).data,
  };
}
