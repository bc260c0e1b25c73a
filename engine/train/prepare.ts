/**
 * Makes a trained network one that 8-bit kernels can run: a fused activation that is no clamp becomes an operator of its
 * own, and what joins tensors of one scale reads those whose scale is fixed (the image, a softmax, a sigmoid) through a
 * `quantize`.
 */

import { rowOf } from '../operators/catalogue.ts';
import { outputsOf, type Network, type Op, type OpTemplate, type Tensor } from '../space/network.ts';
import type { FloatParameters, TrainedNetwork } from '../space/trained.ts';
import { toInt8 } from './operators/formats.ts';
import { fused } from './operators/fused.ts';

export function prepareForInt8({ network, parameters }: TrainedNetwork): TrainedNetwork {
  const tensors: Tensor[] = [...network.tensors];
  const ops: Op[] = [];
  const numbers = new Map<number, FloatParameters>();
  let next = Math.max(0, ...tensors.map((t) => t.id)) + 1;
  const copyOf = (id: number): number => {
    const original = tensors.find((t) => t.id === id);
    if (original === undefined) throw new Error(`The network has no tensor ${String(id)}.`);
    tensors.push({ ...original, id: next });
    return next++;
  };
  const push = (op: Op): void => {
    ops.push({ ...op, index: ops.length });
  };
  const insert = (
    template: OpTemplate,
    name: string,
    input: number,
    output: number,
    { source }: Op,
  ): void => {
    push({ ...template, index: 0, name, inputs: [input], output, moreOutputs: [], source });
  };
  const fixed = fixedTensors(network);
  for (const op of network.ops) {
    let current = op;
    if (joinsOneScale(op)) {
      const inputs = op.inputs.map((input, i) => {
        if (!fixed.has(input)) return input;
        const output = copyOf(input);
        insert(toInt8, `${op.name}/quantize.${String(i)}`, input, output, op);
        return output;
      });
      current = { ...op, inputs };
    }
    const own = parameters.get(op.index);
    if (own !== undefined) numbers.set(ops.length, own);
    const alone = aloneAfter(current);
    if (alone !== undefined && 'activation' in current) {
      const between = copyOf(current.output);
      push({ ...current, activation: 'none', output: between });
      insert(alone, `${op.name}/${alone.kind}`, between, op.output, op);
    } else {
      push(current);
    }
  }
  return { network: { ...network, tensors, ops }, parameters: numbers };
}

const joinsOneScale = ({ kind, inputs }: Op): boolean =>
  rowOf(kind).int8.scale === 'shared' && inputs.length > 1;

const aloneAfter = (op: Op): OpTemplate | undefined =>
  'activation' in op ? fused[op.activation].alone : undefined;

/** Tensors that cannot take the scale of their neighbours. */
function fixedTensors(network: Network): ReadonlySet<number> {
  const fixed = new Set(network.inputs);
  for (const op of network.ops) {
    const { scale } = rowOf((aloneAfter(op) ?? op).kind).int8;
    const passes = scale === 'shared' && !joinsOneScale(op) && op.inputs.some((id) => fixed.has(id));
    if (typeof scale === 'object' || passes) for (const id of outputsOf(op)) fixed.add(id);
  }
  return fixed;
}
