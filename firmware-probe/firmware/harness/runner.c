/*
 * A job is 32-bit words, little-endian. Each case:
 *
 *   repeats, bytes of the output, number of inputs, number of calls
 *   bytes of each input
 *   for each call: kernel, first input, second input, number of words, number of arrays, the words, bytes of each array
 *   the inputs, then the arrays of each call, each filled up to a multiple of 4 bytes
 *
 * Of each case a line is printed: instructions of one run, FNV-1a of the output, bytes of scratch, and with `dump` (a case of
 * 0 repeats) the output itself. Outputs begin as 0x55, so that what a kernel leaves unwritten shows.
 */
#include "runner.h"

#include "../kernels/nas_kernels.h"

#include <string.h>

#define MOST_INPUTS 64
#define MOST_CALLS 64
#define MOST_WORDS 32
#define MOST_ARRAYS 4
/* Behind the scratch, which is the last thing that a kernel writes to. */
#define GUARD 0x5ca1ab1eu

typedef struct {
  /* Room for the greatest of the layers. */
  _Alignas(8) unsigned char layer[sizeof(int32_t) * MOST_WORDS + sizeof(void *) * MOST_ARRAYS];
  uint32_t kernel, first, second, words, arrays, bytes[MOST_ARRAYS];
} call;

typedef void (*run_function)(const call *c, int8_t *const inputs[], int8_t *out, void *scratch);

#define LAYER(type) (*(const type *)(const void *)c->layer)

static void run_conv2d(const call *c, int8_t *const in[], int8_t *out, void *scratch) {
  nas_conv2d_s8(&LAYER(nas_conv2d), in[c->first], out, scratch);
}
static size_t scratch_conv2d(const call *c) { return nas_conv2d_scratch(&LAYER(nas_conv2d)); }

static void run_depthwise(const call *c, int8_t *const in[], int8_t *out, void *scratch) {
  nas_depthwise_conv2d_s8(&LAYER(nas_conv2d), in[c->first], out, scratch);
}
static size_t scratch_depthwise(const call *c) { return nas_depthwise_conv2d_scratch(&LAYER(nas_conv2d)); }

/* Kernels without scratch, of one input and of two. */
#define RUN_ONE(name, type, function)                                                          \
  static void run_##name(const call *c, int8_t *const in[], int8_t *out, void *scratch) {      \
    (void)scratch;                                                                             \
    function(&LAYER(type), in[c->first], out);                                                 \
  }
#define RUN_TWO(name, type, function)                                                          \
  static void run_##name(const call *c, int8_t *const in[], int8_t *out, void *scratch) {      \
    (void)scratch;                                                                             \
    function(&LAYER(type), in[c->first], in[c->second], out);                                  \
  }

RUN_ONE(fully_connected, nas_fully_connected, nas_fully_connected_s8)
RUN_ONE(max_pool, nas_pool, nas_max_pool_s8)
RUN_ONE(average_pool, nas_pool, nas_average_pool_s8)
RUN_ONE(mean, nas_reduce, nas_mean_s8)
RUN_ONE(reduce_max, nas_reduce, nas_reduce_max_s8)
RUN_TWO(add, nas_pairwise, nas_add_s8)
RUN_TWO(mul, nas_pairwise, nas_mul_s8)
RUN_ONE(lookup, nas_lookup, nas_lookup_s8)
RUN_ONE(prelu, nas_prelu, nas_prelu_s8)
RUN_ONE(softmax, nas_softmax, nas_softmax_s8)
RUN_ONE(move, nas_move, nas_move_s8)
RUN_ONE(resize_nearest, nas_resize_nearest, nas_resize_nearest_s8)
RUN_ONE(resize_bilinear, nas_resize_bilinear, nas_resize_bilinear_s8)

static void run_fill(const call *c, int8_t *const in[], int8_t *out, void *scratch) {
  (void)in, (void)scratch;
  nas_fill_s8(&LAYER(nas_fill), out);
}

static size_t none(const call *c) {
  (void)c;
  return 0;
}

/* Kernels in the order of `kernelNames` in ../lower/call.ts, with where the pointers of their struct begin. */
static const struct {
  size_t pointers;
  run_function run;
  size_t (*scratch)(const call *c);
} kernels[] = {
  {offsetof(nas_conv2d, weights), run_conv2d, scratch_conv2d},
  {offsetof(nas_conv2d, weights), run_depthwise, scratch_depthwise},
  {offsetof(nas_fully_connected, weights), run_fully_connected, none},
  {sizeof(nas_pool), run_max_pool, none},
  {sizeof(nas_pool), run_average_pool, none},
  {sizeof(nas_reduce), run_mean, none},
  {sizeof(nas_reduce), run_reduce_max, none},
  {sizeof(nas_pairwise), run_add, none},
  {sizeof(nas_pairwise), run_mul, none},
  {offsetof(nas_lookup, table), run_lookup, none},
  {offsetof(nas_prelu, slopes), run_prelu, none},
  {offsetof(nas_softmax, exponentials), run_softmax, none},
  {sizeof(nas_move), run_move, none},
  {sizeof(nas_fill), run_fill, none},
  {offsetof(nas_resize_nearest, rows), run_resize_nearest, none},
  {offsetof(nas_resize_bilinear, rows), run_resize_bilinear, none},
};

static void print_number(uint32_t value, uint32_t base, char after) {
  char text[16];
  int at = (int)sizeof text - 1;
  text[at--] = 0;
  text[at--] = after;
  do {
    text[at--] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  platform_print(text + at + 1);
}

static int read_words(uint32_t *to, size_t count) { return platform_read(to, sizeof(uint32_t) * count); }

static void *read_array(uint32_t bytes) {
  uint32_t whole = bytes & ~3u, rest;
  unsigned char *array = platform_allocate(bytes);
  if (whole > 0 && !platform_read(array, whole)) return NULL;
  if (bytes > whole) {
    if (!platform_read(&rest, sizeof rest)) return NULL;
    memcpy(array + whole, &rest, bytes - whole);
  }
  return array;
}

static int read_call(call *c) {
  uint32_t head[5];
  if (!read_words(head, 5)) return 0;
  c->kernel = head[0], c->first = head[1], c->second = head[2], c->words = head[3], c->arrays = head[4];
  if (c->kernel >= sizeof kernels / sizeof *kernels || c->words > MOST_WORDS || c->arrays > MOST_ARRAYS) return 0;
  return read_words((uint32_t *)(void *)c->layer, c->words) && (c->arrays == 0 || read_words(c->bytes, c->arrays));
}

static int read_arrays(call *c) {
  for (uint32_t a = 0; a < c->arrays; a++) {
    void *array = read_array(c->bytes[a]);
    if (array == NULL) return 0;
    memcpy(c->layer + kernels[c->kernel].pointers + a * sizeof array, &array, sizeof array);
  }
  return 1;
}

static void report(const int8_t *out, uint32_t bytes, uint32_t instructions, size_t scratch, int dump) {
  uint32_t hash = 0x811c9dc5u;
  for (uint32_t i = 0; i < bytes; i++) hash = (hash ^ (uint8_t)out[i]) * 16777619u;
  print_number(instructions, 10, ' ');
  print_number(hash, 16, ' ');
  print_number((uint32_t)scratch, 10, dump ? ' ' : '\n');
  if (!dump) return;
  for (uint32_t i = 0; i < bytes; i++) print_number((uint8_t)out[i], 16, i + 1 < bytes ? ',' : '\n');
}

/* 1 where a case ran, 0 at the end of the job, -1 where it is broken. */
static int run_case(void) {
  static call calls[MOST_CALLS];
  static uint32_t head[4], sizes[MOST_INPUTS];
  int8_t *inputs[MOST_INPUTS];
  if (!read_words(head, 4)) return 0;
  uint32_t repeats = head[0], bytes = head[1], inputs_count = head[2], count = head[3];
  if (inputs_count > MOST_INPUTS || count > MOST_CALLS || !read_words(sizes, inputs_count)) return -1;
  for (uint32_t i = 0; i < count; i++)
    if (!read_call(&calls[i])) return -1;
  for (uint32_t i = 0; i < inputs_count; i++)
    if ((inputs[i] = read_array(sizes[i])) == NULL) return -1;
  size_t most = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!read_arrays(&calls[i])) return -1;
    size_t needed = kernels[calls[i].kernel].scratch(&calls[i]);
    most = needed > most ? needed : most;
  }
  int8_t *out = platform_allocate(bytes);
  void *scratch = platform_allocate(most);
  uint32_t *guard = platform_allocate(sizeof *guard);
  memset(out, 0x55, bytes);
  *guard = GUARD;
  uint32_t runs = repeats > 0 ? repeats : 1;
  platform_start_clock();
  for (uint32_t r = 0; r < runs; r++)
    for (uint32_t i = 0; i < count; i++) kernels[calls[i].kernel].run(&calls[i], inputs, out, scratch);
  uint32_t instructions = platform_stop_clock() / runs;
  if (*guard != GUARD) platform_print("A kernel wrote behind its scratch. ");
  report(out, bytes, instructions, most, repeats == 0);
  platform_release();
  return 1;
}

int run_job(void) {
  int state;
  while ((state = run_case()) == 1) continue;
  return state;
}
