/*
 * Depthwise convolutions copy rows of the image into cells, each of which holds two values that are multiplied by one
 * instruction, padding included: so the loop over taps has no borders.
 */
#ifndef NAS_BAND_H
#define NAS_BAND_H

#include "nas_core.h"

/* Rows are kept as far as they fit into so many bytes; else a few at a time. */
#define NAS_BAND_BYTES 3072

/* What is in memory at a time, the same for all channels. */
typedef struct {
  /* Places from one cell to the next, and to the second value of a cell. */
  int32_t grain, apart;
  /* Cells of a row, rows that one row of outputs sees, and rows in all. */
  int32_t pitch, reach, rows;
  /* Rows of outputs made from one filling. */
  int32_t outputs;
  /* Rows that the next filling sees again. */
  int32_t kept;
  /* Cells of a row of which the second value alone is in the image, both are, and the first alone is; the others are padding. */
  int32_t left_at, left, both_at, both, right;
  /* Columns of the image of the first value of those. */
  int32_t left_column, both_column;
} nas_band;

/* ceil(a / b), or 0. */
NAS_INLINE int32_t nas_steps(int32_t a, int32_t b) { return a <= 0 ? 0 : (a + b - 1) / b; }

/* Cells of `bytes`; outputs of a row in multiples of `together`. */
static inline nas_band nas_band_of(const nas_conv2d *layer, int32_t bytes, int32_t grain, int32_t apart, int32_t together) {
  nas_band b;
  int32_t width = layer->in_width;
  b.grain = grain, b.apart = apart;
  b.pitch = ((nas_round_up(layer->out_width, together) - 1) * layer->stride_width +
             (layer->kernel_width - 1) * layer->dilation_width) / grain + 1;
  b.reach = (layer->kernel_height - 1) * layer->dilation_height + 1;
  int32_t fitting = NAS_BAND_BYTES / (b.pitch * bytes);
  b.outputs = fitting < b.reach ? 1 : nas_min((fitting - b.reach) / layer->stride_height + 1, layer->out_height);
  b.rows = (b.outputs - 1) * layer->stride_height + b.reach;
  b.kept = nas_max(b.rows - b.outputs * layer->stride_height, 0);
  b.left_at = nas_min(nas_steps(layer->pad_left - apart, grain), b.pitch);
  b.left_column = b.left_at * grain - layer->pad_left;
  b.both_at = nas_min(nas_steps(layer->pad_left, grain), b.pitch);
  b.both_column = b.both_at * grain - layer->pad_left;
  b.left = nas_min(b.both_at - b.left_at, nas_steps(width - apart - b.left_column, grain));
  b.both = nas_min(b.pitch - b.both_at, nas_steps(width - apart - b.both_column, grain));
  b.right = nas_min(b.pitch - b.both_at, nas_steps(width - b.both_column, grain)) - b.both;
  return b;
}

#endif
