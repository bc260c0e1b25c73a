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

#if defined(NAS_MVE)
void nas_copy_s8(int8_t *to, const int8_t *from, int32_t count) { nas_copy_lanes(to, from, count); }
void nas_set_s8(int8_t *to, int32_t value, int32_t count) { nas_set_lanes(to, value, count); }
#else
/* Whether words can be read and written at these addresses. */
NAS_INLINE int is_for_words(const void *a, const void *b) {
#if defined(__ARM_FEATURE_UNALIGNED)
  (void)a, (void)b;
  return 1;
#else
  return (((uintptr_t)a | (uintptr_t)b) & 3) == 0;
#endif
}

#if defined(__ARM_FEATURE_UNALIGNED)
typedef nas_word word;
#else
typedef uint32_t __attribute__((may_alias)) word;
#endif

void nas_copy_s8(int8_t *to, const int8_t *from, int32_t count) {
  if (is_for_words(to, from)) {
    word *target = (word *)(void *)to;
    const word *source = (const word *)(const void *)from;
    for (; count >= 16; count -= 16, target += 4, source += 4) {
      uint32_t a = source[0], b = source[1], c = source[2], d = source[3];
      target[0] = a, target[1] = b, target[2] = c, target[3] = d;
    }
    for (; count >= 4; count -= 4) *target++ = *source++;
    to = (int8_t *)target, from = (const int8_t *)source;
  }
  for (; count > 0; count--) *to++ = *from++;
}

void nas_set_s8(int8_t *to, int32_t value, int32_t count) {
  if (is_for_words(to, to)) {
    word *target = (word *)(void *)to, all = (uint32_t)(uint8_t)value * 0x01010101u;
    for (; count >= 4; count -= 4) *target++ = all;
    to = (int8_t *)target;
  }
  for (; count > 0; count--) *to++ = (int8_t)value;
}
#endif
