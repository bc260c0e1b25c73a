/** A transposed convolution as a convolution for each phase of its stride. */

import type { Call } from './call.ts';
import { convolutionCall, type Convolution } from './sums.ts';

type Transposed = Omit<Convolution, 'spread' | 'dilation' | 'groups'>;

interface Phase {
  /** Outputs along the axis that belong to it. */
  readonly outputs: number;
  /** Taps that fall on them, in the order in which they meet the input. */
  readonly taps: readonly number[];
  readonly before: number;
}

/**
 * Output `phase + stride * i` takes from input `i + base - j` through tap `first + stride * j`: a convolution whose taps stand
 * the other way round. `before` is the padding of the convolution of which this is the gradient.
 */
function phaseOf(phase: number, stride: number, kernel: number, before: number, outputs: number): Phase {
  const first = (phase + before) % stride;
  const base = (phase + before - first) / stride;
  const count = Math.max(0, Math.ceil((kernel - first) / stride));
  const taps = Array.from({ length: count }, (_, j) => first + stride * (count - 1 - j));
  return { outputs: Math.max(0, Math.ceil((outputs - phase) / stride)), taps, before: count - 1 - base };
}

/** `weights` are `[outputs][kernel height][kernel width][channels]`. */
export function transposedConvolutionCalls(layer: Transposed): readonly Call[] {
  const [, , channels] = layer.input;
  const [outHeight, outWidth, outputs] = layer.output;
  const [kh, kw] = layer.kernel;
  const calls: Call[] = [];
  for (let y = 0; y < layer.stride[0]; y++) {
    for (let x = 0; x < layer.stride[1]; x++) {
      const rows = phaseOf(y, layer.stride[0], kh, layer.before[0], outHeight);
      const columns = phaseOf(x, layer.stride[1], kw, layer.before[1], outWidth);
      if (rows.outputs === 0 || columns.outputs === 0) continue;
      const met = rows.taps.flatMap((i) => columns.taps.map((j) => (i * kw + j) * channels));
      // Where the kernel is smaller than the stride, some outputs are the bias alone: one tap, of weights of zero.
      const window = Math.max(1, met.length) * channels;
      const weights = new Int8Array(outputs * window);
      for (let o = 0; o < outputs; o++)
        met.forEach((tap, at) => {
          const from = o * kh * kw * channels + tap;
          weights.set(layer.sums.weights.subarray(from, from + channels), o * window + at * channels);
        });
      const isMet = met.length > 0;
      calls.push(
        convolutionCall('conv2d', {
          ...layer,
          output: [rows.outputs, columns.outputs, outputs],
          spread: {
            first: (y * outWidth + x) * outputs,
            row: layer.stride[0] * outWidth * outputs,
            pixel: layer.stride[1] * outputs,
          },
          kernel: isMet ? [rows.taps.length, columns.taps.length] : [1, 1],
          stride: [1, 1],
          dilation: [1, 1],
          before: isMet ? [rows.before, columns.before] : [0, 0],
          groups: 1,
          sums: { ...layer.sums, weights },
        }),
      );
    }
  }
  return calls;
}
