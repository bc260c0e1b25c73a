/* Pools and reductions. */

#include "nas_core.h"

/* The part of a window that lies in the image. */
typedef struct {
  int32_t top, bottom, left, right;
} window;

static window window_of(const nas_pool *layer, int32_t y, int32_t x) {
  int32_t top = y * layer->stride_height - layer->pad_top, left = x * layer->stride_width - layer->pad_left;
  return (window){nas_max(top, 0), nas_min(top + layer->kernel_height, layer->in_height), nas_max(left, 0),
                  nas_min(left + layer->kernel_width, layer->in_width)};
}

/* Greatest values of `count` runs of values, and of what `best` has. */
static void raise(int8_t *best, const int8_t *values, int32_t count) {
#if defined(NAS_MVE)
  __asm__ volatile(
    "wlstp.8 lr, %[count], 2f\n"
    "1:\n\t"
    "vldrb.8 q0, [%[best]]\n\t"
    "vldrb.8 q1, [%[values]], #16\n\t"
    "vmax.s8 q0, q0, q1\n\t"
    "vstrb.8 q0, [%[best]], #16\n\t"
    "letp lr, 1b\n"
    "2:"
    : [best] "+r"(best), [values] "+r"(values)
    : [count] "r"(count)
    : "q0", "q1", "lr", "memory");
#else
#if defined(NAS_DSP)
  for (; count >= 4; count -= 4, best += 4, values += 4) {
    *(nas_word *)(void *)best = nas_greater4(nas_load4(best), nas_load4(values));
  }
#endif
  for (; count > 0; count--, best++, values++)
    if (*values > *best) *best = *values;
#endif
}

void nas_max_pool_s8(const nas_pool *layer, const int8_t *in, int8_t *out) {
  int32_t channels = layer->channels;
  int8_t *to = out;
  for (int32_t y = 0; y < layer->out_height; y++)
    for (int32_t x = 0; x < layer->out_width; x++, to += channels) {
      window w = window_of(layer, y, x);
      nas_set_s8(to, -128, channels);
      for (int32_t row = w.top; row < w.bottom; row++)
        for (int32_t column = w.left; column < w.right; column++)
          raise(to, in + (row * layer->in_width + column) * channels, channels);
    }
  nas_clamp_s8(out, (int32_t)(to - out), layer->low, layer->high);
}

/* value / count, halves away from zero, |value| <= 128 * count. */
NAS_INLINE int32_t divide(int32_t value, int32_t count, uint32_t reciprocal) {
  uint32_t size = (uint32_t)(value < 0 ? -value : value) + (uint32_t)count / 2, quotient;
#if defined(__ARM_ARCH_6M__)
  /* No division: by the reciprocal times 2^16, rounded up, which is one too much at most where the size is below 2^16. */
  if (size < 65536) {
    quotient = (size * reciprocal) >> 16;
    if (quotient * (uint32_t)count > size) quotient--;
  } else
#endif
    quotient = size / (uint32_t)count;
  (void)reciprocal;
  return value < 0 ? -(int32_t)quotient : (int32_t)quotient;
}

/* Channels of which sums are kept in registers. */
#define TOGETHER 4

/* Adds `together` neighbouring values of each of `rows` runs of `columns` pixels, channels innermost. */
NAS_INLINE void add_up(int together, const int8_t *from, int32_t rows, int32_t columns, int32_t pitch, int32_t row_pitch, int32_t sums[TOGETHER]) {
  for (; rows > 0; rows--, from += row_pitch) {
    const int8_t *at = from;
    for (int32_t left = columns; left > 0; left--, at += pitch)
      for (int c = 0; c < together; c++) sums[c] += at[c];
  }
}

void nas_average_pool_s8(const nas_pool *layer, const int8_t *in, int8_t *out) {
  int32_t channels = layer->channels, width = layer->in_width;
  int8_t *to = out;
  for (int32_t y = 0; y < layer->out_height; y++)
    for (int32_t x = 0; x < layer->out_width; x++, to += channels) {
      window w = window_of(layer, y, x);
      int32_t rows = w.bottom - w.top, columns = w.right - w.left, count = rows * columns;
      const int8_t *from = in + (w.top * width + w.left) * channels;
      uint32_t reciprocal = 65536u / (uint32_t)count + 1;
      int32_t c = 0;
      for (; c + TOGETHER <= channels; c += TOGETHER) {
        int32_t sums[TOGETHER] = {0};
        add_up(TOGETHER, from + c, rows, columns, channels, width * channels, sums);
        for (int i = 0; i < TOGETHER; i++) to[c + i] = (int8_t)divide(sums[i], count, reciprocal);
      }
      for (; c < channels; c++) {
        int32_t sums[TOGETHER] = {0};
        add_up(1, from + c, rows, columns, channels, width * channels, sums);
        to[c] = (int8_t)divide(sums[0], count, reciprocal);
      }
    }
  nas_clamp_s8(out, (int32_t)(to - out), layer->low, layer->high);
}

void nas_mean_s8(const nas_reduce *layer, const int8_t *in, int8_t *out) {
  int32_t inner = layer->inner;
  for (int32_t outer = layer->outer; outer > 0; outer--, in += layer->reduced * inner) {
    int32_t c = 0;
    for (; c + TOGETHER <= inner; c += TOGETHER) {
      int32_t sums[TOGETHER] = {layer->start, layer->start, layer->start, layer->start};
      add_up(TOGETHER, in + c, 1, layer->reduced, inner, 0, sums);
      for (int i = 0; i < TOGETHER; i++) *out++ = nas_output_long(sums[i], layer->multiplier, layer->shift, layer->out_zero);
    }
    for (; c < inner; c++) {
      int32_t sums[TOGETHER] = {layer->start};
      add_up(1, in + c, 1, layer->reduced, inner, 0, sums);
      *out++ = nas_output_long(sums[0], layer->multiplier, layer->shift, layer->out_zero);
    }
  }
}

void nas_reduce_max_s8(const nas_reduce *layer, const int8_t *in, int8_t *out) {
  for (int32_t outer = layer->outer; outer > 0; outer--, out += layer->inner) {
    nas_set_s8(out, -128, layer->inner);
    for (int32_t i = layer->reduced; i > 0; i--, in += layer->inner) raise(out, in, layer->inner);
  }
}
