/*
 * Depthwise convolution on cores with the plain multiplier, one channel after the other: a cell holds what two neighbouring
 * outputs see through the same tap, and one multiplication makes both products.
 */
#include "nas_band.h"

#if !defined(NAS_MVE) && !defined(NAS_DSP)

/* Outputs of a row that are made together. */
#define QUAD 4

/* The fields of a cell are those of nas_block.h. */
typedef uint32_t cell;
#define FIELD 0x7fff
#define FIELDS 0x7fff7fffu

NAS_INLINE cell cell_of(int32_t first, int32_t second) { return (uint32_t)first + ((uint32_t)second << 16); }

static nas_band band_of(const nas_conv2d *layer) {
  return nas_band_of(layer, (int32_t)sizeof(cell), 1, layer->stride_width, QUAD);
}

/* Taps, an odd number of them filled up with a weight of zero. */
static int32_t term_count(const nas_conv2d *layer) { return (layer->kernel_height * layer->kernel_width + 1) & ~1; }

/* A weight, and how many bytes the cell of the next one is behind its own. */
typedef struct {
  int32_t weight, step;
} term;

size_t nas_depthwise_conv2d_scratch(const nas_conv2d *layer) {
  nas_band b = band_of(layer);
  return (size_t)term_count(layer) * sizeof(term) + (size_t)(b.rows * b.pitch) * sizeof(cell);
}

static void fill_row(cell *row, int32_t count, cell value) {
  for (int32_t i = 0; i < count; i++) row[i] = value;
}

/* One row of a channel, `pitch` from column to column, into cells of which those that are padding hold it already. */
static void load_row(const nas_band *b, const int8_t *from, int32_t pitch, int32_t zero, cell *row) {
  int32_t step = pitch, to_second = b->apart * pitch;
  const int8_t *first = from + b->left_column * pitch;
  cell *to = row + b->left_at;
  for (int32_t left = b->left; left > 0; left--, first += step) *to++ = cell_of(zero, first[to_second]);
  first = from + b->both_column * pitch;
  to = row + b->both_at;
  int32_t left = b->both;
  if (step == to_second) {
    /* The second value is the first of the next cell. */
    int32_t value = left > 0 ? *first : 0, three = 3 * step;
    for (; left >= 4; left -= 4, to += 4) {
      int32_t second = first[step], third = first[2 * step], fourth = first[three], fifth = first[4 * step];
      to[0] = cell_of(value, second);
      to[1] = cell_of(second, third);
      to[2] = cell_of(third, fourth);
      to[3] = cell_of(fourth, fifth);
      value = fifth;
      first += 4 * step;
    }
  } else {
    for (; left >= 2; left -= 2, to += 2, first += 2 * step) {
      to[0] = cell_of(first[0], first[to_second]);
      to[1] = cell_of(first[step], first[step + to_second]);
    }
  }
  for (; left > 0; left--, first += step) *to++ = cell_of(first[0], first[to_second]);
  for (int32_t right = b->right; right > 0; right--, first += step) *to++ = cell_of(*first, zero);
}

/* Rows [first, first + count) of the padded plane of a channel. */
static void load_rows(const nas_conv2d *layer, const int8_t *channel, int32_t first, int32_t count, const nas_band *b, cell *cells) {
  int32_t zero = layer->in_zero, pitch = layer->in_channels;
  for (int32_t row = first - layer->pad_top; count > 0; count--, row++, cells += b->pitch) {
    if (row < 0 || row >= layer->in_height) {
      /* Where all rows are in memory, each of padding has its place, and has been filled. */
      if (b->outputs < layer->out_height) fill_row(cells, b->pitch, cell_of(zero, zero));
    }
    else load_row(b, channel + row * layer->in_width * pitch, pitch, zero, cells);
  }
}

static void load_terms(const nas_conv2d *layer, int32_t channel, const nas_band *b, term *terms) {
  const int8_t *weights = layer->weights + channel;
  int32_t next = layer->out_channels, width = layer->kernel_width, tap = layer->dilation_width;
  int32_t row = layer->dilation_height * b->pitch * (int32_t)sizeof(cell);
  for (int32_t i = 0; i < layer->kernel_height; i++) {
    int32_t along = tap * (int32_t)sizeof(cell);
    for (int32_t j = 0; j < width; j++, weights += next)
      *terms++ = (term){*weights, j + 1 < width ? along : row - j * along};
  }
  /* It sees the cell of the last tap again. */
  if (layer->kernel_height * width % 2 != 0) terms[0] = (term){0, 0}, terms[-1].step = 0;
}

NAS_INLINE const cell *behind(const cell *at, int32_t bytes) { return (const cell *)(const void *)((const char *)at + bytes); }

NAS_INLINE void sums_of(const cell *at, int32_t stride, const term *terms, const term *end, int32_t bias, int32_t sums[QUAD]) {
  uint32_t whole0 = 0, upper0 = 0, whole1 = 0, upper1 = 0, start = (uint32_t)bias - (uint32_t)(end - terms) / 2 * FIELD;
  for (; terms != end; terms += 2) {
    const cell *next = behind(at, terms[0].step);
    uint32_t v = (uint32_t)terms[0].weight, w = (uint32_t)terms[1].weight;
    uint32_t first = v * at[0] + FIELDS + w * next[0];
    uint32_t second = v * at[2 * stride] + FIELDS + w * next[2 * stride];
    whole0 += first, upper0 += first >> 16;
    whole1 += second, upper1 += second >> 16;
    at = behind(next, terms[1].step);
  }
  sums[0] = (int32_t)(whole0 - (upper0 << 16) + start);
  sums[1] = (int32_t)(upper0 + start);
  sums[2] = (int32_t)(whole1 - (upper1 << 16) + start);
  sums[3] = (int32_t)(upper1 + start);
}

/* The last outputs of a row, and those that have to go the long way. */
__attribute__((noinline)) static void store_some(const int32_t sums[QUAD], const nas_channel *channel, int32_t zero, int32_t count,
                                                 int8_t *out, int32_t pitch) {
  nas_rounding rounding = nas_rounding_of_channel(channel, zero);
  for (int32_t p = 0; p < count; p++) out[p * pitch] = nas_output(sums[p], &rounding);
}

/* Where the outputs of a channel go: `count` of them in each of `rows`. */
typedef struct {
  int8_t *out;
  int32_t rows, count, row_pitch, pitch, zero;
} target;

/* One output channel of rows whose windows begin `down` cells apart, and within a row `stride`. */
__attribute__((noinline)) static void run_rows(const cell *cells, int32_t down, int32_t stride, const term *terms, const term *end,
                                               const nas_channel *channel, const target *t) {
  nas_rounding rounding = nas_rounding_of_channel(channel, t->zero);
  int32_t bias = channel->bias, pitch = t->pitch, sums[QUAD];
  int8_t *row = t->out;
  for (int32_t rows = t->rows; rows > 0; rows--, cells += down, row += t->row_pitch) {
    const cell *at = cells;
    int8_t *out = row;
    int32_t left = t->count;
    for (; left >= QUAD && rounding.right > 0; left -= QUAD, at += QUAD * stride) {
      sums_of(at, stride, terms, end, bias, sums);
      for (int p = 0; p < QUAD; p++, out += pitch) *out = nas_output_short(sums[p], &rounding);
    }
    for (; left > 0; left -= QUAD, at += QUAD * stride, out += QUAD * pitch) {
      sums_of(at, stride, terms, end, bias, sums);
      store_some(sums, channel, rounding.zero, nas_min(left, QUAD), out, pitch);
    }
  }
}

void nas_depthwise_conv2d_s8(const nas_conv2d *layer, const int8_t *in, int8_t *out, void *scratch) {
  nas_band b = band_of(layer);
  term *terms = scratch, *end = terms + term_count(layer);
  cell *cells = (cell *)end;
  int32_t multiplier = layer->out_channels / layer->in_channels;
  fill_row(cells, b.rows * b.pitch, cell_of(layer->in_zero, layer->in_zero));
  for (int32_t c = 0; c < layer->in_channels; c++) {
    for (int32_t y = 0; y < layer->out_height; y += b.outputs) {
      int32_t have = y == 0 ? 0 : b.kept, first = y * layer->stride_height;
      if (have > 0) nas_copy_s8((int8_t *)cells, (const int8_t *)(cells + (b.rows - have) * b.pitch), have * b.pitch * (int32_t)sizeof(cell));
      load_rows(layer, in + c, first + have, b.rows - have, &b, cells + have * b.pitch);
      for (int32_t m = 0; m < multiplier; m++) {
        int32_t channel = c * multiplier + m;
        load_terms(layer, channel, &b, terms);
        target t = {out + y * layer->out_row + channel, nas_min(b.outputs, layer->out_height - y), layer->out_width,
                    layer->out_row, layer->out_pixel, layer->out_zero};
        run_rows(cells, layer->stride_height * b.pitch, layer->stride_width, terms, end, layer->channels + channel, &t);
      }
    }
  }
  nas_clamp_s8(out, layer->out_height * layer->out_width * layer->out_channels, layer->low, layer->high);
}

#endif
