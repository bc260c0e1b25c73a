import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { QuantizedNetwork } from '../../space/trained.ts';
import { initBackend } from '../backend.ts';
import { clampInt8, multiply, quantizeMultiplier } from '../int8/fixed-point.ts';
import { createInt8Interpreter } from '../int8/interpreter.ts';
import { random } from '../random.ts';
import { NetworkBuilder } from '../testing.ts';
import { transposedConvolutions } from './transposed-convolution.ts';

const small = (max: number) => fc.integer({ min: 1, max });
const shapes = fc.record({
  h: small(5),
  w: small(6),
  channels: small(5),
  filters: small(5),
  kernel: fc.tuple(small(4), small(4)),
  stride: fc.tuple(small(3), small(3)),
  padding: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
  seed: fc.integer(),
});

type Case = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

function built({ h, w, channels, ...window }: Case) {
  const network = new NetworkBuilder([h, w, channels]).op('transpose_conv', window).network();
  const [op] = network.ops;
  assert.ok(op?.kind === 'transpose_conv');
  return { network, op, made: network.tensors[1]?.shape ?? [] };
}

describe('the transposed convolution', () => {
  before(async () => {
    await initBackend({ prefer: 'wasm' });
  });

  it('is that of tfjs, with its gradients, for any window', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (s) => {
        const { op, made } = built(s);
        const source = random(s.seed);
        const [outHeight = 1, outWidth = 1, outputs = 1] = made;
        const sizes = [
          [2, s.h, s.w, s.channels],
          [...s.kernel, s.channels, s.filters],
          [2, outHeight, outWidth, outputs],
        ] as const;
        const [x, filter, weight] = sizes.map((size) =>
          Float32Array.from({ length: size.reduce((a, b) => a * b, 1) }, () => source.normal()),
        ) as [Float32Array, Float32Array, Float32Array];
        const run = (linear: (x: tf.Tensor4D, f: tf.Tensor4D) => tf.Tensor): Float32Array[] =>
          tf.tidy(() => {
            const loss = tf.grads((a: tf.Tensor, f: tf.Tensor) =>
              tf.sum(tf.mul(linear(a as tf.Tensor4D, f as tf.Tensor4D), tf.tensor(weight, [...sizes[2]]))),
            );
            const given = [tf.tensor(x, [...sizes[0]]), tf.tensor(filter, [...sizes[1]])];
            const value = linear(given[0] as tf.Tensor4D, given[1] as tf.Tensor4D);
            return [value, ...loss(given)].map((each) => each.dataSync<'float32'>().slice());
          });
        const ours = run((a, f) => transposedConvolutions.transpose_conv.linear(op, a, f, false));
        await tf.setBackend('cpu');
        const theirs = run((a, f) =>
          tf.conv2dTranspose(
            a,
            tf.transpose(f, [0, 1, 3, 2]),
            [2, outHeight, outWidth, outputs],
            s.stride,
            s.padding,
          ),
        );
        await tf.setBackend('wasm');
        ours.forEach((values, which) => {
          assert.equal(values.length, theirs[which]?.length);
          values.forEach((value, i) => {
            assert.ok(Math.abs(value - (theirs[which]?.[i] ?? NaN)) < 1e-4, `${String(which)}: ${String(i)}`);
          });
        });
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it('spreads each place of an 8-bit input over a window of the output', () => {
    fc.assert(
      fc.property(shapes, (s) => {
        const { network, made } = built(s);
        const source = random(s.seed);
        const [outHeight = 1, outWidth = 1, outputs = 1] = made;
        const [kh, kw] = s.kernel;
        const scale = Float32Array.from({ length: outputs }, () => 0.01 + 0.02 * source.unit());
        const weights = Int8Array.from(
          { length: outputs * kh * kw * s.channels },
          () => source.int(255) - 127,
        );
        const bias = Int32Array.from({ length: outputs }, () => source.int(20000) - 10000);
        const input = Int8Array.from({ length: s.h * s.w * s.channels }, () => source.int(256) - 128);
        const quantization = (step: number, zero: number) => ({
          scale: Float32Array.of(step),
          zeroPoint: Int32Array.of(zero),
        });
        const quantized: QuantizedNetwork = {
          network,
          activations: new Map([
            [0, quantization(0.02, -7)],
            [1, quantization(0.9, 11)],
          ]),
          parameters: new Map([
            [
              0,
              {
                weights,
                weightShape: [outputs, kh, kw, s.channels],
                weightQuantization: { scale, zeroPoint: new Int32Array(outputs) },
                bias,
              },
            ],
          ]),
        };
        // The padding of the convolution that would bring the output back to the input (TFLite, kernels/padding.h).
        const cut = (places: number, kernel: number, stride: number, size: number): number =>
          s.padding === 'valid' ? 0 : Math.floor(Math.max(0, (places - 1) * stride + kernel - size) / 2);
        const top = cut(s.h, kh, s.stride[0], outHeight);
        const left = cut(s.w, kw, s.stride[1], outWidth);
        const sums = new Float64Array(outHeight * outWidth * outputs);
        for (let h = 0; h < s.h; h++)
          for (let w = 0; w < s.w; w++)
            for (let i = 0; i < kh; i++)
              for (let j = 0; j < kw; j++) {
                const row = h * s.stride[0] + i - top;
                const column = w * s.stride[1] + j - left;
                if (row < 0 || column < 0 || row >= outHeight || column >= outWidth) continue;
                for (let o = 0; o < outputs; o++)
                  for (let c = 0; c < s.channels; c++) {
                    const value = (input[(h * s.w + w) * s.channels + c] ?? 0) + 7;
                    const at = (row * outWidth + column) * outputs + o;
                    sums[at] =
                      (sums[at] ?? 0) + value * (weights[((o * kh + i) * kw + j) * s.channels + c] ?? 0);
                  }
              }
        const wanted = [...sums].map((sum, at) => {
          const o = at % outputs;
          const factor = quantizeMultiplier((Math.fround(0.02) * (scale[o] ?? 0)) / Math.fround(0.9));
          return clampInt8(multiply(sum + (bias[o] ?? 0), factor) + 11);
        });
        assert.deepEqual([...createInt8Interpreter(quantized).run(input)], wanted);
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});
