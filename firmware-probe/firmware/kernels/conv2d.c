/* Convolutions that read all channels of a group for each that they make. */

#include "nas_block.h"
#include "nas_rows.h"

/* Values that one output sees, rounded up as its row of weights is. */
static int32_t row_length(const nas_conv2d *layer) {
  return nas_round_up(layer->kernel_height * layer->kernel_width * (layer->in_channels / layer->groups), 4);
}

size_t nas_conv2d_scratch(const nas_conv2d *layer) {
  int32_t length = row_length(layer);
  return NAS_BLOCK_BYTES(length) + (size_t)length;
}

/* Where the values of one output pixel go: into a block, or to plain bytes. */
typedef struct {
  nas_cell *block;
  int32_t length, pixel;
  int8_t *bytes;
} column;

NAS_INLINE void put(int is_block, const column *to, int32_t at, const int8_t *from, int32_t count) {
  if (is_block) nas_block_put(to->block, to->length, to->pixel, at, from, count);
  else for (int32_t i = 0; i < count; i++) to->bytes[at + i] = from[i];
}

NAS_INLINE void fill(int is_block, const column *to, int32_t at, int32_t value, int32_t count) {
  if (is_block) nas_block_fill(to->block, to->length, to->pixel, at, value, count);
  else for (int32_t i = 0; i < count; i++) to->bytes[at + i] = (int8_t)value;
}

/* The window of output pixel (y, x), channels from `first` on; the input's zero point where it leaves the image. */
NAS_INLINE void gather(int is_block, const nas_conv2d *layer, const int8_t *in, int32_t first, int32_t y, int32_t x, column to) {
  int32_t channels = layer->in_channels / layer->groups, at = 0;
  int32_t left = x * layer->stride_width - layer->pad_left, step = layer->dilation_width;
  /* Taps of a row that lie within the image, where a row is one run. */
  int32_t begin = nas_min(nas_max(-left, 0), layer->kernel_width);
  int32_t end = nas_max(begin, nas_min(layer->in_width - left, layer->kernel_width));
  int is_run = step == 1 && layer->groups == 1;
  for (int32_t i = 0; i < layer->kernel_height; i++) {
    int32_t row = y * layer->stride_height - layer->pad_top + i * layer->dilation_height;
    int is_outside = row < 0 || row >= layer->in_height;
    int32_t from = (row * layer->in_width + left) * layer->in_channels + first;
    if (is_run || is_outside) {
      int32_t before = is_outside ? layer->kernel_width : begin, after = is_outside ? before : end;
      if (before > 0) fill(is_block, &to, at, layer->in_zero, before * channels);
      if (after > before) put(is_block, &to, at + before * channels, in + (from + before * channels), (after - before) * channels);
      if (after < layer->kernel_width)
        fill(is_block, &to, at + after * channels, layer->in_zero, (layer->kernel_width - after) * channels);
      at += layer->kernel_width * channels;
      continue;
    }
    for (int32_t j = 0; j < layer->kernel_width; j++, at += channels) {
      int32_t place = left + j * step;
      if (place < 0 || place >= layer->in_width) fill(is_block, &to, at, layer->in_zero, channels);
      else put(is_block, &to, at, in + (from + j * step * layer->in_channels), channels);
    }
  }
  /* These meet weights of zero. */
  if (!is_block || NAS_RUN == 1) fill(is_block, &to, at, 0, to.length - at);
}

/* The code for both is apart, and not inlined, so that each has all registers. */
__attribute__((noinline)) static void gather_block(const nas_conv2d *layer, const int8_t *in, int32_t first, int32_t y, int32_t x, column to) {
  gather(1, layer, in, first, y, x, to);
}
__attribute__((noinline)) static void gather_bytes(const nas_conv2d *layer, const int8_t *in, int32_t first, int32_t y, int32_t x, column to) {
  gather(0, layer, in, first, y, x, to);
}

/* The rows of weights of the output channels of a group. */
typedef struct {
  const int8_t *weights;
  const nas_channel *channels;
  /* From a row to the next, values of a column, and from a column to the next where those are plain bytes. */
  int32_t length, values, pitch;
  int32_t count, zero;
} group_rows;

#if defined(NAS_MVE)
/* The outputs of four pixels `pitch` apart from the block of their columns. */
__attribute__((noinline)) static void outputs_of(const nas_cell *block, const group_rows *rows, int8_t *out, int32_t pitch) {
  const int8_t *weights = rows->weights;
  nas_limits limits = nas_limits_of(rows->zero, -128, 127);
  uint32x4_t places = vmulq_n_u32(vidupq_n_u32(0, 1), (uint32_t)pitch);
  int32_t columns = rows->pitch, values = rows->values, length = rows->length;
  for (const nas_channel *channel = rows->channels, *end = channel + rows->count; channel != end; channel++, out++) {
    int32_t sums[4];
    nas_block_dot(block, columns, weights, values, channel->bias, sums);
    int32x4_t lanes = {sums[0], sums[1], sums[2], sums[3]};
    if (channel->right > 0) lanes = nas_requantize_alike(lanes, channel->multiplier, channel->right, &limits);
    else {
      int32_t shift = channel->shift;
      lanes = vshlq_r_s32(lanes, nas_max(shift, 0));
      lanes = nas_requantize_lanes(lanes, vdupq_n_s32(channel->multiplier), vdupq_n_s32(nas_min(shift, 0)), &limits);
    }
    vstrbq_scatter_offset_s32(out, places, lanes);
    weights += length;
  }
}
#else
NAS_INLINE void store(const int32_t sums[4], const nas_channel *channel, int32_t zero, int8_t *out, int32_t pitch) {
  nas_rounding r = nas_rounding_of_channel(channel, zero);
  if (r.right > 0) {
    out[0] = nas_output_short(sums[0], &r);
    out[pitch] = nas_output_short(sums[1], &r);
    out[2 * pitch] = nas_output_short(sums[2], &r);
    out[3 * pitch] = nas_output_short(sums[3], &r);
  } else {
    out[0] = nas_output_long(sums[0], r.multiplier, r.shift, zero);
    out[pitch] = nas_output_long(sums[1], r.multiplier, r.shift, zero);
    out[2 * pitch] = nas_output_long(sums[2], r.multiplier, r.shift, zero);
    out[3 * pitch] = nas_output_long(sums[3], r.multiplier, r.shift, zero);
  }
}

/* The outputs of four pixels `pitch` apart from the block of their columns. */
__attribute__((noinline)) static void outputs_of(const nas_cell *block, const group_rows *rows, int8_t *out, int32_t pitch) {
  const int8_t *weights = rows->weights;
  int32_t length = rows->length, zero = rows->zero;
  for (const nas_channel *channel = rows->channels, *end = channel + rows->count; channel != end; channel++, out++) {
    int32_t sums[4];
    nas_block_dot(block, weights, length, channel->bias, sums);
    store(sums, channel, zero, out, pitch);
    weights += length;
  }
}
#endif

static void run_group(const nas_conv2d *layer, const int8_t *in, int8_t *out, void *scratch, int32_t group) {
  int32_t length = row_length(layer), own = layer->in_channels / layer->groups, made = layer->out_channels / layer->groups;
  nas_cell *block = scratch;
  int8_t *bytes = (int8_t *)scratch + NAS_BLOCK_BYTES(length);
  const int8_t *weights = layer->weights + group * made * length;
  const nas_channel *channels = layer->channels + group * made;
  nas_rows remaining = {length, length, made, layer->out_zero, weights, &channels->bias, sizeof *channels / sizeof channels->bias, channels, 1};
  /* Runs that are no whole number of cells go through bytes. */
  int is_direct = own % NAS_RUN == 0;
  /* A window of one pixel, which all are in the image. */
  int is_pixel = is_direct && layer->kernel_height == 1 && layer->kernel_width == 1 && layer->pad_top == 0 && layer->pad_left == 0;
  /* Where the rows of the output follow one another, all of them are one. */
  int is_one_row = layer->out_row == layer->out_width * layer->out_pixel;
  int32_t rows = is_one_row ? 1 : layer->out_height, y = 0, x = 0;
  group_rows made_rows = {weights, channels, length, length, length, made, layer->out_zero};
#if defined(NAS_MVE)
  /* The image is a block as it is. */
  int is_block_already = is_pixel && is_one_row && layer->stride_height == 1 && layer->stride_width == 1;
  if (is_block_already) made_rows.values = own, made_rows.pitch = layer->in_channels;
#else
  int is_block_already = 0;
#endif
  for (int32_t row = 0; row < rows; row++) {
    int32_t pixels = is_one_row ? layer->out_height * layer->out_width : layer->out_width;
    int8_t *to = out + row * layer->out_row + group * made;
    for (; pixels > 0; to += 4 * layer->out_pixel, pixels -= 4) {
      int is_block = pixels >= 4;
      if (is_block && is_block_already) {
        outputs_of((const nas_cell *)in + (y * layer->in_width + x) * layer->in_channels + group * own, &made_rows, to, layer->out_pixel);
        for (x += 4; x >= layer->out_width; x -= layer->out_width) y++;
        continue;
      }
      for (int32_t p = 0; p < (is_block ? 4 : pixels); p++) {
        column target = {block, length, p, bytes};
        if (is_block && is_pixel) {
          int32_t from = (y * layer->stride_height * layer->in_width + x * layer->stride_width) * layer->in_channels;
          nas_block_put(block, length, p, 0, in + from + group * own, own);
        } else if (is_block && is_direct) gather_block(layer, in, group * own, y, x, target);
        else {
          gather_bytes(layer, in, group * own, y, x, target);
          if (is_block) nas_block_put(block, length, p, 0, bytes, length);
          else nas_rows_s8(&remaining, bytes, to + p * layer->out_pixel);
        }
        if (++x == layer->out_width) x = 0, y++;
      }
      if (is_block) outputs_of(block, &made_rows, to, layer->out_pixel);
    }
  }
}

void nas_conv2d_s8(const nas_conv2d *layer, const int8_t *in, int8_t *out, void *scratch) {
  out += layer->out_first;
  for (int32_t group = 0; group < layer->groups; group++) run_group(layer, in, out, scratch, group);
  if (layer->low <= -128 && layer->high >= 127) return;
  for (int32_t y = 0; y < layer->out_height; y++)
    for (int32_t x = 0; x < layer->out_width; x++)
      nas_clamp_s8(out + y * layer->out_row + x * layer->out_pixel, layer->out_channels, layer->low, layer->high);
}
