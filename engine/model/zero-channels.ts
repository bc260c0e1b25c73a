/** Output channels whose weights are all zero: work that the file asks for and nobody needs. */

import type { FileTensor } from './decode-op.ts';
import type { ReadTensor } from './read-tensors.ts';
import { tensorType } from './schema.ts';

export interface ZeroChannels {
  /** Output channels of which every weight is zero. */
  readonly zero: number;
  readonly channels: number;
}

const elementBytes: ReadonlyMap<number, number> = new Map([
  [tensorType.int8, 1],
  [tensorType.uint8, 1],
  [tensorType.int16, 2],
  [tensorType.float16, 2],
  [tensorType.float32, 4],
]);

/** Whether the bytes of one weight are those of zero: its zero point, or a float of either sign. */
function isZero(tensor: ReadTensor, width: number, at: number, channel: number): boolean {
  const { data, type, quantization } = tensor;
  if (width === 1) {
    const zeroPoint = quantization?.zeroPoint[channel] ?? quantization?.zeroPoint[0] ?? 0;
    return data[at] === (zeroPoint & 0xff);
  }
  for (let byte = 0; byte < width; byte += 1) {
    const isSign = byte === width - 1 && (type === tensorType.float32 || type === tensorType.float16);
    if (((data[at + byte] ?? 0) & (isSign ? 0x7f : 0xff)) !== 0) return false;
  }
  return true;
}

/**
 * Finds them in a convolution's weights `[out, kh, kw, in]` or a fully connected layer's `[out, in]` (`axis` first)
 * or a depthwise convolution's `[1, kh, kw, out]` (`axis` last). `undefined` when the numbers are stored in a form
 * that is not read here, such as 4-bit or sparse.
 */
export function findZeroChannels(
  tensor: ReadTensor,
  axis: 'first' | 'last',
): { readonly zero: readonly number[]; readonly channels: number } | undefined {
  const width = elementBytes.get(tensor.type);
  const channels = tensor.shape.at(axis === 'first' ? 0 : -1) ?? 0;
  const elements = elementsOf(tensor);
  if (width === undefined || channels === 0 || tensor.data.length !== elements * width) return undefined;
  const each = elements / channels;
  const zero: number[] = [];
  for (let channel = 0; channel < channels; channel += 1) {
    let position = 0;
    for (; position < each; position += 1) {
      const element = axis === 'first' ? channel * each + position : position * channels + channel;
      if (!isZero(tensor, width, element * width, channel)) break;
    }
    if (position === each) zero.push(channel);
  }
  return { zero, channels };
}

function elementsOf({ shape }: FileTensor): number {
  return shape.reduce((product, size) => product * size, 1);
}
