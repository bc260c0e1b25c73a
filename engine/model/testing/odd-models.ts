/** Models of the kinds that are found in the wild and that our exporter never writes. */

import { int32, int8 } from '../flatbuffer-writer.ts';
import { field } from '../schema.ts';
import { type AnyGraph, type AnyOperator, type AnyTensor, writeAnyModel } from './any-model.ts';
import { conv2d, optionsType, padding } from './options.ts';

const conv: Pick<AnyOperator, 'kind' | 'optionsType' | 'options'> = {
  kind: 'CONV_2D',
  optionsType: optionsType.conv2d,
  options: [
    [conv2d.padding, int8(padding.valid)],
    [conv2d.strideW, int32(1)],
    [conv2d.strideH, int32(1)],
    [conv2d.dilationW, int32(1, 0)],
    [conv2d.dilationH, int32(1, 0)],
  ],
};

const activation = (
  shape: readonly number[],
  type: AnyTensor['type'] = 'int8',
  name?: string,
): AnyTensor => ({
  shape: [1, ...shape],
  type,
  ...(name === undefined ? {} : { name }),
  scale: [0.5],
});

/** A 1x1 convolution 3 -> 4 on an 8x8 image whose last two output channels are zero, with the given zero point. */
export function withZeroChannels(type: 'int8' | 'uint8' | 'float32', zeroPoint = 0): Uint8Array {
  const values = [1, 2, 3, 0, 5, 0, 0, 0, 0, 0, 0, 0];
  const data =
    type === 'float32'
      ? new Uint8Array(Float32Array.from(values, (value, at) => (at > 9 ? -0 : value)).buffer)
      : Uint8Array.from(values, (value) => value + zeroPoint);
  return writeAnyModel([
    {
      name: 'main',
      tensors: [
        activation([8, 8, 3], type === 'float32' ? 'float32' : type),
        { shape: [4, 1, 1, 3], type, data, scale: [0.1], zeroPoint: [zeroPoint] },
        activation([8, 8, 4], type === 'float32' ? 'float32' : type, 'half'),
      ],
      inputs: [0],
      outputs: [2],
      operators: [{ ...conv, inputs: [0, 1, -1], outputs: [2] }],
    },
  ]);
}

/** A 1x1 convolution 3 -> 4 of which only the first channel is not zero, and one 4 -> 2 that reads it. */
export function withZeroChannelsInside(): Uint8Array {
  return writeAnyModel([
    {
      name: 'main',
      tensors: [
        activation([32, 32, 3]),
        {
          shape: [4, 1, 1, 3],
          type: 'int8',
          data: Uint8Array.of(1, 2, 3, ...Array<number>(9).fill(0)),
          scale: [0.1],
        },
        activation([32, 32, 4], 'int8', 'idle'),
        { shape: [2, 1, 1, 4], type: 'int8', data: new Uint8Array(8).fill(1), scale: [0.1] },
        activation([32, 32, 2], 'int8', 'out'),
      ],
      inputs: [0],
      outputs: [4],
      operators: [
        { ...conv, inputs: [0, 1, -1], outputs: [2] },
        { ...conv, inputs: [2, 3, -1], outputs: [4] },
      ],
    },
  ]);
}

/** Dynamic-range quantisation: int8 weights, float activations. */
export function hybrid(): Uint8Array {
  return writeAnyModel([
    {
      name: 'main',
      tensors: [
        activation([8, 8, 3], 'float32'),
        { shape: [4, 1, 1, 3], type: 'int8', data: new Uint8Array(12).fill(1), scale: [0.1] },
        activation([8, 8, 4], 'float32', 'mixed'),
      ],
      inputs: [0],
      outputs: [2],
      operators: [{ ...conv, inputs: [0, 1, -1], outputs: [2] }],
    },
  ]);
}

/** An operator that TFLite Micro has not, one that it has and we do not price, and one of the author's own. */
export function strangeOperators(): Uint8Array {
  return writeAnyModel([
    {
      name: 'main',
      tensors: [
        activation([8, 8, 3]),
        activation([8, 8, 3], 'int8', 'turned'),
        activation([8, 8, 3], 'int8', 'selected'),
        activation([8, 8, 3], 'int8', 'own'),
      ],
      inputs: [0],
      outputs: [3],
      operators: [
        { kind: 'TRANSPOSE', inputs: [0], outputs: [1] },
        { kind: 'REVERSE_SEQUENCE', inputs: [1], outputs: [2] },
        { kind: 'MyKernel', inputs: [2], outputs: [3] },
      ],
    },
  ]);
}

const branch = (name: string, channels: number): AnyGraph => ({
  name,
  tensors: [
    activation([8, 8, 3]),
    { shape: [channels, 1, 1, 3], type: 'int8', data: new Uint8Array(3 * channels).fill(1), scale: [0.1] },
    activation([8, 8, channels], 'int8', `${name}-conv`),
    activation([8, 8, 3], 'int8', `${name}-back`),
    { shape: [3, 1, 1, channels], type: 'int8', data: new Uint8Array(3 * channels).fill(1), scale: [0.1] },
  ],
  inputs: [0],
  outputs: [3],
  operators: [
    { ...conv, inputs: [0, 1, -1], outputs: [2] },
    { ...conv, inputs: [2, 4, -1], outputs: [3] },
  ],
});

/**
 * `main` chooses between `small` and `large`, and `forgotten` is run by nobody. `then` and `otherwise` are the numbers
 * of the graphs that it runs.
 */
export function severalGraphs(then = 1, otherwise = 2): Uint8Array {
  return writeAnyModel([
    {
      name: 'main',
      tensors: [
        activation([8, 8, 3]),
        { shape: [1], type: 'bool', name: 'condition' },
        activation([8, 8, 3], 'int8', 'chosen'),
      ],
      inputs: [0, 1],
      outputs: [2],
      operators: [
        {
          kind: 'IF',
          inputs: [1, 0],
          outputs: [2],
          optionsType: optionsType.if,
          options: [
            [field.if.then, int32(then)],
            [field.if.else, int32(otherwise)],
          ],
        },
      ],
    },
    branch('small', 4),
    branch('large', 16),
    branch('forgotten', 2),
  ]);
}

/** So many 3x3 convolutions of 16 channels one after another, with made-up weights. */
export function deepModel(layers: number): Uint8Array {
  const tensors: AnyTensor[] = [activation([24, 24, 16])];
  const operators: AnyOperator[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const from = tensors.length === 1 ? 0 : tensors.length - 1;
    const scale = Array.from({ length: 16 }, (_, channel) => 0.01 + channel / 1000);
    tensors.push({
      shape: [16, 3, 3, 16],
      type: 'int8',
      data: Uint8Array.from({ length: 2304 }, (_, at) => at * (layer + 7)),
      scale,
    });
    tensors.push({ shape: [16], type: 'int32', data: new Uint8Array(64).fill(layer), scale });
    tensors.push(activation([24, 24, 16], 'int8', `block/${layer}/conv`));
    const at = tensors.length;
    operators.push({
      ...conv,
      options: [[conv2d.padding, int8(padding.same)], ...(conv.options ?? []).slice(1)],
      inputs: [from, at - 3, at - 2],
      outputs: [at - 1],
    });
  }
  return writeAnyModel([{ name: 'main', tensors, inputs: [0], outputs: [tensors.length - 1], operators }]);
}
