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

#include "../probe/layers.h"

#include <string.h>

#define MOST_INPUTS 64
#define MOST_CALLS 64
/* Behind the scratch, which is the last thing that a kernel writes to. */
#define GUARD 0x5ca1ab1eu

typedef struct {
  _Alignas(8) unsigned char layer[sizeof(int32_t) * LAYER_NUMBERS + sizeof(void *) * LAYER_POINTERS];
  const layer_kernel *kernel;
  uint32_t inputs[2], bytes[LAYER_POINTERS];
} call;

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
  c->kernel = layer_kernel_at((uint8_t)head[0]);
  c->inputs[0] = head[1], c->inputs[1] = head[2];
  if (c->kernel == NULL || head[3] != c->kernel->numbers || head[4] != c->kernel->pointers) return 0;
  return read_words((uint32_t *)(void *)c->layer, head[3]) && (head[4] == 0 || read_words(c->bytes, head[4]));
}

static int read_arrays(call *c) {
  for (uint32_t a = 0; a < c->kernel->pointers; a++) {
    void *array = read_array(c->bytes[a]);
    if (array == NULL) return 0;
    memcpy(c->layer + c->kernel->pointers_at + a * sizeof array, &array, sizeof array);
  }
  return 1;
}

static void run_call(const call *c, int8_t *const inputs[], int8_t *out, void *scratch) {
  const int8_t *in[2] = {inputs[c->inputs[0]], inputs[c->inputs[1]]};
  c->kernel->run(c->layer, in, out, scratch);
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
  uint32_t repeats = head[0], bytes = head[1], given = head[2], count = head[3];
  if (given > MOST_INPUTS || count > MOST_CALLS || !read_words(sizes, given)) return -1;
  for (uint32_t i = 0; i < count; i++)
    if (!read_call(&calls[i])) return -1;
  for (uint32_t i = 0; i < given; i++)
    if ((inputs[i] = read_array(sizes[i])) == NULL) return -1;
  size_t most = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!read_arrays(&calls[i])) return -1;
    size_t needed = calls[i].kernel->scratch == NULL ? 0 : calls[i].kernel->scratch(calls[i].layer);
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
    for (uint32_t i = 0; i < count; i++) run_call(&calls[i], inputs, out, scratch);
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
