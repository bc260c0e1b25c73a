/*
 * Four columns of a convolution: the values that its window sees at four output pixels, laid out so that a core makes the
 * most of each load of a weight. `put` and `fill` write a run of values of one pixel, `dot` multiplies all four by a row of
 * weights. Runs begin and end at multiples of NAS_RUN values.
 */
#ifndef NAS_BLOCK_H
#define NAS_BLOCK_H

#include "nas_core.h"

#if defined(NAS_MVE)
#define NAS_RUN 1
#define NAS_BLOCK_BYTES(values) (4 * (size_t)(values))
typedef int8_t nas_cell;

/* The columns as they are, one after the other. */
NAS_INLINE void nas_block_put(nas_cell *block, int32_t length, int32_t pixel, int32_t at, const int8_t *from, int32_t count) {
  nas_copy_lanes(block + pixel * length + at, from, count);
}

NAS_INLINE void nas_block_fill(nas_cell *block, int32_t length, int32_t pixel, int32_t at, int32_t value, int32_t count) {
  nas_set_lanes(block + pixel * length + at, value, count);
}

/* `values` of each column, which are `pitch` apart; at least one. */
NAS_INLINE void nas_block_dot(const nas_cell *block, int32_t pitch, const int8_t *weights, int32_t values, int32_t bias, int32_t sums[4]) {
  sums[0] = sums[1] = sums[2] = sums[3] = bias;
  nas_dot_lanes(weights, block, pitch, values, sums);
}

#elif defined(NAS_DSP)
#define NAS_RUN 4
#define NAS_BLOCK_BYTES(values) (8 * (size_t)(values))
/* Two values. */
typedef int16x2_t nas_cell;

/* Of each four values: the even ones of the four pixels, then the odd ones, which is how SXTB16 takes them apart. */
NAS_INLINE void nas_block_put(nas_cell *block, int32_t length, int32_t pixel, int32_t at, const int8_t *from, int32_t count) {
  (void)length;
  block += 2 * at + pixel;
  for (const int8_t *end = from + count; from != end; from += 4, block += 8) {
    uint32_t word = nas_load4(from);
    block[0] = nas_even(word);
    block[4] = nas_odd(word);
  }
}

NAS_INLINE void nas_block_fill(nas_cell *block, int32_t length, int32_t pixel, int32_t at, int32_t value, int32_t count) {
  (void)length;
  block += 2 * at + pixel;
  nas_cell both = (nas_cell)((uint32_t)(uint16_t)value * 0x10001u);
  for (; count > 0; count -= 4, block += 8) block[0] = block[4] = both;
}

/* In assembler for the multiple loads: 13 instructions for 16 products, of which compilers make 20. */
#define NAS_FOUR_VALUES                    \
  "ldr %[odd], [%[weights]], #4\n\t"       \
  "ldmia %[block]!, {r2, r3, r4, r5}\n\t"  \
  "sxtb16 %[even], %[odd]\n\t"             \
  "sxtb16 %[odd], %[odd], ror #8\n\t"      \
  "smlad %[s0], %[even], r2, %[s0]\n\t"    \
  "smlad %[s1], %[even], r3, %[s1]\n\t"    \
  "smlad %[s2], %[even], r4, %[s2]\n\t"    \
  "smlad %[s3], %[even], r5, %[s3]\n\t"    \
  "ldmia %[block]!, {r2, r3, r4, r5}\n\t"  \
  "smlad %[s0], %[odd], r2, %[s0]\n\t"     \
  "smlad %[s1], %[odd], r3, %[s1]\n\t"     \
  "smlad %[s2], %[odd], r4, %[s2]\n\t"     \
  "smlad %[s3], %[odd], r5, %[s3]\n\t"

NAS_INLINE void nas_block_dot(const nas_cell *block, const int8_t *weights, int32_t length, int32_t bias, int32_t sums[4]) {
  int32_t s0 = bias, s1 = bias, s2 = bias, s3 = bias, even, odd;
  const int8_t *end = weights + length;
  /* An odd number of fours begins in the middle of the loop. */
  __asm__ volatile(
    "lsls %[even], %[length], #29\n\t"
    "bmi 2f\n"
    "1:\n\t" NAS_FOUR_VALUES
    "2:\n\t" NAS_FOUR_VALUES
    "cmp %[weights], %[end]\n\t"
    "bne 1b"
    : [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [even] "=&r"(even), [odd] "=&r"(odd),
      [weights] "+r"(weights), [block] "+r"(block)
    : [end] "r"(end), [length] "r"(length)
    : "r2", "r3", "r4", "r5", "cc", "memory");
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

#else
#define NAS_RUN 1
#define NAS_BLOCK_BYTES(values) (8 * (size_t)(values))
/* One value of two pixels: the first + 2^16 times the second. */
typedef uint32_t nas_cell;

NAS_INLINE void nas_block_put(nas_cell *block, int32_t length, int32_t pixel, int32_t at, const int8_t *from, int32_t count) {
  (void)length;
  block += 2 * at + (pixel >> 1);
  const int8_t *end = from + count;
  if ((pixel & 1) == 0) {
    for (; from != end; block += 2) *block = (uint32_t)*from++;
  } else {
    for (; from != end; block += 2) *block += (uint32_t)*from++ << 16;
  }
}

NAS_INLINE void nas_block_fill(nas_cell *block, int32_t length, int32_t pixel, int32_t at, int32_t value, int32_t count) {
  (void)length;
  block += 2 * at + (pixel >> 1);
  for (; count > 0; count--, block += 2) *block = (pixel & 1) == 0 ? (uint32_t)value : *block + ((uint32_t)value << 16);
}

/*
 * One multiplication makes the products of two pixels, in two fields of 16 bits. Two of them still fit: their sum lies in
 * -32512..32768, and in 255..65535 with NAS_FIELD added, so that no field borrows from the other. The upper field is
 * added up apart; the lower one is what is left of the whole.
 */
#define NAS_FIELD 0x7fff
#define NAS_FIELDS 0x7fff7fffu

#if defined(__ARM_ARCH_6M__)
/* The sums of both fields and of the upper ones, for the first two pixels and for the others. See block_v6m.S. */
void nas_block_parts(const nas_cell *block, const int8_t *weights, const int8_t *end, uint32_t parts[4]);
#endif

NAS_INLINE void nas_block_dot(const nas_cell *block, const int8_t *weights, int32_t length, int32_t bias, int32_t sums[4]) {
  uint32_t whole0 = 0, upper0 = 0, whole1 = 0, upper1 = 0;
  const int8_t *end = weights + length;
#if defined(__ARM_ARCH_6M__)
  uint32_t parts[4];
  nas_block_parts(block, weights, end, parts);
  whole0 = parts[0], upper0 = parts[1], whole1 = parts[2], upper1 = parts[3];
#elif defined(__thumb2__)
  /* In assembler for the multiple loads. */
#define NAS_TWO_VALUES                      \
  "ldrsb %[a], [%[weights]], #1\n\t"        \
  "ldrsb %[b], [%[weights]], #1\n\t"        \
  "ldmia %[block]!, {r2, r3, r4, r5}\n\t"   \
  "mla r2, %[a], r2, %[fields]\n\t"         \
  "mla r3, %[a], r3, %[fields]\n\t"         \
  "mla r2, %[b], r4, r2\n\t"                \
  "mla r3, %[b], r5, r3\n\t"                \
  "add %[whole0], r2\n\t"                   \
  "add %[upper0], %[upper0], r2, lsr #16\n\t" \
  "add %[whole1], r3\n\t"                   \
  "add %[upper1], %[upper1], r3, lsr #16\n\t"
  uint32_t a, b;
  __asm__ volatile(
    "1:\n\t" NAS_TWO_VALUES NAS_TWO_VALUES
    "cmp %[weights], %[end]\n\t"
    "bne 1b"
    : [whole0] "+r"(whole0), [upper0] "+r"(upper0), [whole1] "+r"(whole1), [upper1] "+r"(upper1), [a] "=&r"(a),
      [b] "=&r"(b), [weights] "+r"(weights), [block] "+r"(block)
    : [fields] "r"(NAS_FIELDS), [end] "r"(end)
    : "r2", "r3", "r4", "r5", "cc", "memory");
#else
  for (; weights != end; weights += 2, block += 4) {
    uint32_t a = (uint32_t)weights[0], b = (uint32_t)weights[1];
    uint32_t first = a * block[0] + NAS_FIELDS + b * block[2];
    uint32_t second = a * block[1] + NAS_FIELDS + b * block[3];
    whole0 += first, upper0 += first >> 16;
    whole1 += second, upper1 += second >> 16;
  }
#endif
  uint32_t start = (uint32_t)bias - (uint32_t)(length / 2) * NAS_FIELD;
  sums[0] = (int32_t)(whole0 - (upper0 << 16) + start);
  sums[1] = (int32_t)(upper0 + start);
  sums[2] = (int32_t)(whole1 - (upper1 << 16) + start);
  sums[3] = (int32_t)(upper1 + start);
}
#endif

#endif
