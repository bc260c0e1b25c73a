/*
 * Training kernels for tfjs-backend-wasm: the gradients it lacks or computes by naive loops, and fused batch
 * normalisation. Compiled to WebAssembly SIMD by build.mjs into binary.ts; runs in the memory of the tfjs module.
 *
 * Everything is float32, NHWC, filters [kh, kw, in, out] (depthwise [kh, kw, channels * multiplier]). No static
 * data and no library: `scratch` is memory that the caller owns, at least as large as the *_scratch function says.
 * `H x W` is the input, `OH x OW` the output; `s` stride, `d` dilation, `t`/`l` padding at the top and the left.
 */

#include <wasm_simd128.h>

typedef float f32;
typedef unsigned int u32;

#define EXPORT(name) __attribute__((export_name(#name)))
#define LANES 4

static inline u32 round_up(u32 n, u32 to) { return (n + to - 1) / to * to; }
static inline u32 max_u(u32 a, u32 b) { return a > b ? a : b; }
static inline v128_t load(const f32 *p) { return wasm_v128_load(p); }
static inline void store(f32 *p, v128_t v) { wasm_v128_store(p, v); }
static inline v128_t fma4(v128_t acc, v128_t a, v128_t b) { return wasm_f32x4_add(acc, wasm_f32x4_mul(a, b)); }
static inline v128_t splat(const f32 *p) { return wasm_v128_load32_splat(p); }

static void zero(f32 *p, u32 n) { __builtin_memset(p, 0, n * sizeof(f32)); }

/* Rows that the window reaches, padding included: the height (width) of the padded copy of an image. */
static inline u32 padded(u32 size, u32 before, u32 outputs, u32 s, u32 k, u32 d) {
  return max_u(before + size, (outputs - 1) * s + (k - 1) * d + 1);
}

/* Copies image `x` into the zeroed `xp[PH][PW][CP]`, repeating each channel `repeat` times. */
static void pad_image(const f32 *x, f32 *xp, u32 H, u32 W, u32 C, u32 repeat, u32 t, u32 l, u32 PW, u32 CP) {
  for (u32 h = 0; h < H; h++) {
    for (u32 w = 0; w < W; w++) {
      const f32 *from = x + (h * W + w) * C;
      f32 *to = xp + ((h + t) * PW + (w + l)) * CP;
      if (repeat == 1) {
        for (u32 c = 0; c < C; c++) to[c] = from[c];
      } else {
        for (u32 c = 0; c < C; c++)
          for (u32 r = 0; r < repeat; r++) to[c * repeat + r] = from[c];
      }
    }
  }
}

/* Copies rows of `C` values to rows of `CP` values; the rest of each row is zeroed by the caller. */
static void widen_rows(const f32 *x, f32 *xp, u32 rows, u32 C, u32 CP) {
  for (u32 i = 0; i < rows; i++)
    for (u32 c = 0; c < C; c++) xp[i * CP + c] = x[i * C + c];
}

/* ------------------------------------------------------------------ convolution, gradient of the filter */

EXPORT(conv_filter_grad_scratch)
u32 conv_filter_grad_scratch(u32 H, u32 W, u32 C, u32 OH, u32 OW, u32 K, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh, u32 dw,
                             u32 t, u32 l) {
  u32 PH = padded(H, t, OH, sh, kh, dh), PW = padded(W, l, OW, sw, kw, dw), KP = round_up(K, LANES);
  return PH * PW * C + OH * OW * KP + kh * kw * C * KP;
}

/*
 * R rows of the gradient (R of the kw * C places of one filter row) times V vectors of output channels,
 * accumulated in registers over one whole image.
 */
#define FILTER_TILE(R, V)                                                                       \
  static void filter_tile_##R##x##V(const f32 *xp, const f32 *dy, f32 *dw, const u32 *offset,   \
                                    u32 OH, u32 OW, u32 KP, u32 x_row, u32 x_step) {            \
    v128_t acc[R][V];                                                                           \
    for (u32 r = 0; r < R; r++)                                                                 \
      for (u32 v = 0; v < V; v++) acc[r][v] = load(dw + r * KP + v * LANES);                    \
    for (u32 oh = 0; oh < OH; oh++) {                                                           \
      const f32 *xr = xp + oh * x_row;                                                          \
      const f32 *dr = dy + oh * OW * KP;                                                        \
      for (u32 ow = 0; ow < OW; ow++, xr += x_step, dr += KP) {                                 \
        v128_t g[V];                                                                            \
        for (u32 v = 0; v < V; v++) g[v] = load(dr + v * LANES);                                \
        for (u32 r = 0; r < R; r++) {                                                           \
          v128_t a = splat(xr + offset[r]);                                                     \
          for (u32 v = 0; v < V; v++) acc[r][v] = fma4(acc[r][v], a, g[v]);                     \
        }                                                                                       \
      }                                                                                         \
    }                                                                                           \
    for (u32 r = 0; r < R; r++)                                                                 \
      for (u32 v = 0; v < V; v++) store(dw + r * KP + v * LANES, acc[r][v]);                    \
  }

FILTER_TILE(4, 2)
FILTER_TILE(4, 1)
FILTER_TILE(3, 2)
FILTER_TILE(3, 1)
FILTER_TILE(2, 2)
FILTER_TILE(2, 1)
FILTER_TILE(1, 2)
FILTER_TILE(1, 1)

typedef void (*filter_tile)(const f32 *, const f32 *, f32 *, const u32 *, u32, u32, u32, u32, u32);

static filter_tile filter_tile_of(u32 tall, u32 wide) {
  switch (tall * 2 + wide - 1) {
    case 9: return filter_tile_4x2;
    case 8: return filter_tile_4x1;
    case 7: return filter_tile_3x2;
    case 6: return filter_tile_3x1;
    case 5: return filter_tile_2x2;
    case 4: return filter_tile_2x1;
    case 3: return filter_tile_1x2;
    default: return filter_tile_1x1;
  }
}

EXPORT(conv_filter_grad)
void conv_filter_grad(const f32 *x, const f32 *dy, f32 *dw, f32 *scratch, u32 N, u32 H, u32 W, u32 C, u32 OH, u32 OW,
                      u32 K, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh, u32 dwd, u32 t, u32 l) {
  u32 PH = padded(H, t, OH, sh, kh, dh), PW = padded(W, l, OW, sw, kw, dwd), KP = round_up(K, LANES);
  f32 *xp = scratch, *dyp = xp + PH * PW * C, *acc = dyp + OH * OW * KP;
  u32 rows = kw * C, copy = PH != H || PW != W;
  zero(xp, PH * PW * C);
  zero(dyp, OH * OW * KP);
  zero(acc, kh * rows * KP);
  for (u32 n = 0; n < N; n++) {
    const f32 *image = x + n * H * W * C, *g = dy + n * OH * OW * K;
    if (copy) {
      pad_image(image, xp, H, W, C, 1, t, l, PW, C);
      image = xp;
    }
    if (KP != K) {
      widen_rows(g, dyp, OH * OW, K, KP);
      g = dyp;
    }
    for (u32 i = 0; i < kh; i++) {
      const f32 *from = image + i * dh * PW * C;
      f32 *to = acc + i * rows * KP;
      for (u32 r = 0; r < rows;) {
        u32 tall = rows - r >= 4 ? 4 : rows - r, offset[4];
        for (u32 j = 0; j < tall; j++) offset[j] = (r + j) / C * dwd * C + (r + j) % C;
        for (u32 k = 0; k < KP;) {
          u32 wide = KP - k >= 2 * LANES ? 2 : 1;
          filter_tile_of(tall, wide)(from, g + k, to + r * KP + k, offset, OH, OW, KP, sh * PW * C, sw * C);
          k += wide * LANES;
        }
        r += tall;
      }
    }
  }
  for (u32 r = 0; r < kh * rows; r++)
    for (u32 k = 0; k < K; k++) dw[r * K + k] = acc[r * KP + k];
}

/* ------------------------------------------------------------------ convolution, gradient of the input */

EXPORT(conv_input_grad_scratch)
u32 conv_input_grad_scratch(u32 H, u32 W, u32 C, u32 OH, u32 OW, u32 K, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh, u32 dw,
                            u32 t, u32 l) {
  u32 PH = padded(H, t, OH, sh, kh, dh), PW = padded(W, l, OW, sw, kw, dw), CP = round_up(C, LANES);
  return PH * PW * CP + kh * kw * K * CP;
}

/* P neighbouring output pixels times V vectors of input channels, for one place of the window. */
#define INPUT_TILE(P, V)                                                                        \
  static void input_tile_##P##x##V(const f32 *dy, const f32 *wt, f32 *dx, u32 K, u32 CP, u32 x_step) { \
    v128_t acc[P][V];                                                                           \
    for (u32 p = 0; p < P; p++)                                                                 \
      for (u32 v = 0; v < V; v++) acc[p][v] = load(dx + p * x_step + v * LANES);                \
    for (u32 k = 0; k < K; k++, wt += CP) {                                                     \
      v128_t w[V];                                                                              \
      for (u32 v = 0; v < V; v++) w[v] = load(wt + v * LANES);                                  \
      for (u32 p = 0; p < P; p++) {                                                             \
        v128_t a = splat(dy + p * K + k);                                                       \
        for (u32 v = 0; v < V; v++) acc[p][v] = fma4(acc[p][v], a, w[v]);                       \
      }                                                                                         \
    }                                                                                           \
    for (u32 p = 0; p < P; p++)                                                                 \
      for (u32 v = 0; v < V; v++) store(dx + p * x_step + v * LANES, acc[p][v]);                \
  }

INPUT_TILE(4, 2)
INPUT_TILE(4, 1)
INPUT_TILE(1, 2)
INPUT_TILE(1, 1)

EXPORT(conv_input_grad)
void conv_input_grad(const f32 *dy, const f32 *filter, f32 *dx, f32 *scratch, u32 N, u32 H, u32 W, u32 C, u32 OH,
                     u32 OW, u32 K, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh, u32 dwd, u32 t, u32 l) {
  u32 PH = padded(H, t, OH, sh, kh, dh), PW = padded(W, l, OW, sw, kw, dwd), CP = round_up(C, LANES);
  f32 *xp = scratch, *wt = xp + PH * PW * CP;
  zero(wt, kh * kw * K * CP);
  for (u32 i = 0; i < kh * kw; i++) /* [place][in][out] -> [place][out][in] */
    for (u32 c = 0; c < C; c++)
      for (u32 k = 0; k < K; k++) wt[(i * K + k) * CP + c] = filter[(i * C + c) * K + k];
  for (u32 n = 0; n < N; n++) {
    const f32 *g = dy + n * OH * OW * K;
    zero(xp, PH * PW * CP);
    for (u32 oh = 0; oh < OH; oh++) {
      for (u32 ow = 0; ow < OW;) {
        u32 pixels = OW - ow >= 4 ? 4 : 1;
        const f32 *from = g + (oh * OW + ow) * K;
        for (u32 i = 0; i < kh; i++) {
          for (u32 j = 0; j < kw; j++) {
            f32 *to = xp + ((oh * sh + i * dh) * PW + ow * sw + j * dwd) * CP;
            const f32 *w = wt + (i * kw + j) * K * CP;
            for (u32 c = 0; c < CP;) {
              u32 wide = CP - c >= 2 * LANES ? 2 : 1;
              if (pixels == 4 && wide == 2) input_tile_4x2(from, w + c, to + c, K, CP, sw * CP);
              else if (pixels == 4) input_tile_4x1(from, w + c, to + c, K, CP, sw * CP);
              else if (wide == 2) input_tile_1x2(from, w + c, to + c, K, CP, sw * CP);
              else input_tile_1x1(from, w + c, to + c, K, CP, sw * CP);
              c += wide * LANES;
            }
          }
        }
        ow += pixels;
      }
    }
    f32 *out = dx + n * H * W * C;
    for (u32 h = 0; h < H; h++)
      for (u32 w = 0; w < W; w++)
        for (u32 c = 0; c < C; c++) out[(h * W + w) * C + c] = xp[((h + t) * PW + w + l) * CP + c];
  }
}

/* ------------------------------------------------------------------ depthwise convolution */

EXPORT(depthwise_scratch)
u32 depthwise_scratch(u32 H, u32 W, u32 C, u32 OH, u32 OW, u32 M, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh, u32 dw, u32 t,
                      u32 l) {
  u32 PH = padded(H, t, OH, sh, kh, dh), PW = padded(W, l, OW, sw, kw, dw), KP = round_up(C * M, LANES);
  /* Either the padded image and the gradient, or the padded gradient of depthwise_gather. */
  u32 GH = max_u(OH, H + t) + (kh - 1) * dh, GW = max_u(OW, W + l) + (kw - 1) * dw;
  return max_u(PH * PW * KP + OH * OW * KP, GH * GW * KP) + kh * kw * KP;
}

#define DEPTHWISE_TILE(T)                                                                       \
  static void depthwise_tile_##T(const f32 *xp, const f32 *dy, f32 *dw, u32 OH, u32 OW, u32 KP, \
                                 u32 x_row, u32 x_step, u32 place) {                            \
    v128_t acc[T];                                                                              \
    for (u32 j = 0; j < T; j++) acc[j] = load(dw + j * KP);                                     \
    for (u32 oh = 0; oh < OH; oh++) {                                                           \
      const f32 *xr = xp + oh * x_row, *dr = dy + oh * OW * KP;                                 \
      for (u32 ow = 0; ow < OW; ow++, xr += x_step, dr += KP) {                                 \
        v128_t g = load(dr);                                                                    \
        for (u32 j = 0; j < T; j++) acc[j] = fma4(acc[j], load(xr + j * place), g);             \
      }                                                                                         \
    }                                                                                           \
    for (u32 j = 0; j < T; j++) store(dw + j * KP, acc[j]);                                     \
  }

DEPTHWISE_TILE(5)
DEPTHWISE_TILE(3)
DEPTHWISE_TILE(1)

/* M is the channel multiplier; output channel c * M + m belongs to input channel c. */
EXPORT(depthwise_filter_grad)
void depthwise_filter_grad(const f32 *x, const f32 *dy, f32 *dw, f32 *scratch, u32 N, u32 H, u32 W, u32 C, u32 OH,
                           u32 OW, u32 M, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh, u32 dwd, u32 t, u32 l) {
  u32 PH = padded(H, t, OH, sh, kh, dh), PW = padded(W, l, OW, sw, kw, dwd), K = C * M, KP = round_up(K, LANES);
  f32 *xp = scratch, *dyp = xp + PH * PW * KP, *acc = dyp + OH * OW * KP;
  zero(scratch, PH * PW * KP + OH * OW * KP + kh * kw * KP);
  for (u32 n = 0; n < N; n++) {
    const f32 *g = dy + n * OH * OW * K;
    pad_image(x + n * H * W * C, xp, H, W, C, M, t, l, PW, KP);
    if (KP != K) {
      widen_rows(g, dyp, OH * OW, K, KP);
      g = dyp;
    }
    for (u32 c = 0; c < KP; c += LANES)
      for (u32 i = 0; i < kh; i++)
        for (u32 j = 0; j < kw;) {
          const f32 *from = xp + (i * dh * PW + j * dwd) * KP + c;
          f32 *to = acc + (i * kw + j) * KP + c;
          if (kw - j >= 5) {
            depthwise_tile_5(from, g + c, to, OH, OW, KP, sh * PW * KP, sw * KP, dwd * KP);
            j += 5;
          } else if (kw - j >= 3) {
            depthwise_tile_3(from, g + c, to, OH, OW, KP, sh * PW * KP, sw * KP, dwd * KP);
            j += 3;
          } else {
            depthwise_tile_1(from, g + c, to, OH, OW, KP, sh * PW * KP, sw * KP, dwd * KP);
            j += 1;
          }
        }
  }
  for (u32 i = 0; i < kh * kw; i++)
    for (u32 k = 0; k < K; k++) dw[i * K + k] = acc[i * KP + k];
}

/*
 * The gradient of the input for stride 1, of four channels: every input pixel gathers what reached it, so that a sum
 * stays in its register. `g` is the gradient of the output with (k - 1) * dilation zeros before it, rows of KP. Written
 * once for any window, and compiled for the usual ones, whose weights then stay in registers too.
 */
static inline __attribute__((always_inline)) void gather(const f32 *g, const f32 *w, f32 *dx, u32 H, u32 W, u32 C,
                                                         u32 GW, u32 KP, u32 kh, u32 kw, u32 dh, u32 dwd, u32 lanes) {
  for (u32 h = 0; h < H; h++, g += GW * KP)
    for (u32 x = 0; x < W; x++, dx += C) {
      v128_t sum = wasm_f32x4_splat(0);
      for (u32 i = 0; i < kh; i++)
        for (u32 j = 0; j < kw; j++)
          sum = fma4(sum, load(g + x * KP - i * dh * GW * KP - j * dwd * KP), load(w + (i * kw + j) * KP));
      if (lanes == LANES) store(dx, sum);
      else {
        f32 part[LANES];
        store(part, sum);
        for (u32 j = 0; j < lanes; j++) dx[j] = part[j];
      }
    }
}

EXPORT(depthwise_input_grad)
void depthwise_input_grad(const f32 *dy, const f32 *filter, f32 *dx, f32 *scratch, u32 N, u32 H, u32 W, u32 C, u32 OH,
                          u32 OW, u32 M, u32 kh, u32 kw, u32 sh, u32 sw, u32 dh, u32 dwd, u32 t, u32 l) {
  u32 PH = padded(H, t, OH, sh, kh, dh), PW = padded(W, l, OW, sw, kw, dwd), K = C * M, KP = round_up(K, LANES);
  if (sh == 1 && sw == 1 && M == 1) {
    /* Output pixel (oh, ow) stands at (oh + top, ow + left); input pixel h meets the outputs h + t - i * dh. */
    u32 top = (kh - 1) * dh, left = (kw - 1) * dwd, GH = max_u(OH, H + t) + top, GW = max_u(OW, W + l) + left;
    u32 plain = dh == 1 && dwd == 1 && kh == kw;
    f32 *g = scratch, *wide = g + GH * GW * KP;
    zero(g, GH * GW * KP + kh * kw * KP);
    widen_rows(filter, wide, kh * kw, K, KP);
    for (u32 n = 0; n < N; n++, dx += H * W * C) {
      const f32 *from = dy + n * OH * OW * K;
      for (u32 oh = 0; oh < OH; oh++) {
        f32 *row = g + ((oh + top) * GW + left) * KP;
        if (KP == K) __builtin_memcpy(row, from + oh * OW * K, OW * K * sizeof(f32));
        else widen_rows(from + oh * OW * K, row, OW, K, KP);
      }
      for (u32 c = 0; c < K; c += LANES) {
        const f32 *place = g + ((top + t) * GW + left + l) * KP + c, *w = wide + c;
        u32 lanes = K - c < LANES ? K - c : LANES;
        if (plain && kh == 3) gather(place, w, dx + c, H, W, C, GW, KP, 3, 3, 1, 1, lanes);
        else if (plain && kh == 5) gather(place, w, dx + c, H, W, C, GW, KP, 5, 5, 1, 1, lanes);
        else gather(place, w, dx + c, H, W, C, GW, KP, kh, kw, dh, dwd, lanes);
      }
    }
    return;
  }
  f32 *xp = scratch, *dyp = xp + PH * PW * KP, *wp = dyp + OH * OW * KP;
  zero(dyp, OH * OW * KP + kh * kw * KP);
  widen_rows(filter, wp, kh * kw, K, KP);
  for (u32 n = 0; n < N; n++) {
    const f32 *g = dy + n * OH * OW * K;
    if (KP != K) {
      widen_rows(g, dyp, OH * OW, K, KP);
      g = dyp;
    }
    zero(xp, PH * PW * KP);
    for (u32 oh = 0; oh < OH; oh++)
      for (u32 ow = 0; ow < OW; ow++) {
        const f32 *from = g + (oh * OW + ow) * KP;
        for (u32 i = 0; i < kh; i++)
          for (u32 j = 0; j < kw; j++) {
            f32 *to = xp + ((oh * sh + i * dh) * PW + ow * sw + j * dwd) * KP;
            const f32 *w = wp + (i * kw + j) * KP;
            for (u32 c = 0; c < KP; c += LANES) store(to + c, fma4(load(to + c), load(from + c), load(w + c)));
          }
      }
    f32 *out = dx + n * H * W * C;
    for (u32 h = 0; h < H; h++)
      for (u32 w = 0; w < W; w++)
        for (u32 c = 0; c < C; c++) {
          const f32 *from = xp + ((h + t) * PW + w + l) * KP + c * M;
          f32 sum = 0;
          for (u32 m = 0; m < M; m++) sum += from[m];
          out[(h * W + w) * C + c] = sum;
        }
  }
}

/* ------------------------------------------------------------------ maximum pooling */

/* The whole gradient goes to the first greatest input of each window, as tfjs does. */
EXPORT(max_pool_grad)
void max_pool_grad(const f32 *x, const f32 *dy, f32 *dx, u32 N, u32 H, u32 W, u32 C, u32 OH, u32 OW, u32 kh, u32 kw,
                   u32 sh, u32 sw, u32 t, u32 l) {
  zero(dx, N * H * W * C);
  for (u32 n = 0; n < N; n++, x += H * W * C, dx += H * W * C)
    for (u32 oh = 0; oh < OH; oh++)
      for (u32 ow = 0; ow < OW; ow++, dy += C) {
        int top = (int)(oh * sh) - (int)t, left = (int)(ow * sw) - (int)l;
        u32 c = 0;
        for (; c + LANES <= C; c += LANES) {
          v128_t best = wasm_f32x4_splat(-__builtin_inff()), at = wasm_i32x4_splat(-1);
          for (u32 i = 0; i < kh; i++) {
            int h = top + (int)i;
            if (h < 0 || h >= (int)H) continue;
            for (u32 j = 0; j < kw; j++) {
              int w = left + (int)j;
              if (w < 0 || w >= (int)W) continue;
              int index = (h * (int)W + w) * (int)C + (int)c;
              v128_t v = load(x + index), more = wasm_f32x4_gt(v, best);
              best = wasm_v128_bitselect(v, best, more);
              at = wasm_v128_bitselect(wasm_i32x4_splat(index), at, more);
            }
          }
          int places[LANES];
          wasm_v128_store(places, at);
          for (u32 j = 0; j < LANES; j++)
            if (places[j] >= 0) dx[places[j] + (int)j] += dy[c + j];
        }
        for (; c < C; c++) {
          f32 best = -__builtin_inff();
          int at = -1;
          for (u32 i = 0; i < kh; i++) {
            int h = top + (int)i;
            if (h < 0 || h >= (int)H) continue;
            for (u32 j = 0; j < kw; j++) {
              int w = left + (int)j;
              if (w < 0 || w >= (int)W) continue;
              int index = (h * (int)W + w) * (int)C + (int)c;
              if (x[index] > best) {
                best = x[index];
                at = index;
              }
            }
          }
          if (at >= 0) dx[at] += dy[c];
        }
      }
}

/* ------------------------------------------------------------------ sums */

/* y = a + b, `n` values each; tfjs's own takes the general way of broadcasting. */
EXPORT(add)
void add(const f32 *a, const f32 *b, f32 *y, u32 n) {
  u32 i = 0;
  for (; i + LANES <= n; i += LANES) store(y + i, wasm_f32x4_add(load(a + i), load(b + i)));
  for (; i < n; i++) y[i] = a[i] + b[i];
}

/* y = x + b for every row of `C` values. */
EXPORT(add_rows)
void add_rows(const f32 *x, const f32 *b, f32 *y, u32 rows, u32 C) {
  for (u32 r = 0; r < rows; r++, x += C, y += C) add(x, b, y, C);
}

/* ------------------------------------------------------------------ batch normalisation with activation */

#define BLOCK_ROWS 64

/* Upper end of the activation: none -> -inf..inf, relu 0..inf, relu6 0..6. */
static inline v128_t clamp4(v128_t z, v128_t low, v128_t high) { return wasm_f32x4_pmin(high, wasm_f32x4_pmax(low, z)); }

/*
 * y = clamp((x - mean) * gamma / sqrt(variance + epsilon) + beta) over `rows x C`, statistics of the batch
 * (biased variance). `sums` is scratch for 2 * C doubles.
 */
EXPORT(batch_norm)
void batch_norm(const f32 *x, const f32 *gamma, const f32 *beta, f32 *y, f32 *mean, f32 *variance, double *sums,
                u32 rows, u32 C, f32 epsilon, f32 low, f32 high) {
  u32 vectors = C / LANES * LANES;
  double *squares = sums + C;
  for (u32 c = 0; c < 2 * C; c++) sums[c] = 0;
  for (u32 r = 0; r < rows; r += BLOCK_ROWS) {
    u32 end = r + BLOCK_ROWS < rows ? r + BLOCK_ROWS : rows;
    for (u32 c = 0; c < vectors; c += LANES) {
      v128_t shift = load(x + c), s = wasm_f32x4_splat(0), q = wasm_f32x4_splat(0);
      for (u32 i = r; i < end; i++) {
        v128_t v = wasm_f32x4_sub(load(x + i * C + c), shift);
        s = wasm_f32x4_add(s, v);
        q = fma4(q, v, v);
      }
      f32 a[LANES], b[LANES];
      store(a, s);
      store(b, q);
      for (u32 j = 0; j < LANES; j++) sums[c + j] += a[j], squares[c + j] += b[j];
    }
    for (u32 c = vectors; c < C; c++) {
      f32 s = 0, q = 0;
      for (u32 i = r; i < end; i++) {
        f32 v = x[i * C + c] - x[c];
        s += v, q += v * v;
      }
      sums[c] += s, squares[c] += q;
    }
  }
  /* From here `sums` holds the factor and the offset of each channel, as floats. */
  f32 *scale = (f32 *)sums, *offset = scale + C;
  for (u32 c = 0; c < C; c++) {
    double m = sums[c] / rows, v = squares[c] / rows - m * m;
    mean[c] = (f32)(m + x[c]);
    variance[c] = v > 0 ? (f32)v : 0;
  }
  for (u32 c = 0; c < C; c++) {
    scale[c] = gamma[c] / __builtin_sqrtf(variance[c] + epsilon);
    offset[c] = beta[c] - mean[c] * scale[c];
  }
  v128_t lo = wasm_f32x4_splat(low), hi = wasm_f32x4_splat(high);
  for (u32 i = 0; i < rows; i++) {
    const f32 *from = x + i * C;
    f32 *to = y + i * C;
    for (u32 c = 0; c < vectors; c += LANES)
      store(to + c, clamp4(wasm_f32x4_add(wasm_f32x4_mul(load(from + c), load(scale + c)), load(offset + c)), lo, hi));
    for (u32 c = vectors; c < C; c++) {
      f32 z = from[c] * scale[c] + offset[c];
      to[c] = z < low ? low : z > high ? high : z;
    }
  }
}

/*
 * Gradients of the above. The gradient passes where low < y < high. `sums` is scratch for 2 * C doubles and
 * 4 * C floats.
 *   dz = dy where it passes; dbeta = sum dz; dgamma = sum dz * xhat
 *   dx = gamma / sigma * (dz - (dbeta + xhat * dgamma) / rows)
 */
EXPORT(batch_norm_grad)
void batch_norm_grad(const f32 *dy, const f32 *x, const f32 *y, const f32 *gamma, const f32 *mean, const f32 *variance,
                     f32 *dx, f32 *dgamma, f32 *dbeta, double *sums, u32 rows, u32 C, f32 epsilon, f32 low, f32 high) {
  u32 vectors = C / LANES * LANES;
  double *products = sums + C;
  f32 *p = (f32 *)(products + C), *q = p + C, *s = q + C;
  v128_t lo = wasm_f32x4_splat(low), hi = wasm_f32x4_splat(high);
  for (u32 c = 0; c < 2 * C; c++) sums[c] = 0;
  for (u32 r = 0; r < rows; r += BLOCK_ROWS) {
    u32 end = r + BLOCK_ROWS < rows ? r + BLOCK_ROWS : rows;
    for (u32 c = 0; c < vectors; c += LANES) {
      v128_t m = load(mean + c), a = wasm_f32x4_splat(0), b = wasm_f32x4_splat(0);
      for (u32 i = r; i < end; i++) {
        v128_t out = load(y + i * C + c);
        v128_t pass = wasm_v128_and(wasm_f32x4_gt(out, lo), wasm_f32x4_lt(out, hi));
        v128_t g = wasm_v128_and(load(dy + i * C + c), pass);
        a = wasm_f32x4_add(a, g);
        b = fma4(b, g, wasm_f32x4_sub(load(x + i * C + c), m));
      }
      f32 u[LANES], v[LANES];
      store(u, a);
      store(v, b);
      for (u32 j = 0; j < LANES; j++) sums[c + j] += u[j], products[c + j] += v[j];
    }
    for (u32 c = vectors; c < C; c++) {
      f32 a = 0, b = 0;
      for (u32 i = r; i < end; i++) {
        f32 out = y[i * C + c], g = out > low && out < high ? dy[i * C + c] : 0;
        a += g, b += g * (x[i * C + c] - mean[c]);
      }
      sums[c] += a, products[c] += b;
    }
  }
  /* dx = p * dz + q * x + s */
  for (u32 c = 0; c < C; c++) {
    f32 inverse = 1 / __builtin_sqrtf(variance[c] + epsilon);
    dbeta[c] = (f32)sums[c];
    dgamma[c] = (f32)(products[c] * inverse);
    p[c] = gamma[c] * inverse;
    q[c] = -p[c] * inverse * dgamma[c] / rows;
    s[c] = -p[c] * dbeta[c] / rows - q[c] * mean[c];
  }
  for (u32 i = 0; i < rows; i++) {
    const f32 *gr = dy + i * C, *xr = x + i * C, *yr = y + i * C;
    f32 *to = dx + i * C;
    for (u32 c = 0; c < vectors; c += LANES) {
      v128_t out = load(yr + c);
      v128_t pass = wasm_v128_and(wasm_f32x4_gt(out, lo), wasm_f32x4_lt(out, hi));
      v128_t g = wasm_v128_and(load(gr + c), pass);
      store(to + c, fma4(fma4(load(s + c), load(q + c), load(xr + c)), load(p + c), g));
    }
    for (u32 c = vectors; c < C; c++) {
      f32 g = yr[c] > low && yr[c] < high ? gr[c] : 0;
      to[c] = s[c] + q[c] * xr[c] + p[c] * g;
    }
  }
}

/* ------------------------------------------------------------------ int8 inference */

/*
 * out[m][n] = sum over k of a[m][k] * b[n][k], 16-bit factors, exact in 32 bits. K is a multiple of 8.
 * The accumulators of TFLite's int8 kernels, the input's zero point already subtracted from `a`.
 */
EXPORT(gemm_s16)
void gemm_s16(const short *a, const short *b, int *out, u32 M, u32 N, u32 K) {
  for (u32 m = 0; m < M; m++) {
    const short *ar = a + m * K;
    u32 n = 0;
    for (; n + 4 <= N; n += 4) {
      const short *br = b + n * K;
      v128_t s0 = wasm_i32x4_splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (u32 k = 0; k < K; k += 8) {
        v128_t v = wasm_v128_load(ar + k);
        s0 = wasm_i32x4_add(s0, wasm_i32x4_dot_i16x8(v, wasm_v128_load(br + k)));
        s1 = wasm_i32x4_add(s1, wasm_i32x4_dot_i16x8(v, wasm_v128_load(br + K + k)));
        s2 = wasm_i32x4_add(s2, wasm_i32x4_dot_i16x8(v, wasm_v128_load(br + 2 * K + k)));
        s3 = wasm_i32x4_add(s3, wasm_i32x4_dot_i16x8(v, wasm_v128_load(br + 3 * K + k)));
      }
      v128_t t0 = wasm_i32x4_add(wasm_i32x4_shuffle(s0, s1, 0, 4, 1, 5), wasm_i32x4_shuffle(s0, s1, 2, 6, 3, 7));
      v128_t t1 = wasm_i32x4_add(wasm_i32x4_shuffle(s2, s3, 0, 4, 1, 5), wasm_i32x4_shuffle(s2, s3, 2, 6, 3, 7));
      wasm_v128_store(out + m * N + n,
                      wasm_i32x4_add(wasm_i32x4_shuffle(t0, t1, 0, 1, 4, 5), wasm_i32x4_shuffle(t0, t1, 2, 3, 6, 7)));
    }
    for (; n < N; n++) {
      const short *br = b + n * K;
      v128_t s = wasm_i32x4_splat(0);
      for (u32 k = 0; k < K; k += 8)
        s = wasm_i32x4_add(s, wasm_i32x4_dot_i16x8(wasm_v128_load(ar + k), wasm_v128_load(br + k)));
      out[m * N + n] = wasm_i32x4_extract_lane(s, 0) + wasm_i32x4_extract_lane(s, 1) +
                       wasm_i32x4_extract_lane(s, 2) + wasm_i32x4_extract_lane(s, 3);
    }
  }
}
