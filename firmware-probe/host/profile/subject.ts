/** Layers to run on a board: each with weights that nobody trained, and with what it must put out. */

import type { MeasuredLayer } from '../../../device-profiles/index.ts';
import { attributesOf, rowOf, valuesOf } from '../../../engine/operators/catalogue.ts';
import { outputsOf, type Network, type Op } from '../../../engine/space/network.ts';
import { createInt8Interpreter, quantizedAtRandom, random } from '../../../engine/train/index.ts';
import type { Call } from '../../firmware/lower/call.ts';
import { callsIn } from '../../firmware/lower/network.ts';

/** What tells a layer from others. */
export type LayerShape = Omit<MeasuredLayer, 'cycles'>;

export interface Subject {
  readonly layer: LayerShape;
  /** As a person reads it: `conv_2d 3x3, 14x14x8 to 14x14x16`. */
  readonly title: string;
  readonly inputs: readonly Int8Array[];
  /** One for each output; all calls of an output write it. */
  readonly outputs: readonly { readonly calls: readonly Call[]; readonly expected: Int8Array }[];
  /** Two implementations of softmax may differ by a step. */
  readonly isExact: boolean;
  /** Multiply-accumulates, and values that are read and written: more than this it hardly does. */
  readonly work: number;
}

const shapeText = (shape: readonly number[]): string => shape.join('x');

/** Only those that are written: what has its default is left out. Parts that are folded or trained have no say in a layer's time. */
function attributesIn(op: Op): Record<string, unknown> {
  const values = valuesOf(op);
  return Object.fromEntries(
    attributesOf(op.kind).flatMap(([name]) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
}

function layerOf(network: Network, op: Op): LayerShape {
  const shapeOf = (id: number): readonly number[] => network.tensors[id]?.shape ?? [];
  return {
    kind: op.kind,
    attributes: attributesIn(op),
    inputs: op.inputs.map(shapeOf),
    output: shapeOf(op.output),
  };
}

/** The same for layers that cost the same: what is only trained is left out. */
export const keyOf = ({ kind, attributes, inputs, output }: LayerShape): string =>
  JSON.stringify([kind, { ...attributes, batchNorm: undefined, bias: undefined }, inputs, output]);

function titleOf({ kind, attributes, inputs, output }: LayerShape): string {
  const kernel = attributes['kernel'];
  const window = Array.isArray(kernel) ? ` ${kernel.join('x')}` : '';
  return `${kind}${window}, ${inputs.map(shapeText).join(' and ')} to ${shapeText(output)}`;
}

/**
 * The operators of a network that take time when it runs, each by itself with the inputs that it has in a run on made-up data.
 *
 * @param skip layers that are known already, by {@link keyOf}
 * @throws Error for an operator without an int8 kernel
 */
export function subjectsOf(network: Network, skip: ReadonlySet<string> = new Set()): readonly Subject[] {
  // Most architectures of a space have no layer that another has not, which is quickly seen.
  const isKnown = (op: Op): boolean => rowOf(op.kind).trainingOnly || skip.has(keyOf(layerOf(network, op)));
  if (network.ops.every(isKnown)) return [];
  const source = random('probe');
  const quantized = quantizedAtRandom(network, source);
  const { network: prepared, parameters } = quantized;
  const interpreter = createInt8Interpreter(quantized);
  const [input = 0] = prepared.inputs;
  const size = interpreter.tensor(input).length;
  interpreter.run(Int8Array.from({ length: size }, () => source.int(256) - 128));
  const seen = new Set(skip);
  return prepared.ops.flatMap((op): readonly Subject[] => {
    if (rowOf(op.kind).trainingOnly) return [];
    const layer = layerOf(prepared, op);
    const key = keyOf(layer);
    if (seen.has(key)) return [];
    seen.add(key);
    const ids = outputsOf(op);
    const calls = callsIn(quantized, op);
    const values = op.inputs.map((id) => interpreter.tensor(id).slice());
    const weights = parameters.get(op.index)?.weights.length ?? 0;
    const expected = ids.map((id) => interpreter.tensor(id).slice());
    const moved = [...values, ...expected].reduce((sum, { length }) => sum + length, 0);
    const [height = 1, width = 1] = layer.output.length === 3 ? layer.output : [];
    return [
      {
        layer,
        title: titleOf(layer),
        inputs: values,
        outputs: ids.map((_, at) => ({ calls: calls[at] ?? [], expected: expected[at] ?? new Int8Array(0) })),
        isExact: op.kind !== 'softmax',
        work: weights * height * width + moved,
      },
    ];
  });
}
