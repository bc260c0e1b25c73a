/* Arithmetic that is called rather than inlined. */

#include "nas_core.h"

int32_t nas_requantize(int32_t sum, int32_t multiplier, int32_t shift) {
  int32_t left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
  return nas_divide_by_power(nas_doubling_high_mul((int32_t)((uint32_t)sum << left), multiplier), right);
}

int8_t nas_output_long(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero) {
  int32_t q = nas_requantize(sum, multiplier, shift);
  /* Far beyond the range, and so the zero point is added without overflow. */
  return nas_saturate(nas_max(-(1 << 20), nas_min(q, 1 << 20)) + zero);
}

void nas_clamp_s8(int8_t *values, int32_t count, int32_t low, int32_t high) {
  if (low <= -128 && high >= 127) return;
  for (int32_t i = 0; i < count; i++) values[i] = (int8_t)nas_max(low, nas_min(values[i], high));
}
