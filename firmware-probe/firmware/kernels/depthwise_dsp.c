/*
 * Depthwise convolution with the DSP extension, four channels at a time: a cell holds what two neighbouring taps see, for
 * each of the four, and one instruction adds both products.
 */
#include "nas_band.h"

#if defined(NAS_DSP)

/* Channels that are made together. */
#define QUAD 4

typedef struct {
  int16x2_t of[QUAD];
} cell;

/* Weights of a pair of taps, and how many bytes the cell of the next pair is behind its own. */
typedef struct {
  int16x2_t weights[QUAD];
  int32_t step;
} term;

/* As in nas_rounding. */
typedef struct {
  int32_t multiplier, rounding, right;
} finish;

static nas_band band_of(const nas_conv2d *layer) {
  /* Taps come in pairs, so at a stride of 2 every other place is the first of none. */
  int32_t grain = layer->stride_width == 2 && layer->dilation_width == 1 ? 2 : 1;
  return nas_band_of(layer, (int32_t)sizeof(cell), grain, layer->dilation_width, 1);
}

/* Pairs of taps, those of an odd width filled up with a weight of zero. */
static int32_t term_count(const nas_conv2d *layer) { return layer->kernel_height * ((layer->kernel_width + 1) / 2); }

size_t nas_depthwise_conv2d_scratch(const nas_conv2d *layer) {
  nas_band b = band_of(layer);
  return (size_t)term_count(layer) * sizeof(term) + (size_t)(b.rows * b.pitch) * sizeof(cell);
}

NAS_INLINE int16x2_t pair(int32_t first, int32_t second) {
  int16x2_t both;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(both) : "r"(first), "r"(second));
  return both;
}

NAS_INLINE int16x2_t upper_pair(int32_t first, int32_t second) {
  int16x2_t both;
  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(both) : "r"(second), "r"(first));
  return both;
}

/* Bytes 0 and 2, 1 and 3, of four channels at one place. */
typedef struct {
  int16x2_t even, odd;
} values;

/* Of an image of fewer than four channels no four are read. */
NAS_INLINE values values_at(const int8_t *from, int32_t count) {
  uint32_t word = 0;
  if (count == QUAD) word = nas_load4(from);
  else for (int32_t c = 0; c < count; c++) word |= (uint32_t)(uint8_t)from[c] << (8 * c);
  return (values){nas_even(word), nas_odd(word)};
}

NAS_INLINE void put(cell *to, values first, values second) {
  to->of[0] = pair(first.even, second.even);
  to->of[1] = pair(first.odd, second.odd);
  to->of[2] = upper_pair(first.even, second.even);
  to->of[3] = upper_pair(first.odd, second.odd);
}

static void fill_cells(cell *cells, int32_t count, values padding) {
  for (int32_t i = 0; i < count; i++) put(cells + i, padding, padding);
}

/* One row of `count` channels, `pitch` from column to column, into cells of which those that are padding hold it already. */
NAS_INLINE void load_row(const nas_band *b, const int8_t *from, int32_t pitch, int32_t count, values padding, cell *row) {
  int32_t step = b->grain * pitch, to_second = b->apart * pitch;
  const int8_t *second = from + b->left_column * pitch + to_second, *first = from + b->both_column * pitch;
  cell *to = row + b->left_at;
  for (int32_t left = b->left; left > 0; left--, second += step) put(to++, padding, values_at(second, count));
  to = row + b->both_at;
  int32_t left = b->both;
  if (step == to_second && left > 0) {
    /* The second value is the first of the next cell. */
    values value = values_at(first, count);
    for (; left > 0; left--) {
      values next = values_at(first += step, count);
      put(to++, value, next);
      value = next;
    }
  }
  for (; left > 0; left--, first += step) put(to++, values_at(first, count), values_at(first + to_second, count));
  for (int32_t right = b->right; right > 0; right--, first += step) put(to++, values_at(first, count), padding);
}

/* Rows [first, first + rows) of the padded planes of the channels at `from`. */
static void load_rows(const nas_conv2d *layer, const int8_t *from, int32_t count, int32_t first, int32_t rows, const nas_band *b,
                      cell *cells) {
  int32_t pitch = layer->in_channels, zero = layer->in_zero;
  values padding = {pair(zero, zero), pair(zero, zero)};
  for (int32_t row = first - layer->pad_top; rows > 0; rows--, row++, cells += b->pitch) {
    const int8_t *at = from + row * layer->in_width * pitch;
    if (row < 0 || row >= layer->in_height) {
      /* Where all rows are in memory, each of padding has its place, and has been filled. */
      if (b->outputs < layer->out_height) fill_cells(cells, b->pitch, padding);
    }
    else if (count == QUAD) load_row(b, at, pitch, QUAD, padding, cells);
    else load_row(b, at, pitch, count, padding, cells);
  }
}

/* Of output channels `channel`, and `count` - 1 more that are `apart`. */
static void load_terms(const nas_conv2d *layer, int32_t channel, int32_t apart, int32_t count, const nas_band *b, term *terms) {
  int32_t next = layer->out_channels, width = layer->kernel_width;
  int32_t along = 2 * layer->dilation_width / b->grain * (int32_t)sizeof(cell);
  int32_t row = layer->dilation_height * b->pitch * (int32_t)sizeof(cell);
  const int8_t *weights = layer->weights + channel;
  for (int32_t i = 0; i < layer->kernel_height; i++, weights += width * next)
    for (int32_t j = 0; j < width; j += 2, terms++) {
      const int8_t *from = weights + j * next;
      for (int32_t c = 0; c < QUAD; c++, from += apart)
        terms->weights[c] = c >= count ? 0 : pair(*from, j + 1 < width ? from[next] : 0);
      terms->step = j + 2 < width ? along : row - j / 2 * along;
    }
}

/* Adds two products for each of four channels: the pair of taps whose cell is `offset` bytes on, a constant. */
#define ADD_TERM(offset)                                   \
  "ldrd %[x], %[y], [%[at], #" offset "]\n\t"              \
  "ldrd %[v], %[w], [%[terms]], #8\n\t"                    \
  "smlad %[s0], %[x], %[v], %[s0]\n\t"                     \
  "smlad %[s1], %[y], %[w], %[s1]\n\t"                     \
  "ldrd %[x], %[y], [%[at], #" offset " + 8]\n\t"          \
  "ldrd %[v], %[w], [%[terms]], #8\n\t"                    \
  "smlad %[s2], %[x], %[v], %[s2]\n\t"                     \
  "smlad %[s3], %[y], %[w], %[s3]\n\t"

/* In assembler for the double loads. */
NAS_INLINE void sums_of(const cell *at, const term *terms, const term *end, int32_t sums[QUAD]) {
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3], x, y, v, w;
  __asm__ volatile(
    "1:\n\t" ADD_TERM("0")
    "ldr %[x], [%[terms]], #4\n\t"
    "cmp %[terms], %[end]\n\t"
    "add %[at], %[x]\n\t"
    "bne 1b"
    : [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [x] "=&r"(x), [y] "=&r"(y), [v] "=&r"(v), [w] "=&r"(w),
      [at] "+r"(at), [terms] "+r"(terms)
    : [end] "r"(end)
    : "cc", "memory");
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

/* The same for 3x3 taps whose pairs are `along` bytes apart, a constant. */
NAS_INLINE void sums_of_3x3(const cell *at, const term *terms, int along, int32_t sums[QUAD]) {
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3], x, y, v, w;
#define ADD_ROW ADD_TERM("0") "adds %[terms], #4\n\t" ADD_TERM("%c[along]") "ldr %[x], [%[terms]], #4\n\t"
#define NEXT_ROW "add %[at], %[x]\n\tadd %[at], %c[along]\n\t"
  __asm__ volatile(
    ADD_ROW NEXT_ROW ADD_ROW NEXT_ROW ADD_ROW
    : [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [x] "=&r"(x), [y] "=&r"(y), [v] "=&r"(v), [w] "=&r"(w),
      [at] "+r"(at), [terms] "+r"(terms)
    : [along] "n"(along)
    : "cc", "memory");
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

/* Four output channels, `apart` from one another, of `rows` rows. Their outputs begin at `out`. */
typedef struct {
  int32_t biases[QUAD];
  finish finishes[QUAD];
  /* Whether all of them are there and go the short way. */
  int is_short;
  const nas_channel *channels;
  int32_t apart, count, zero;
  int32_t rows, columns, row_pitch, pitch;
  int8_t *out;
} target;

static target target_of(const nas_conv2d *layer, int32_t channel, int32_t apart, int32_t count, int8_t *out) {
  target t = {.is_short = count == QUAD, .channels = layer->channels + channel, .apart = apart, .count = count, .out = out + channel};
  t.zero = layer->out_zero, t.columns = layer->out_width, t.row_pitch = layer->out_row, t.pitch = layer->out_pixel;
  for (int32_t c = 0; c < QUAD; c++) {
    const nas_channel *own = t.channels + (c < count ? c * apart : 0);
    nas_rounding r = nas_rounding_of_channel(own, t.zero);
    t.biases[c] = own->bias;
    t.finishes[c] = (finish){r.multiplier, r.rounding, r.right};
    t.is_short &= r.right > 0;
  }
  return t;
}

/* Apart, so that the loop of those that go the short way has all registers. */
__attribute__((noinline)) static void store_slowly(const target *t, const int32_t sums[QUAD], int8_t *out) {
  for (int32_t c = 0; c < t->count; c++) {
    nas_rounding r = nas_rounding_of_channel(t->channels + c * t->apart, t->zero);
    out[c * t->apart] = nas_output(sums[c], &r);
  }
}

/* Rows whose windows begin `down` cells apart, and within a row `stride`; `along` is that of 3x3 taps, or 0. */
NAS_INLINE void run_rows(const cell *cells, int32_t down, int32_t stride, const term *terms, const term *end, int along, const target *t) {
  int32_t apart = t->apart, pitch = t->pitch, columns = t->columns;
  int is_short = t->is_short;
  int8_t *row = t->out;
  for (int32_t rows = t->rows; rows > 0; rows--, cells += down, row += t->row_pitch) {
    const cell *at = cells;
    int8_t *out = row;
    for (int32_t left = columns; left > 0; left--, at += stride, out += pitch) {
      int32_t sums[QUAD] = {t->biases[0], t->biases[1], t->biases[2], t->biases[3]};
      if (along > 0) sums_of_3x3(at, terms, along, sums);
      else sums_of(at, terms, end, sums);
      if (is_short)
        for (int32_t c = 0; c < QUAD; c++) {
          nas_rounding r = {t->finishes[c].multiplier, t->finishes[c].rounding, t->finishes[c].right, 0, 0};
          out[c * apart] = nas_output_short(sums[c], &r);
        }
      else store_slowly(t, sums, out);
    }
  }
}

/* Apart, and not inlined, so that the loops of each have all registers. */
__attribute__((noinline)) static void run_any(const cell *cells, int32_t down, int32_t stride, const term *terms, const term *end, const target *t) {
  run_rows(cells, down, stride, terms, end, 0, t);
}
__attribute__((noinline)) static void run_3x3(const cell *cells, int32_t down, const term *terms, const target *t) {
  run_rows(cells, down, 1, terms, NULL, 2 * sizeof(cell), t);
}
__attribute__((noinline)) static void run_3x3_by_2(const cell *cells, int32_t down, const term *terms, const target *t) {
  run_rows(cells, down, 1, terms, NULL, sizeof(cell), t);
}

/* Input channels [first, first + count). */
static void run_channels(const nas_conv2d *layer, const int8_t *in, int8_t *out, const nas_band *b, term *terms, int32_t first, int32_t count) {
  term *end = terms + term_count(layer);
  cell *cells = (cell *)end;
  int32_t multiplier = layer->out_channels / layer->in_channels, stride = layer->stride_width / b->grain, down = layer->stride_height * b->pitch;
  int is_3x3 = layer->kernel_height == 3 && layer->kernel_width == 3 && layer->dilation_width == 1;
  for (int32_t y = 0; y < layer->out_height; y += b->outputs) {
    int32_t have = y == 0 ? 0 : b->kept;
    if (have > 0) nas_copy_s8((int8_t *)cells, (const int8_t *)(cells + (b->rows - have) * b->pitch), have * b->pitch * (int32_t)sizeof(cell));
    load_rows(layer, in + first, count, y * layer->stride_height + have, b->rows - have, b, cells + have * b->pitch);
    for (int32_t m = 0; m < multiplier; m++) {
      int32_t channel = first * multiplier + m;
      if (y == 0 || multiplier > 1) load_terms(layer, channel, multiplier, count, b, terms);
      target t = target_of(layer, channel, multiplier, count, out + y * layer->out_row);
      t.rows = nas_min(b->outputs, layer->out_height - y);
      if (is_3x3 && stride == 1 && b->grain == 1) run_3x3(cells, down, terms, &t);
      else if (is_3x3 && stride == 1) run_3x3_by_2(cells, down, terms, &t);
      else run_any(cells, down, stride, terms, end, &t);
    }
  }
}

void nas_depthwise_conv2d_s8(const nas_conv2d *layer, const int8_t *in, int8_t *out, void *scratch) {
  nas_band b = band_of(layer);
  term *terms = scratch;
  int32_t channels = layer->in_channels, zero = layer->in_zero;
  values padding = {pair(zero, zero), pair(zero, zero)};
  fill_cells((cell *)(terms + term_count(layer)), b.rows * b.pitch, padding);
  /* The last four may have been made in part already. */
  for (int32_t c = 0; c < channels; c += QUAD)
    run_channels(layer, in, out, &b, terms, nas_min(c, nas_max(channels - QUAD, 0)), nas_min(channels, QUAD));
  nas_clamp_s8(out, layer->out_height * layer->out_width * layer->out_channels, layer->low, layer->high);
}

#endif
