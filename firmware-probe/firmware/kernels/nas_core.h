/* What the kernels need of a core: its instructions for packed values, rounding and saturation. */
#ifndef NAS_CORE_H
#define NAS_CORE_H

#include "nas_kernels.h"

/*
 * Three families of cores. Helium (M55) has vectors of 16 bytes; the DSP extension (M4, M7, M33) multiplies two pairs of
 * 16-bit values and adds both products at once; all others (M0+, M3, RISC-V) have the plain multiplier.
 */
#if defined(__ARM_FEATURE_MVE)
#define NAS_MVE 1
#include <arm_mve.h>
#elif defined(__ARM_FEATURE_SIMD32)
#define NAS_DSP 1
#endif
#if defined(__ARM_FEATURE_SIMD32)
#include <arm_acle.h>
#endif

/* Functions whose constant arguments are to become constants of the code. */
#define NAS_INLINE static inline __attribute__((always_inline))

NAS_INLINE int32_t nas_min(int32_t a, int32_t b) { return a < b ? a : b; }
NAS_INLINE int32_t nas_max(int32_t a, int32_t b) { return a > b ? a : b; }
NAS_INLINE int32_t nas_round_up(int32_t n, int32_t multiple) { return (n + multiple - 1) / multiple * multiple; }

NAS_INLINE int8_t nas_saturate(int32_t x) {
#if defined(__ARM_FEATURE_SAT)
  /* As an instruction: what the C library's header gives has no sign. */
  int32_t result;
  __asm__("ssat %0, #8, %1" : "=r"(result) : "r"(x));
  return (int8_t)result;
#else
  return (int8_t)(x < -128 ? -128 : x > 127 ? 127 : x);
#endif
}

/* floor((a * b + 2^30) / 2^31), TFLite's SaturatingRoundingDoublingHighMul, for any a and a positive b. */
NAS_INLINE int32_t nas_doubling_high_mul(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* The same where |a| < 2^29. */
NAS_INLINE int32_t nas_short_high_mul(int32_t a, int32_t b) {
#if defined(__ARM_FEATURE_SIMD32)
  /* The upper half of a product, rounded. */
  int32_t result;
  __asm__("smmulr %0, %1, %2" : "=r"(result) : "r"(2 * a), "r"(b));
  return result;
#elif defined(__ARM_ARCH_6M__)
  /* No long multiplication: from products of halves, which fit because the lower half of a is signed. */
  int32_t a0 = (int16_t)a, a1 = (a - a0) >> 16, b1 = b >> 16;
  uint32_t b0 = (uint16_t)b;
  int32_t middle = a1 * (int32_t)b0 + a0 * b1 + ((int32_t)((uint32_t)a0 * b0) >> 16);
  return 2 * (a1 * b1) + ((middle + (1 << 14)) >> 15);
#else
  return (int32_t)(((int64_t)(2 * a) * b + ((int64_t)1 << 31)) >> 32);
#endif
}

/* x / 2^exponent, halves away from zero: TFLite's RoundingDivideByPOT. */
NAS_INLINE int32_t nas_divide_by_power(int32_t x, int32_t exponent) {
  int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1);
  return (x >> exponent) + ((x & mask) > (mask >> 1) + (x < 0));
}

/* TFLite's MultiplyByQuantizedMultiplier with double rounding; bits that a left shift loses are lost, as there. */
int32_t nas_requantize(int32_t sum, int32_t multiplier, int32_t shift);

/*
 * What sums of one channel are requantised by, worked out once for several of them. The zero point of the output is part
 * of the rounding: adding it times 2^right before the shift is adding it after.
 */
typedef struct {
  int32_t multiplier, rounding, right, shift, zero;
} nas_rounding;

NAS_INLINE nas_rounding nas_rounding_of(int32_t multiplier, int32_t shift, int32_t right, int32_t zero) {
  nas_rounding r = {multiplier, (int32_t)((uint32_t)(2 * zero + 1) << right) >> 1, right, shift, zero};
  return r;
}

NAS_INLINE nas_rounding nas_rounding_of_channel(const nas_channel *channel, int32_t zero) {
  return nas_rounding_of(channel->multiplier, channel->shift, channel->right, zero);
}

/* Halves go away from zero, so a negative one has to fall just short of the half. */
NAS_INLINE int8_t nas_output_short(int32_t sum, const nas_rounding *r) {
  int32_t high = nas_short_high_mul(sum, r->multiplier);
  return nas_saturate((high + r->rounding + (high >> 31)) >> r->right);
}

int8_t nas_output_long(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero);

NAS_INLINE int8_t nas_output(int32_t sum, const nas_rounding *r) {
  return r->right > 0 ? nas_output_short(sum, r) : nas_output_long(sum, r->multiplier, r->shift, r->zero);
}

/* Four bytes of any type and at any address, where a core reads those at once. */
typedef uint32_t __attribute__((aligned(1), may_alias)) nas_word;

/* Copies forwards, and sets: of the C library there is one for speed and one for size, and what is measured is to be what runs. */
void nas_copy_s8(int8_t *to, const int8_t *from, int32_t count);
void nas_set_s8(int8_t *to, int32_t value, int32_t count);

/*
 * Puts `count` outputs between the limits of a fused activation. A pass of its own, because where the scale fits the
 * activation they are those of the type, and there is none.
 */
void nas_clamp_s8(int8_t *values, int32_t count, int32_t low, int32_t high);

#if defined(NAS_DSP)
/* Four values from any address. */
NAS_INLINE uint32_t nas_load4(const int8_t *from) {
  return *(const nas_word *)(const void *)from;
}

/* Bytes 0 and 2, 1 and 3, as pairs of 16-bit values. The C library's header has no instruction with a rotation. */
NAS_INLINE int16x2_t nas_even(uint32_t word) { return __sxtb16((int8x4_t)word); }
NAS_INLINE int16x2_t nas_odd(uint32_t word) {
  int16x2_t pair;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(word));
  return pair;
}

/* The greater one of each of four values. */
NAS_INLINE uint32_t nas_greater4(uint32_t a, uint32_t b) {
  uint32_t result;
  __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(result) : "r"(a), "r"(b) : "cc");
  return result;
}
#endif

#if defined(NAS_MVE)
/* The least and the greatest output, and the zero point, for nas_requantize_lanes. */
typedef struct {
  int32x4_t low, high;
  int32_t zero;
} nas_limits;

NAS_INLINE nas_limits nas_limits_of(int32_t zero, int32_t low, int32_t high) {
  return (nas_limits){vdupq_n_s32(low), vdupq_n_s32(high), zero};
}

/* Sums requantised by the multiplier and the right shift of each lane, which is below zero, or 0; left shifts are done. */
NAS_INLINE int32x4_t nas_requantize_lanes(int32x4_t sums, int32x4_t multiplier, int32x4_t right, const nas_limits *limits) {
  int32x4_t high = vqrdmulhq_s32(sums, multiplier);
  /* Halves go up; those below zero have to go down, and fall just short of the half. */
  high = vqaddq_s32(high, vshrq_n_s32(vandq_s32(high, right), 31));
  high = vqaddq_n_s32(vrshlq_s32(high, right), limits->zero);
  return vminq_s32(vmaxq_s32(high, limits->low), limits->high);
}

/* The same with one right shift for all, of 1 or more. */
NAS_INLINE int32x4_t nas_requantize_alike(int32x4_t sums, int32_t multiplier, int32_t right, const nas_limits *limits) {
  int32x4_t high = vqrdmulhq_n_s32(sums, multiplier);
  high = vqaddq_s32(high, vshrq_n_s32(high, 31));
  high = vqaddq_n_s32(vrshlq_n_s32(high, -right), limits->zero);
  return vminq_s32(vmaxq_s32(high, limits->low), limits->high);
}

/* In assembler, as all loops here whose lanes end with the values: compilers do not make them. */
NAS_INLINE void nas_copy_lanes(int8_t *to, const int8_t *from, int32_t count) {
  __asm__ volatile(
    "wlstp.8 lr, %[count], 2f\n"
    "1:\n\t"
    "vldrb.8 q0, [%[from]], #16\n\t"
    "vstrb.8 q0, [%[to]], #16\n\t"
    "letp lr, 1b\n"
    "2:"
    : [to] "+r"(to), [from] "+r"(from)
    : [count] "r"(count)
    : "q0", "lr", "memory");
}

/* Adds the products of `with` and four other runs of values, which are `pitch` apart; at least one of each. */
NAS_INLINE void nas_dot_lanes(const int8_t *with, const int8_t *a, int32_t pitch, int32_t count, int32_t sums[4]) {
  const int8_t *b = a + pitch, *c = b + pitch, *d = c + pitch;
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  __asm__ volatile(
    "dlstp.8 lr, %[count]\n"
    "1:\n\t"
    "vldrb.8 q0, [%[with]], #16\n\t"
    "vldrb.8 q1, [%[a]], #16\n\t"
    "vmladava.s8 %[s0], q0, q1\n\t"
    "vldrb.8 q2, [%[b]], #16\n\t"
    "vmladava.s8 %[s1], q0, q2\n\t"
    "vldrb.8 q1, [%[c]], #16\n\t"
    "vmladava.s8 %[s2], q0, q1\n\t"
    "vldrb.8 q2, [%[d]], #16\n\t"
    "vmladava.s8 %[s3], q0, q2\n\t"
    "letp lr, 1b"
    : [s0] "+Te"(s0), [s1] "+Te"(s1), [s2] "+Te"(s2), [s3] "+Te"(s3), [with] "+r"(with), [a] "+r"(a), [b] "+r"(b),
      [c] "+r"(c), [d] "+r"(d)
    : [count] "r"(count)
    : "q0", "q1", "q2", "lr", "memory");
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

NAS_INLINE void nas_set_lanes(int8_t *to, int32_t value, int32_t count) {
  __asm__ volatile(
    "vdup.8 q0, %[value]\n\t"
    "wlstp.8 lr, %[count], 2f\n"
    "1:\n\t"
    "vstrb.8 q0, [%[to]], #16\n\t"
    "letp lr, 1b\n"
    "2:"
    : [to] "+r"(to)
    : [value] "r"(value), [count] "r"(count)
    : "q0", "lr", "memory");
}

/* From a member of a channel to that of the next. */
NAS_INLINE uint32x4_t nas_lane_offsets(void) { return vmulq_n_u32(vidupq_n_u32(0, 1), sizeof(nas_channel)); }

/* A 32-bit member of four channels, from that of the first. */
NAS_INLINE int32x4_t nas_lanes_of(const int32_t *member, mve_pred16_t lanes) {
  return vldrwq_gather_offset_z_s32(member, nas_lane_offsets(), lanes);
}
#endif

#endif
