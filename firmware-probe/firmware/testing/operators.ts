/** Operators with what this project's int8 interpreter, which answers as LiteRT does, makes of them: cases for the kernels. */

import { createInt8Interpreter } from '../../../engine/train/index.ts';
import { quantizedAtRandom } from '../../../engine/train/int8/at-random.ts';
import { int8Cases, SAMPLES } from '../../../engine/train/int8/testing.ts';
import { random, type Random } from '../../../engine/train/random.ts';
import { NetworkBuilder } from '../../../engine/train/testing.ts';
import { elementsOf, outputsOf } from '../../../engine/space/network.ts';
import type { Pair, Shape } from '../../../engine/space/network.ts';
import type { QuantizedNetwork } from '../../../engine/space/trained.ts';
import type { JobCase } from '../job.ts';
import { callsIn } from '../lower/network.ts';

export interface OperatorCase {
  readonly name: string;
  readonly job: JobCase;
  readonly expected: Int8Array;
  /** By how much a value may differ: softmax alone, which each implementation has in its own way. */
  readonly tolerance: 0 | 1;
}

/** Every operator of a network, by itself, with the inputs that it has in a run. */
export function casesOf(
  name: string,
  quantized: QuantizedNetwork,
  input: Int8Array,
): readonly OperatorCase[] {
  const interpreter = createInt8Interpreter(quantized);
  interpreter.run(input);
  return quantized.network.ops.flatMap((op) => {
    const calls = callsIn(quantized, op);
    return outputsOf(op).map((id, at): OperatorCase => {
      const expected = interpreter.tensor(id).slice();
      const job = {
        repeats: op.kind === 'softmax' ? 0 : 1,
        inputs: op.inputs.map((from) => interpreter.tensor(from).slice()),
        outputBytes: expected.length,
        calls: calls[at] ?? [],
      };
      return { name: `${name}: ${op.name}`, job, expected, tolerance: op.kind === 'softmax' ? 1 : 0 };
    });
  });
}

/** The examples of every operator, and the cases that are compared with LiteRT besides: every one that is exported. */
export const exampleCases = (): readonly OperatorCase[] =>
  int8Cases().flatMap(({ name, quantized, inputs }) =>
    casesOf(name, quantized, inputs.subarray(0, inputs.length / SAMPLES)),
  );

/** One operator behind an image of odd extents: one pixel, strides beyond the kernel, kernels beyond the image. */
function oddNetwork(source: Random): NetworkBuilder {
  const small = (most: number): number => 1 + source.int(most);
  const pair = (most: number): Pair => [small(most), small(most)];
  const shape: Shape = [small(9), small(9), small(source.int(3) === 0 ? 37 : 9)];
  const [height = 1, width = 1, channels = 1] = shape;
  const b = new NetworkBuilder(shape);
  const kernel = pair(5);
  const dilation = source.int(3) === 0 ? pair(3) : ([1, 1] as const);
  const isInside = (kernel[0] - 1) * dilation[0] < height && (kernel[1] - 1) * dilation[1] < width;
  const padding = isInside && source.int(2) === 0 ? 'valid' : 'same';
  const stride: Pair = [Math.min(height, small(4)), Math.min(width, small(4))];
  const activation = (['none', 'relu', 'relu6'] as const)[source.int(3)] ?? 'none';
  const window = { kernel, stride, padding, activation } as const;
  switch (source.int(9)) {
    case 0:
    case 1:
      return b.op('conv_2d', { ...window, dilation, filters: small(19) });
    case 2: {
      const groups = channels % 3 === 0 ? 3 : channels % 2 === 0 ? 2 : 1;
      return b.op('conv_2d', { ...window, dilation, groups, filters: groups * small(6) });
    }
    case 3:
    case 4:
      return b.op('depthwise_conv_2d', { ...window, dilation, depthMultiplier: 1 });
    case 5:
      return b.op('depthwise_conv_2d', { ...window, dilation, depthMultiplier: small(5) });
    case 6:
      return b.op('fully_connected', { units: small(23), activation });
    case 7:
      return b.op('transpose_conv', { kernel, stride, padding: 'same', filters: small(7) });
    default: {
      // A window of a pool lies in the image in part.
      const pooled = { kernel: [Math.min(kernel[0], height), Math.min(kernel[1], width)], stride } as const;
      return b.op(source.int(2) === 0 ? 'max_pool_2d' : 'average_pool_2d', { ...pooled, padding });
    }
  }
}

/** `count` operators of odd shapes, of which some have scales far from those of any trained network. */
export function* oddCases(count: number, seed: string): Generator<OperatorCase> {
  for (let i = 0; i < count; i++) {
    const source = random(seed, String(i));
    const network = oddNetwork(source).network();
    // So that outputs saturate, or are shifted to the left; or are all alike.
    const spread = [1, 1, 1, 1 / 4096, 4096][source.int(5)];
    const quantized = quantizedAtRandom(network, source, spread);
    const size = elementsOf(network.tensors[0]?.shape ?? []);
    const input = Int8Array.from({ length: size }, () => source.int(256) - 128);
    yield* casesOf(`${seed} ${i}`, quantized, input);
  }
}
