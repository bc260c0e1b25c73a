/**
 * 8-bit operators without weights, after TFLite's reference kernels. Tensors are `[h, w, c]` or `[features]`,
 * row-major, batch 1.
 */

import type { Pair, Shape } from '../../space/network.ts';
import { clampInt8, divideByPower, doublingHighMul, multiply, quantizeMultiplier } from './fixed-point.ts';

export interface Quantized {
  readonly data: Int8Array;
  readonly shape: Shape;
  readonly scale: number;
  readonly zero: number;
}

export interface Limits {
  readonly low: number;
  readonly high: number;
}

export interface PoolWindow {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Rows and columns of padding at the top and the left. */
  readonly before: Pair;
}

/** Applies `each` to the part of every window that lies inside the image. */
function pool(
  x: Quantized,
  y: Quantized,
  { kernel, stride, before }: PoolWindow,
  each: (channel: number, rows: readonly [number, number], columns: readonly [number, number]) => number,
): void {
  const [height = 1, width = 1] = x.shape;
  const [outHeight = 1, outWidth = 1, channels = 1] = y.shape;
  let at = 0;
  for (let oh = 0; oh < outHeight; oh++) {
    const top = oh * stride[0] - before[0];
    const rows = [Math.max(0, top), Math.min(height, top + kernel[0])] as const;
    for (let ow = 0; ow < outWidth; ow++) {
      const left = ow * stride[1] - before[1];
      const columns = [Math.max(0, left), Math.min(width, left + kernel[1])] as const;
      for (let c = 0; c < channels; c++) y.data[at++] = each(c, rows, columns);
    }
  }
}

export function maxPool(x: Quantized, y: Quantized, window: PoolWindow, { low, high }: Limits): void {
  const [, width = 1, channels = 1] = x.shape;
  const { data } = x;
  pool(x, y, window, (c, rows, columns) => {
    let best = -128;
    for (let h = rows[0]; h < rows[1]; h++)
      for (let w = columns[0]; w < columns[1]; w++)
        best = Math.max(best, data[(h * width + w) * channels + c] ?? 0);
    return Math.min(high, Math.max(low, best));
  });
}

export function averagePool(x: Quantized, y: Quantized, window: PoolWindow, { low, high }: Limits): void {
  const [, width = 1, channels = 1] = x.shape;
  const { data } = x;
  pool(x, y, window, (c, rows, columns) => {
    let sum = 0;
    for (let h = rows[0]; h < rows[1]; h++)
      for (let w = columns[0]; w < columns[1]; w++) sum += data[(h * width + w) * channels + c] ?? 0;
    const count = (rows[1] - rows[0]) * (columns[1] - columns[0]);
    const half = Math.trunc(count / 2);
    return Math.min(high, Math.max(low, Math.trunc((sum > 0 ? sum + half : sum - half) / count)));
  });
}

/** `[h, w, c] -> [c]`. The mean's multiplier takes the number of pixels in (`QuantizedMeanOrSum`). */
export function meanOverPixels(x: Quantized, y: Quantized): () => void {
  const [height = 1, width = 1, channels = 1] = x.shape;
  const pixels = height * width;
  const base = quantizeMultiplier(x.scale / y.scale);
  const bits = Math.min(31 - Math.clz32(pixels), 32, 31 + base.shift);
  const factor = {
    value: Number((BigInt(base.value) << BigInt(bits)) / BigInt(pixels)),
    shift: base.shift - bits,
  };
  const sums = new Int32Array(channels);
  return () => {
    sums.fill(-x.zero * pixels);
    for (let i = 0; i < x.data.length; i++) {
      const c = i % channels;
      sums[c] = (sums[c] ?? 0) + (x.data[i] ?? 0);
    }
    for (let c = 0; c < channels; c++) y.data[c] = clampInt8(multiply(sums[c] ?? 0, factor) + y.zero);
  };
}

export function maxOverPixels(x: Quantized, y: Quantized): void {
  const channels = y.data.length;
  y.data.fill(-128);
  for (let i = 0; i < x.data.length; i++) {
    const c = i % channels;
    y.data[c] = Math.max(y.data[c] ?? 0, x.data[i] ?? 0);
  }
}

/** Bits by which the inputs of an addition are raised before they are scaled. */
const ADD_LEFT_SHIFT = 20;

/** `a + b`, or `a - b` for sign -1; one of them may be one value per channel. */
export function addition(
  a: Quantized,
  b: Quantized,
  y: Quantized,
  sign: 1 | -1,
  { low, high }: Limits,
): () => void {
  const twice = 2 * Math.max(a.scale, b.scale);
  const ma = quantizeMultiplier(a.scale / twice);
  const mb = quantizeMultiplier(b.scale / twice);
  const my = quantizeMultiplier(twice / (2 ** ADD_LEFT_SHIFT * y.scale));
  const scaled = (from: Quantized, m: typeof ma) =>
    Int32Array.from({ length: 256 }, (_, i) =>
      divideByPower(doublingHighMul((i - 128 - from.zero) * 2 ** ADD_LEFT_SHIFT, m.value), -m.shift),
    );
  const ta = scaled(a, ma);
  const tb = scaled(b, mb);
  const [na, nb] = [a.data.length, b.data.length];
  return () => {
    const { data } = y;
    for (let i = 0; i < data.length; i++) {
      const sum = (ta[(a.data[i % na] ?? 0) + 128] ?? 0) + sign * (tb[(b.data[i % nb] ?? 0) + 128] ?? 0);
      const q = multiply(sum, my) + y.zero;
      data[i] = q < low ? low : q > high ? high : q;
    }
  };
}

/** Elementwise product; one of them may be one value per channel. */
export function product(a: Quantized, b: Quantized, y: Quantized, { low, high }: Limits): () => void {
  const factor = quantizeMultiplier((a.scale * b.scale) / y.scale);
  const [na, nb] = [a.data.length, b.data.length];
  return () => {
    for (let i = 0; i < y.data.length; i++) {
      const raw = ((a.data[i % na] ?? 0) - a.zero) * ((b.data[i % nb] ?? 0) - b.zero);
      const q = multiply(raw, factor) + y.zero;
      y.data[i] = q < low ? low : q > high ? high : q;
    }
  };
}

/** Along the channels; all of one scale and zero point. */
export function concatenate(inputs: readonly Quantized[], y: Quantized): void {
  const channels = y.shape.at(-1) ?? 1;
  const pixels = y.data.length / channels;
  let offset = 0;
  for (const x of inputs) {
    const own = x.shape.at(-1) ?? 1;
    for (let p = 0; p < pixels; p++)
      y.data.set(x.data.subarray(p * own, (p + 1) * own), p * channels + offset);
    offset += own;
  }
}

export function pad(x: Quantized, y: Quantized, before: Pair): void {
  const [height = 1, width = 1, channels = 1] = x.shape;
  const outWidth = y.shape[1] ?? 1;
  y.data.fill(y.zero);
  for (let h = 0; h < height; h++)
    y.data.set(
      x.data.subarray(h * width * channels, (h + 1) * width * channels),
      ((h + before[0]) * outWidth + before[1]) * channels,
    );
}

/** Neither aligned corners nor half pixel centres. */
export function resizeNearest(x: Quantized, y: Quantized): void {
  const [height = 1, width = 1, channels = 1] = x.shape;
  const [outHeight = 1, outWidth = 1] = y.shape;
  const source = (i: number, size: number, outSize: number) =>
    Math.min(size - 1, Math.floor(Math.fround(i * Math.fround(size / outSize))));
  for (let h = 0; h < outHeight; h++)
    for (let w = 0; w < outWidth; w++) {
      const from = (source(h, height, outHeight) * width + source(w, width, outWidth)) * channels;
      y.data.set(x.data.subarray(from, from + channels), (h * outWidth + w) * channels);
    }
}

/** Fraction bits of an interpolated coordinate (`ResizeBilinearInteger`). */
const COORDINATE_ONE = 1 << 10;

/** Neither aligned corners nor half pixel centres. */
export function resizeBilinear(x: Quantized, y: Quantized): void {
  const [height = 1, width = 1, channels = 1] = x.shape;
  const [outHeight = 1, outWidth = 1] = y.shape;
  const step = (size: number, out: number) => Math.trunc((COORDINATE_ONE * size + Math.trunc(out / 2)) / out);
  const place = (i: number, scale: number, size: number) => {
    const at = i * scale;
    const low = Math.max(0, Math.trunc(at / COORDINATE_ONE));
    return { at, low, high: Math.min(Math.trunc((at + COORDINATE_ONE - 1) / COORDINATE_ONE), size - 1) };
  };
  let to = 0;
  for (let h = 0; h < outHeight; h++) {
    const v = place(h, step(height, outHeight), height);
    for (let w = 0; w < outWidth; w++) {
      const u = place(w, step(width, outWidth), width);
      const below = v.at - COORDINATE_ONE * v.low;
      const right = u.at - COORDINATE_ONE * u.low;
      for (let c = 0; c < channels; c++) {
        const value = (row: number, column: number) => x.data[(row * width + column) * channels + c] ?? 0;
        const sum =
          value(v.low, u.low) * (COORDINATE_ONE - below) * (COORDINATE_ONE - right) +
          value(v.high, u.low) * below * (COORDINATE_ONE - right) +
          value(v.low, u.high) * (COORDINATE_ONE - below) * right +
          value(v.high, u.high) * below * right;
        y.data[to++] = Math.trunc((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / 2 ** 20);
      }
    }
  }
}

/** Over the last axis; output scale 1/256, zero point -128. Within one step of TFLite, which uses a table. */
export function softmax(x: Quantized, y: Quantized): void {
  const classes = x.shape.at(-1) ?? 1;
  const exponentials = new Float64Array(classes);
  for (let start = 0; start < x.data.length; start += classes) {
    let greatest = -128;
    for (let c = 0; c < classes; c++) greatest = Math.max(greatest, x.data[start + c] ?? 0);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const e = Math.exp(((x.data[start + c] ?? 0) - greatest) * x.scale);
      exponentials[c] = e;
      sum += e;
    }
    for (let c = 0; c < classes; c++)
      y.data[start + c] = clampInt8(Math.round(((exponentials[c] ?? 0) / sum) * 256) - 128);
  }
}
