/*
 * Depthwise convolution with Helium: lanes are output channels, four at a time with 32-bit sums, and a load of weights serves
 * four output pixels. Taps outside the image read padding.
 */
#include "nas_core.h"

#if defined(NAS_MVE)

/* Lanes of a vector of 32-bit sums, and pixels that are made together. */
#define LANES 4
#define PIXELS 4

size_t nas_depthwise_conv2d_scratch(const nas_conv2d *layer) {
  int32_t taps = layer->kernel_height * layer->kernel_width;
  return (size_t)(taps * PIXELS) * sizeof(int8_t *) + (size_t)nas_round_up(layer->in_channels, 4);
}

/* The input channels of four output channels, of which each has `multiplier`. */
typedef struct {
  uint32x4_t offsets;
  int is_plain;
} source;

NAS_INLINE source source_of(int32_t channel, int32_t multiplier) {
  uint32_t offsets[LANES];
  if (multiplier == 1) return (source){vaddq_n_u32(vidupq_n_u32(0, 1), (uint32_t)channel), 1};
  for (int32_t i = 0; i < LANES; i++) offsets[i] = (uint32_t)((channel + i) / multiplier);
  return (source){vldrwq_u32(offsets), 0};
}

/* Loads are predicated only where not all lanes are taken: a constant. */
#define ALL 0xffff
NAS_INLINE int32x4_t lanes_at(const int8_t *from, mve_pred16_t lanes) {
  return __builtin_constant_p(lanes) ? vldrbq_s32(from) : vldrbq_z_s32(from, lanes);
}

NAS_INLINE int32x4_t values_at(const int8_t *pixel, int32_t channel, source s, mve_pred16_t lanes) {
  return s.is_plain ? lanes_at(pixel + channel, lanes) : vldrbq_gather_offset_z_s32(pixel, s.offsets, lanes);
}

/* Where the window of output pixel (y, x) reads, tap after tap, PIXELS apart in `list`; `padding` where it leaves the image. */
static void list_taps(const nas_conv2d *layer, const int8_t *in, const int8_t *padding, int32_t y, int32_t x, const int8_t **list) {
  int32_t top = y * layer->stride_height - layer->pad_top, left = x * layer->stride_width - layer->pad_left;
  int32_t step = layer->dilation_width, width = layer->in_width, taps = layer->kernel_width, along = step * layer->in_channels;
  /* Taps of a row that lie in the image. */
  int32_t begin = left < 0 ? nas_min((step - 1 - left) / step, taps) : 0;
  int32_t end = left >= width ? 0 : nas_min((width - 1 - left) / step + 1, taps);
  for (int32_t i = layer->kernel_height; i > 0; i--, top += layer->dilation_height) {
    int32_t j = 0, at = (top * width + left) * layer->in_channels;
    if (top >= 0 && top < layer->in_height) {
      for (; j < begin; j++, list += PIXELS) *list = padding;
      const int8_t *from = in + (at + begin * along);
      for (; j < end; j++, list += PIXELS, from += along) *list = from;
    }
    for (; j < taps; j++, list += PIXELS) *list = padding;
  }
}

/* Sums of four channels of four pixels. */
typedef struct {
  int32x4_t of[PIXELS];
} sums_of_pixels;

/* In assembler for the double loads: compilers make four instructions more of a tap. */
NAS_INLINE void add_taps(const int8_t *const *list, const int8_t *weights, int32_t pitch, int32_t taps, int32_t channel, sums_of_pixels *sums) {
  const int8_t *a, *b;
  __asm__ volatile(
    "dls lr, %[taps]\n"
    "1:\n\t"
    "ldrd %[a], %[b], [%[list]], #8\n\t"
    "vldrb.s32 q4, [%[weights]]\n\t"
    "add %[weights], %[pitch]\n\t"
    "add %[a], %[channel]\n\t"
    "add %[b], %[channel]\n\t"
    "vldrb.s32 q5, [%[a]]\n\t"
    "vldrb.s32 q6, [%[b]]\n\t"
    "ldrd %[a], %[b], [%[list]], #8\n\t"
    "vmul.i32 q5, q5, q4\n\t"
    "vmul.i32 q6, q6, q4\n\t"
    "add %[a], %[channel]\n\t"
    "add %[b], %[channel]\n\t"
    "vadd.i32 %q[s0], %q[s0], q5\n\t"
    "vadd.i32 %q[s1], %q[s1], q6\n\t"
    "vldrb.s32 q5, [%[a]]\n\t"
    "vldrb.s32 q6, [%[b]]\n\t"
    "vmul.i32 q5, q5, q4\n\t"
    "vmul.i32 q6, q6, q4\n\t"
    "vadd.i32 %q[s2], %q[s2], q5\n\t"
    "vadd.i32 %q[s3], %q[s3], q6\n\t"
    "le lr, 1b"
    : [s0] "+w"(sums->of[0]), [s1] "+w"(sums->of[1]), [s2] "+w"(sums->of[2]), [s3] "+w"(sums->of[3]), [a] "=&l"(a),
      [b] "=&l"(b), [list] "+r"(list), [weights] "+l"(weights)
    : [taps] "r"(taps), [pitch] "r"(pitch), [channel] "r"(channel)
    : "q4", "q5", "q6", "lr", "memory");
}

/* Channels [first, first + LANES) of four pixels, of which `outs` are the outputs. */
NAS_INLINE void run_lanes(const nas_conv2d *layer, const int8_t *const *list, int32_t first, source s, mve_pred16_t lanes, int8_t *const outs[PIXELS]) {
  const nas_channel *channel = layer->channels + first;
  const int8_t *weights = layer->weights + first;
  int32_t channels = layer->out_channels, taps = layer->kernel_height * layer->kernel_width;
  int32x4_t bias = nas_lanes_of(&channel->bias, lanes);
  sums_of_pixels sums = {{bias, bias, bias, bias}};
  if (s.is_plain && __builtin_constant_p(lanes)) add_taps(list, weights, channels, taps, first, &sums);
  else
    for (; taps > 0; taps--, list += PIXELS, weights += channels)
      for (int p = 0; p < PIXELS; p++)
        sums.of[p] = vaddq_s32(sums.of[p], vmulq_s32(lanes_at(weights, lanes), values_at(list[p], first, s, lanes)));
  int32x4_t shift = vldrbq_gather_offset_z_s32(&channel->shift, nas_lane_offsets(), lanes), none = vdupq_n_s32(0);
  int32x4_t multiplier = nas_lanes_of(&channel->multiplier, lanes), left = vmaxq_s32(shift, none), right = vminq_s32(shift, none);
  nas_limits limits = nas_limits_of(layer->out_zero, -128, 127);
  for (int p = 0; p < PIXELS; p++) {
    int32x4_t outputs = nas_requantize_lanes(vshlq_s32(sums.of[p], left), multiplier, right, &limits);
    if (__builtin_constant_p(lanes)) vstrbq_s32(outs[p] + first, outputs);
    else vstrbq_p_s32(outs[p] + first, outputs, lanes);
  }
}

/* All channels of four pixels. The last four may have been made in part already; of fewer than four there is one vector. */
__attribute__((noinline)) static void run_pixels(const nas_conv2d *layer, const int8_t *const *list, int8_t *const outs[PIXELS]) {
  int32_t channels = layer->out_channels, multiplier = channels / layer->in_channels;
  if (channels < LANES) run_lanes(layer, list, 0, source_of(0, multiplier), vctp32q((uint32_t)channels), outs);
  else if (multiplier > 1)
    for (int32_t n = 0; n < channels; n += LANES) {
      int32_t first = nas_min(n, channels - LANES);
      run_lanes(layer, list, first, source_of(first, multiplier), ALL, outs);
    }
  else
    for (int32_t n = 0; n < channels; n += LANES)
      run_lanes(layer, list, nas_min(n, channels - LANES), (source){vdupq_n_u32(0), 1}, ALL, outs);
}

void nas_depthwise_conv2d_s8(const nas_conv2d *layer, const int8_t *in, int8_t *out, void *scratch) {
  const int8_t **list = scratch;
  int8_t *padding = (int8_t *)(list + layer->kernel_height * layer->kernel_width * PIXELS);
  nas_set_s8(padding, layer->in_zero, layer->in_channels);
  int32_t width = layer->out_width, pixels = layer->out_height * width;
  for (int32_t p = 0; p < pixels; p += PIXELS) {
    int8_t *outs[PIXELS];
    /* The last four may have been made in part already; of fewer the last one is made again. */
    int32_t first = nas_max(nas_min(p, pixels - PIXELS), 0), y = first / width, x = first % width;
    for (int32_t i = 0; i < PIXELS; i++) {
      list_taps(layer, in, padding, y, x, list + i);
      outs[i] = out + y * layer->out_row + x * layer->out_pixel;
      if (first + i + 1 < pixels && ++x == width) x = 0, y++;
    }
    run_pixels(layer, list, outs);
  }
  nas_clamp_s8(out, pixels * layer->out_channels, layer->low, layer->high);
}

#endif
