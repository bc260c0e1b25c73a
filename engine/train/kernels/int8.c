/*
 * The weighted operators of TFLite's 8-bit reference kernels: convolution, depthwise convolution, fully connected
 * (a 1x1 convolution of one pixel). Exact: 32-bit accumulators, requantised by SaturatingRoundingDoublingHighMul
 * and RoundingDivideByPOT as in TFLite's MultiplyByQuantizedMultiplier with double rounding.
 *
 * NHWC, batch 1. Weights come widened to 16 bits, [out][K], K the window's values rounded up to a multiple of 8 and
 * zero beyond; depthwise [kh * kw][channels * multiplier]. `scratch` is described at each function.
 */

#include <wasm_simd128.h>

typedef unsigned int u32;
typedef signed char s8;

#define EXPORT(name) __attribute__((export_name(#name)))

static inline int doubling_high_mul(int a, int b) {
  long long product = (long long)a * b;
  long long nudge = product >= 0 ? 1ll << 30 : 1 - (1ll << 30);
  return a == b && a == (int)0x80000000 ? 0x7fffffff : (int)((product + nudge) / (1ll << 31));
}

static inline int divide_by_power(int x, int exponent) {
  int mask = (int)((1ll << exponent) - 1), remainder = x & mask, threshold = (mask >> 1) + (x < 0);
  return (x >> exponent) + (remainder > threshold);
}

static inline int requantize(int x, int multiplier, int shift) {
  int left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
  return divide_by_power(doubling_high_mul((int)((u32)x << left), multiplier), right);
}

static inline s8 finish(int acc, int bias, int multiplier, int shift, int zero, int low, int high) {
  int q = requantize(acc + bias, multiplier, shift) + zero;
  return (s8)(q < low ? low : q > high ? high : q);
}

static int dot(const short *a, const short *b, u32 K) {
  v128_t s = wasm_i32x4_splat(0);
  for (u32 k = 0; k < K; k += 8) s = wasm_i32x4_add(s, wasm_i32x4_dot_i16x8(wasm_v128_load(a + k), wasm_v128_load(b + k)));
  return wasm_i32x4_extract_lane(s, 0) + wasm_i32x4_extract_lane(s, 1) + wasm_i32x4_extract_lane(s, 2) +
         wasm_i32x4_extract_lane(s, 3);
}

/* Four dot products of one row with four consecutive rows of `b`. */
static v128_t dot4(const short *a, const short *b, u32 K) {
  v128_t s0 = wasm_i32x4_splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (u32 k = 0; k < K; k += 8) {
    v128_t v = wasm_v128_load(a + k);
    s0 = wasm_i32x4_add(s0, wasm_i32x4_dot_i16x8(v, wasm_v128_load(b + k)));
    s1 = wasm_i32x4_add(s1, wasm_i32x4_dot_i16x8(v, wasm_v128_load(b + K + k)));
    s2 = wasm_i32x4_add(s2, wasm_i32x4_dot_i16x8(v, wasm_v128_load(b + 2 * K + k)));
    s3 = wasm_i32x4_add(s3, wasm_i32x4_dot_i16x8(v, wasm_v128_load(b + 3 * K + k)));
  }
  v128_t t0 = wasm_i32x4_add(wasm_i32x4_shuffle(s0, s1, 0, 4, 1, 5), wasm_i32x4_shuffle(s0, s1, 2, 6, 3, 7));
  v128_t t1 = wasm_i32x4_add(wasm_i32x4_shuffle(s2, s3, 0, 4, 1, 5), wasm_i32x4_shuffle(s2, s3, 2, 6, 3, 7));
  return wasm_i32x4_add(wasm_i32x4_shuffle(t0, t1, 0, 1, 4, 5), wasm_i32x4_shuffle(t0, t1, 2, 3, 6, 7));
}

/*
 * One group of a convolution: input channels [c0, c0 + C) of `in_stride`, output channels [n0, n0 + N) of
 * `out_stride`. `row` is scratch for K 16-bit values, zeroed beyond the window by the caller once.
 */
EXPORT(conv_s8)
void conv_s8(const s8 *in, const short *weights, const int *bias, const int *multiplier, const int *shift, s8 *out,
             short *row, u32 H, u32 W, u32 C, u32 OH, u32 OW, u32 N, u32 K, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh,
             u32 dw, u32 t, u32 l, u32 in_stride, u32 c0, u32 out_stride, u32 n0, int in_zero, int out_zero, int low,
             int high) {
  for (u32 oh = 0; oh < OH; oh++) {
    for (u32 ow = 0; ow < OW; ow++) {
      short *to = row;
      for (u32 i = 0; i < kh; i++) {
        int h = (int)(oh * sh + i * dh) - (int)t;
        for (u32 j = 0; j < kw; j++, to += C) {
          int w = (int)(ow * sw + j * dw) - (int)l;
          if (h < 0 || w < 0 || h >= (int)H || w >= (int)W) {
            for (u32 c = 0; c < C; c++) to[c] = 0;
          } else {
            const s8 *from = in + (h * (int)W + w) * (int)in_stride + c0;
            for (u32 c = 0; c < C; c++) to[c] = (short)(from[c] - in_zero);
          }
        }
      }
      s8 *result = out + (oh * OW + ow) * out_stride + n0;
      u32 n = 0;
      for (; n + 4 <= N; n += 4) {
        int acc[4];
        wasm_v128_store(acc, dot4(row, weights + n * K, K));
        for (u32 j = 0; j < 4; j++)
          result[n + j] = finish(acc[j], bias[n + j], multiplier[n + j], shift[n + j], out_zero, low, high);
      }
      for (; n < N; n++)
        result[n] = finish(dot(row, weights + n * K, K), bias[n], multiplier[n], shift[n], out_zero, low, high);
    }
  }
}

/* M is the channel multiplier. `acc` is scratch for C * M 32-bit values. */
EXPORT(depthwise_s8)
void depthwise_s8(const s8 *in, const short *weights, const int *bias, const int *multiplier, const int *shift, s8 *out,
                  int *acc, u32 H, u32 W, u32 C, u32 OH, u32 OW, u32 M, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh, u32 dw,
                  u32 t, u32 l, int in_zero, int out_zero, int low, int high) {
  u32 K = C * M;
  for (u32 oh = 0; oh < OH; oh++) {
    for (u32 ow = 0; ow < OW; ow++) {
      for (u32 k = 0; k < K; k++) acc[k] = bias[k];
      for (u32 i = 0; i < kh; i++) {
        int h = (int)(oh * sh + i * dh) - (int)t;
        if (h < 0 || h >= (int)H) continue;
        for (u32 j = 0; j < kw; j++) {
          int w = (int)(ow * sw + j * dw) - (int)l;
          if (w < 0 || w >= (int)W) continue;
          const s8 *from = in + (h * (int)W + w) * (int)C;
          const short *by = weights + (i * kw + j) * K;
          if (M == 1) {
            for (u32 c = 0; c < C; c++) acc[c] += (from[c] - in_zero) * by[c];
          } else {
            for (u32 c = 0; c < C; c++)
              for (u32 m = 0; m < M; m++) acc[c * M + m] += (from[c] - in_zero) * by[c * M + m];
          }
        }
      }
      s8 *result = out + (oh * OW + ow) * K;
      for (u32 k = 0; k < K; k++) result[k] = finish(acc[k], 0, multiplier[k], shift[k], out_zero, low, high);
    }
  }
}
