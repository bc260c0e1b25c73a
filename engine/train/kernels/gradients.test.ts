import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { initBackend } from '../backend.ts';
import { convolve } from '../operators/convolution.ts';
import { convFilterGrad, convInputGrad, depthwiseFilterGrad, depthwiseInputGrad } from './gradients.ts';
import { registerGradients } from './gradients.ts';

interface Case {
  n: number;
  h: number;
  w: number;
  c: number;
  k: number;
  kh: number;
  kw: number;
  sh: number;
  sw: number;
  dh: number;
  dw: number;
  pad: 'same' | 'valid';
}

const small = (max: number) => fc.integer({ min: 1, max });
const anyCase = (dilated: boolean): fc.Arbitrary<Case> =>
  fc
    .record({
      n: small(3),
      h: small(9),
      w: small(11),
      c: small(9),
      k: small(9),
      kh: small(4),
      kw: small(5),
      sh: small(3),
      sw: small(3),
      dh: dilated ? fc.integer({ min: 1, max: 3 }) : fc.constant(1),
      dw: dilated ? fc.integer({ min: 1, max: 3 }) : fc.constant(1),
      pad: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
    })
    .filter((s) => s.pad === 'same' || ((s.kh - 1) * s.dh < s.h && (s.kw - 1) * s.dw < s.w));

function values(length: number, seed: number): Float32Array {
  const out = new Float32Array(length);
  let state = seed >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = state / 2 ** 31 - 1;
  }
  return out;
}

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < actual.length; i++) {
    const a = actual[i] ?? NaN;
    const e = expected[i] ?? NaN;
    assert.ok(Math.abs(a - e) <= 1e-4 * (1 + Math.abs(e)), `${what}[${String(i)}]: ${a} instead of ${e}`);
  }
}

/** The sum that defines the four gradients, in doubles. */
function reference(
  s: Case,
  x: Float32Array,
  f: Float32Array,
  dy: Float32Array,
  info: tf.backend_util.Conv2DInfo,
  depthwise: boolean,
) {
  const dx = new Float64Array(x.length);
  const df = new Float64Array(f.length);
  const { outHeight, outWidth, outChannels: out, padInfo } = info;
  const per = depthwise ? s.k : out;
  for (let n = 0; n < s.n; n++)
    for (let oh = 0; oh < outHeight; oh++)
      for (let ow = 0; ow < outWidth; ow++)
        for (let i = 0; i < s.kh; i++)
          for (let j = 0; j < s.kw; j++) {
            const h = oh * s.sh + i * s.dh - padInfo.top;
            const w = ow * s.sw + j * s.dw - padInfo.left;
            if (h < 0 || w < 0 || h >= s.h || w >= s.w) continue;
            for (let c = 0; c < s.c; c++)
              for (let k = 0; k < per; k++) {
                const xi = ((n * s.h + h) * s.w + w) * s.c + c;
                const fi = ((i * s.kw + j) * s.c + c) * per + k;
                const yi = ((n * outHeight + oh) * outWidth + ow) * out + (depthwise ? c * s.k + k : k);
                const g = dy[yi] ?? NaN;
                df[fi] = (df[fi] ?? NaN) + (x[xi] ?? NaN) * g;
                dx[xi] = (dx[xi] ?? NaN) + (f[fi] ?? NaN) * g;
              }
          }
  return { dx, df };
}

/** Compares the two gradients with the defining sum, and without dilation also with tfjs's CPU backend. */
async function check(s: Case, depthwise: boolean): Promise<void> {
  const shape: [number, number, number, number] = [s.n, s.h, s.w, s.c];
  const filterShape: [number, number, number, number] = [s.kh, s.kw, s.c, s.k];
  const info = tf.backend_util.computeConv2DInfo(
    shape,
    filterShape,
    [s.sh, s.sw],
    [s.dh, s.dw],
    s.pad,
    undefined,
    depthwise,
  );
  const x = values(s.n * s.h * s.w * s.c, 1);
  const f = values(s.kh * s.kw * s.c * s.k, 2);
  const dy = values(
    info.outShape.reduce((a, b) => a * b),
    3,
  );
  const tensors = tf.memory().numTensors;
  const [df, dx] = tf.tidy(() => {
    const xt = tf.tensor4d(x, shape);
    const ft = tf.tensor4d(f, filterShape);
    const dyt = tf.tensor4d(dy, info.outShape);
    const both = depthwise
      ? [depthwiseFilterGrad(xt, dyt, info), depthwiseInputGrad(dyt, ft, info)]
      : [convFilterGrad(xt, dyt, info), convInputGrad(dyt, ft, info)];
    return both.map((tensor) => tensor.dataSync());
  });
  assert.equal(tf.memory().numTensors, tensors, 'a tensor leaked');
  assert.ok(df !== undefined && dx !== undefined);
  const truth = reference(s, x, f, dy, info, depthwise);
  close(df, truth.df, 'filter gradient');
  close(dx, truth.dx, 'input gradient');
  if (s.dh !== 1 || s.dw !== 1) return;
  // Through tfjs's own differentiation, on both backends.
  const differentiate = () =>
    tf.tidy(() => {
      const run = (a: tf.Tensor, b: tf.Tensor) =>
        tf.sum(
          tf.mul(
            depthwise
              ? tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, [s.sh, s.sw], s.pad)
              : tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, [s.sh, s.sw], s.pad),
            tf.tensor4d(dy, info.outShape),
          ),
        );
      return tf
        .grads(run)([tf.tensor4d(x, shape), tf.tensor4d(f, filterShape)])
        .map((g) => g.dataSync());
    });
  const here = differentiate();
  await tf.setBackend('cpu');
  try {
    const there = differentiate();
    close(here[0] ?? [], there[0] ?? [], 'input gradient against the CPU backend');
    close(here[1] ?? [], there[1] ?? [], 'filter gradient against the CPU backend');
  } finally {
    await tf.setBackend('wasm');
  }
}

for (const composed of [false, true]) {
  describe(`${composed ? 'composed' : 'native'} gradients on WebAssembly`, () => {
    before(async () => {
      await initBackend({ prefer: 'wasm' });
      assert.equal(registerGradients(composed), !composed);
    });
    for (const depthwise of [false, true]) {
      for (const dilated of [false, true]) {
        it(`${depthwise ? 'depthwise ' : ''}convolution${dilated ? ' with dilation' : ''}`, async () => {
          await fc.assert(
            fc.asyncProperty(anyCase(dilated), (s) => check(s, depthwise)),
            { numRuns: 60, seed: 7 },
          );
        });
      }
    }
    it('maximum pooling, ties to the first', async () => {
      const differentiate = () =>
        tf.tidy(() => {
          const x = tf.tensor4d(
            values(2 * 7 * 8 * 5, 4).map((v) => Math.round(v * 2)),
            [2, 7, 8, 5],
          );
          return tf
            .grad((a: tf.Tensor) => tf.sum(tf.square(tf.maxPool(a as tf.Tensor4D, [3, 2], [2, 2], 'same'))))(
              x,
            )
            .dataSync();
        });
      const here = differentiate();
      await tf.setBackend('cpu');
      const there = differentiate();
      await tf.setBackend('wasm');
      close(here, there, 'max pool gradient');
    });
  });
}

/** Against the CPU backend, on which tfjs's kernels are plain loops. */
async function sameOnCpu(compute: () => tf.Tensor): Promise<void> {
  const run = () => tf.tidy(() => compute().dataSync());
  const here = run();
  await tf.setBackend('cpu');
  const there = run();
  await tf.setBackend('wasm');
  close(here, there, 'value');
}

describe('kernels on WebAssembly', () => {
  before(async () => {
    await initBackend({ prefer: 'wasm' });
    registerGradients();
  });

  it('adds equal shapes, rows, and whatever else broadcasts', async () => {
    const of = (...shape: number[]) =>
      tf.tensor(
        values(
          shape.reduce((a, b) => a * b, 1),
          shape.length,
        ),
        shape,
      );
    await sameOnCpu(() => tf.add(of(3, 5, 7), of(3, 5, 7)));
    await sameOnCpu(() => tf.add(of(3, 5, 7), of(7)));
    await sameOnCpu(() => tf.add(of(7), of(3, 5, 7)));
    await sameOnCpu(() => tf.add(of(3, 5, 7), of(3, 1, 7)));
    await sameOnCpu(() => tf.add(of(2, 3), tf.scalar(2)));
    await sameOnCpu(() => tf.add(tf.tensor([1, 2, 3], [3], 'int32'), tf.tensor([4, 5, 6], [3], 'int32')));
  });

  it('convolves with strides beyond the window', async () => {
    for (const depthwise of [false, true]) {
      for (const [h, w, kernel, stride] of [
        [28, 28, 3, 4],
        [8, 9, 2, 4],
        [9, 8, 2, 4],
        [28, 28, 5, 7],
      ] as const) {
        const window = { stride: [stride, stride], dilation: [1, 1], padding: 'same' } as const;
        await sameOnCpu(() =>
          convolve(
            tf.tensor4d(values(2 * h * w * 3, 1), [2, h, w, 3]),
            tf.tensor4d(values(kernel * kernel * 6, 2), [kernel, kernel, 3, 2]),
            window,
            depthwise,
          ),
        );
      }
    }
  });
});
