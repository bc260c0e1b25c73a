/* Operators that take their inputs value by value. */

#include "nas_core.h"

/* An input of a sum, raised and scaled. |q - zero| is below 2^8 and `bits` at most 20, and so the short product is exact. */
NAS_INLINE int32_t scaled(int32_t q, int32_t zero, int32_t bits, int32_t multiplier, int32_t right) {
  int32_t high = nas_short_high_mul((q - zero) * (1 << bits), multiplier);
  return nas_divide_by_power(high, right);
}

NAS_INLINE int8_t sum_of(const nas_pairwise *layer, const nas_rounding *rounding, int32_t a, int32_t b) {
  int32_t left = scaled(a, layer->a_zero, layer->bits, layer->a_multiplier, layer->a_right);
  int32_t right = scaled(b, layer->b_zero, layer->bits, layer->b_multiplier, layer->b_right);
  int32_t sum = left + layer->sign * right;
  return nas_output(layer->is_squared ? sum * sum : sum, rounding);
}

NAS_INLINE int8_t product_of(const nas_pairwise *layer, const nas_rounding *rounding, int32_t a, int32_t b) {
  return nas_output((a - layer->a_zero) * (b - layer->b_zero), rounding);
}

/* `is_sum` is a constant. */
NAS_INLINE void run(int is_sum, const nas_pairwise *layer, const int8_t *a, const int8_t *b, int8_t *out) {
  /* A copy, which no write of an output can change. */
  const nas_pairwise own = *layer;
  const nas_rounding rounding = nas_rounding_of(own.multiplier, own.shift, own.right, own.out_zero);
  int8_t *to = out;
  for (int32_t place = own.places; place > 0; place--, a += own.a_place, b += own.b_place) {
    const int8_t *left = a, *right = b;
    for (int32_t channel = own.channels; channel > 0; channel--, left += own.a_channel, right += own.b_channel)
      *to++ = is_sum ? sum_of(&own, &rounding, *left, *right) : product_of(&own, &rounding, *left, *right);
  }
  nas_clamp_s8(out, own.places * own.channels, own.low, own.high);
}

void nas_add_s8(const nas_pairwise *layer, const int8_t *a, const int8_t *b, int8_t *out) { run(1, layer, a, b, out); }
void nas_mul_s8(const nas_pairwise *layer, const int8_t *a, const int8_t *b, int8_t *out) { run(0, layer, a, b, out); }
