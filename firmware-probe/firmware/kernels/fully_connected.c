/* Fully connected layers. */

#include "nas_rows.h"

/* Rows that share each load of the input. */
#define ROWS 4

/* Sums of `count` rows, a constant of the code. */
#if defined(NAS_MVE)
NAS_INLINE void dot_rows(int count, const int8_t *weights, int32_t pitch, const int8_t *in, int32_t length, int32_t *sums) {
  if (count == ROWS) {
    nas_dot_lanes(in, weights, pitch, length, sums);
    return;
  }
  for (int32_t k = 0; k < length; k += 16) {
    mve_pred16_t lanes = vctp8q((uint32_t)(length - k));
    int8x16_t x = vldrbq_z_s8(in + k, lanes);
    for (int r = 0; r < count; r++) sums[r] = vmladavaq_s8(sums[r], x, vldrbq_z_s8(weights + r * pitch + k, lanes));
  }
}
#elif defined(NAS_DSP)
NAS_INLINE void dot_word(int count, const int8_t *weights, int32_t pitch, uint32_t x, int32_t *sums) {
  int16x2_t even = nas_even(x), odd = nas_odd(x);
  for (int r = 0; r < count; r++) {
    uint32_t w = nas_load4(weights + r * pitch);
    sums[r] = __smlad(nas_odd(w), odd, __smlad(nas_even(w), even, sums[r]));
  }
}

/* Four values of one row. */
#define NEXT_ROW(sum, row)            \
  "ldr %[w], [%[weights]" row "\n\t"  \
  "sxtb16 %[v], %[w]\n\t"             \
  "sxtb16 %[w], %[w], ror #8\n\t"     \
  "smlad %[" sum "], %[v], %[even], %[" sum "]\n\t" \
  "smlad %[" sum "], %[w], %[odd], %[" sum "]\n\t"

/* Four rows, in assembler for the addresses. `end` is behind a whole number of fours, at least one. */
NAS_INLINE void dot_four_rows(const int8_t *weights, int32_t pitch, const int8_t *in, const int8_t *end, int32_t sums[ROWS]) {
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3], even, odd, v, w;
  __asm__ volatile(
    "1:\n\t"
    "ldr %[odd], [%[in]], #4\n\t"
    "sxtb16 %[even], %[odd]\n\t"
    "sxtb16 %[odd], %[odd], ror #8\n\t"
    NEXT_ROW("s1", ", %[pitch]]") NEXT_ROW("s2", ", %[pitch], lsl #1]") NEXT_ROW("s3", ", %[pitch3]]") NEXT_ROW("s0", "], #4")
    "cmp %[in], %[end]\n\t"
    "bne 1b"
    : [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [even] "=&r"(even), [odd] "=&r"(odd), [v] "=&r"(v),
      [w] "=&r"(w), [weights] "+r"(weights), [in] "+r"(in)
    : [pitch] "r"(pitch), [pitch3] "r"(3 * pitch), [end] "r"(end)
    : "cc", "memory");
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

NAS_INLINE void dot_rows(int count, const int8_t *weights, int32_t pitch, const int8_t *in, int32_t length, int32_t *sums) {
  int32_t whole = length & ~3;
  if (count == ROWS && whole > 0) dot_four_rows(weights, pitch, in, in + whole, sums);
  else for (int32_t k = 0; k < whole; k += 4) dot_word(count, weights + k, pitch, nas_load4(in + k), sums);
  if (whole == length) return;
  uint32_t x = 0;
  for (int32_t k = whole; k < length; k++) x |= (uint32_t)(uint8_t)in[k] << (8 * (k - whole));
  dot_word(count, weights + whole, pitch, x, sums);
}
#else
NAS_INLINE void dot_rows(int count, const int8_t *weights, int32_t pitch, const int8_t *in, int32_t length, int32_t *sums) {
  for (int32_t k = 0; k < length; k++)
    for (int r = 0; r < count; r++) sums[r] += in[k] * weights[r * pitch + k];
}
#endif

NAS_INLINE void rows_at(int count, const nas_rows *rows, int32_t row, const int8_t *in, int8_t *out) {
  int32_t sums[ROWS];
  const int32_t *bias = rows->bias + row * rows->bias_step;
  const nas_channel *scale = rows->scale + row * rows->scale_step;
  for (int r = 0; r < count; r++, bias += rows->bias_step) sums[r] = *bias;
  dot_rows(count, rows->weights + row * rows->length, rows->length, in, rows->inputs, sums);
  for (int r = 0; r < count; r++, scale += rows->scale_step) {
    nas_rounding rounding = nas_rounding_of_channel(scale, rows->out_zero);
    out[row + r] = nas_output(sums[r], &rounding);
  }
}

void nas_rows_s8(const nas_rows *rows, const int8_t *in, int8_t *out) {
  int32_t row = 0;
  for (; row + ROWS <= rows->outputs; row += ROWS) rows_at(ROWS, rows, row, in, out);
  for (; row < rows->outputs; row++) rows_at(1, rows, row, in, out);
}

void nas_fully_connected_s8(const nas_fully_connected *layer, const int8_t *in, int8_t *out) {
  nas_channel scale = {0, layer->multiplier, (int8_t)layer->shift, (uint8_t)layer->right, 0};
  nas_rows rows = {.inputs = layer->inputs, .length = nas_round_up(layer->inputs, 4), .outputs = layer->outputs};
  rows.out_zero = layer->out_zero, rows.weights = layer->weights;
  rows.bias = layer->bias, rows.bias_step = 1;
  rows.scale = &scale, rows.scale_step = 0;
  nas_rows_s8(&rows, in, out);
  nas_clamp_s8(out, layer->outputs, layer->low, layer->high);
}
