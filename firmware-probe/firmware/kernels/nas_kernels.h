/*
 * Int8 kernels with the quantised arithmetic of TensorFlow Lite, bit for bit. One source for the probe, which measures
 * them on a board, and for the exported C, which runs them there.
 *
 * Tensors are NHWC with a batch of one, `real = scale * (q - zero)`. A layer is constant data: numbers that the host works
 * out (see ../lower), then pointers to arrays of its, 4-byte aligned. Kernels allocate nothing, and need nothing of the C
 * library but the memcpy that compilers make of copied structs. Those that need memory besides say how much in
 * `nas_..._scratch`, bytes, which differs between cores. Scratch is 4-byte aligned.
 *
 * Each struct is all `int32_t`, then all pointers: so a layer that comes over a wire is words and offsets.
 */
#ifndef NAS_KERNELS_H
#define NAS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An output channel: what its sums begin with, and how they become outputs, `round(sum * multiplier * 2^(shift - 31))`, which
 * is rounded twice as in TFLite Micro. The bias has the zero point of the input in it: bias - in_zero * sum of the weights.
 * `right` is -shift where the short way is exact, which the host has checked: 1 <= right <= 22, and no sum of the channel is
 * 2^29 or more. Else it is 0, and the kernel takes the long way.
 */
typedef struct {
  int32_t bias;
  int32_t multiplier;
  int8_t shift;
  uint8_t right;
  int16_t reserved;
} nas_channel;

/*
 * Convolution. Weights are [out_channels][kernel_height * kernel_width * in_channels / groups], each row filled up with
 * zeros to a multiple of 4 bytes; those of a depthwise convolution [kernel_height * kernel_width][out_channels].
 * Output pixel (y, x) begins at out[out_first + y * out_row + x * out_pixel], so that a transposed convolution is one of these for each
 * phase of its stride. Padding may be below zero there.
 */
typedef struct {
  int32_t in_height, in_width, in_channels;
  int32_t out_height, out_width, out_channels;
  int32_t out_first, out_row, out_pixel;
  int32_t kernel_height, kernel_width;
  int32_t stride_height, stride_width;
  int32_t dilation_height, dilation_width;
  int32_t pad_top, pad_left;
  int32_t groups;
  int32_t in_zero, out_zero;
  int32_t low, high;
  const int8_t *weights;
  const nas_channel *channels;
} nas_conv2d;

size_t nas_conv2d_scratch(const nas_conv2d *layer);
void nas_conv2d_s8(const nas_conv2d *layer, const int8_t *in, int8_t *out, void *scratch);

/* Each input channel makes out_channels / in_channels of the output. `groups` is not read. */
size_t nas_depthwise_conv2d_scratch(const nas_conv2d *layer);
void nas_depthwise_conv2d_s8(const nas_conv2d *layer, const int8_t *in, int8_t *out, void *scratch);

/*
 * Weights [outputs][inputs], each row filled up with zeros to a multiple of 4. All outputs have one scale; see nas_channel
 * for the bias, the multiplier and the shifts.
 */
typedef struct {
  int32_t inputs, outputs;
  int32_t multiplier, shift, right;
  int32_t out_zero;
  int32_t low, high;
  const int8_t *weights;
  const int32_t *bias;
} nas_fully_connected;

void nas_fully_connected_s8(const nas_fully_connected *layer, const int8_t *in, int8_t *out);

/* Windows over an image, channel by channel. What lies outside the image is not counted. */
typedef struct {
  int32_t in_height, in_width, channels;
  int32_t out_height, out_width;
  int32_t kernel_height, kernel_width;
  int32_t stride_height, stride_width;
  int32_t pad_top, pad_left;
  int32_t low, high;
} nas_pool;

void nas_max_pool_s8(const nas_pool *layer, const int8_t *in, int8_t *out);
void nas_average_pool_s8(const nas_pool *layer, const int8_t *in, int8_t *out);

/*
 * [outer][reduced][inner] -> [outer][inner]. The multiplier of a mean takes the number of values in, and `start` is that
 * number times the zero point, below zero. The greatest value needs neither.
 */
typedef struct {
  int32_t outer, reduced, inner;
  int32_t start, multiplier, shift, out_zero;
} nas_reduce;

void nas_mean_s8(const nas_reduce *layer, const int8_t *in, int8_t *out);
void nas_reduce_max_s8(const nas_reduce *layer, const int8_t *in, int8_t *out);

/*
 * Two tensors value by value: `places` times `channels` outputs. From a place, or a channel, to the next an input goes on by
 * so many values; by none where it has one for all of them.
 */
typedef struct {
  int32_t places, channels;
  int32_t a_place, a_channel, b_place, b_channel;
  int32_t a_zero, b_zero, out_zero;
  /* As of a nas_channel. */
  int32_t multiplier, shift, right;
  int32_t low, high;
  /* Of sums alone: each input is raised by `bits`, then scaled by a multiplier and a right shift. */
  int32_t bits, a_multiplier, a_right, b_multiplier, b_right;
  /* 1 or -1, that of b; and whether the sum is squared. */
  int32_t sign, is_squared;
} nas_pairwise;

void nas_add_s8(const nas_pairwise *layer, const int8_t *a, const int8_t *b, int8_t *out);
void nas_mul_s8(const nas_pairwise *layer, const int8_t *a, const int8_t *b, int8_t *out);

/* Any function of one value: the output of q is table[q + 128]. */
typedef struct {
  int32_t count;
  const int8_t *table;
} nas_lookup;

void nas_lookup_s8(const nas_lookup *layer, const int8_t *in, int8_t *out);

/* What is below zero meets the slope of its channel. */
typedef struct {
  int32_t places, channels;
  int32_t in_zero, slope_zero, out_zero;
  int32_t multiplier, shift;
  int32_t slope_multiplier, slope_shift;
  const int8_t *slopes;
} nas_prelu;

void nas_prelu_s8(const nas_prelu *layer, const int8_t *in, int8_t *out);

/*
 * Shares that add up to one, of scale 1/256 and zero point -128. exponentials[i] is exp(-i * scale of the input) as a whole
 * number, of which `classes` with half as much again fit into 32 bits.
 */
typedef struct {
  int32_t rows, classes;
  const uint32_t *exponentials;
} nas_softmax;

void nas_softmax_s8(const nas_softmax *layer, const int8_t *in, int8_t *out);

/* Values put elsewhere: transpositions, parts, joints, padding around. The last extent is the innermost. */
typedef struct {
  int32_t extent0, extent1, extent2, extent3;
  int32_t in_first, in_step0, in_step1, in_step2, in_step3;
  int32_t out_first, out_step0, out_step1, out_step2, out_step3;
} nas_move;

void nas_move_s8(const nas_move *layer, const int8_t *in, int8_t *out);

typedef struct {
  int32_t count, value;
} nas_fill;

void nas_fill_s8(const nas_fill *layer, int8_t *out);

/* Output pixel (y, x) is that which begins at in[rows[y] + columns[x]]. */
typedef struct {
  int32_t out_height, out_width, channels;
  const int32_t *rows, *columns;
} nas_resize_nearest;

void nas_resize_nearest_s8(const nas_resize_nearest *layer, const int8_t *in, int8_t *out);

/* Between two rows or columns, which begin at these places; `fraction` is 1024ths of the second. */
typedef struct {
  int32_t first, second, fraction;
} nas_between;

typedef struct {
  int32_t out_height, out_width, channels;
  const nas_between *rows, *columns;
} nas_resize_bilinear;

void nas_resize_bilinear_s8(const nas_resize_bilinear *layer, const int8_t *in, int8_t *out);

#ifdef __cplusplus
}
#endif

#endif
