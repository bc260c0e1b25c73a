#include "protocol.h"

#include <string.h>

#include "board.h"
#include "counter.h"
#include "guard.h"
#include "layers.h"
#include "machine.h"
#include "stack.h"

enum { MOST_REPEATS = 32, IMAGE_NAME = 16 };

/* Reads and writes numbers one after another. */
typedef struct {
  const uint8_t *at;
} source;

typedef struct {
  uint8_t *start, *at;
} sink;

static uint32_t take_u8(source *from) {
  return *from->at++;
}

static uint32_t take_u32(source *from) {
  const uint8_t *at = from->at;
  from->at += 4;
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put_u8(sink *to, uint32_t value) {
  *to->at++ = (uint8_t)value;
}

static void put_u32(sink *to, uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) put_u8(to, value >> shift);
}

static bool is_inside(host_memory memory, uint32_t offset, uint32_t bytes) {
  return offset <= memory.bytes && bytes <= memory.bytes - offset;
}

/* What was refused is said by this, or 0. */
typedef uint8_t refusal;

static refusal hello(source *from, size_t length, host_memory memory, sink *to) {
  (void)from;
  if (length != 0) return REFUSED_MALFORMED;
#if defined(__ARM_FEATURE_MVE)
  const uint8_t variant = 2;
#elif defined(__ARM_FEATURE_DSP)
  const uint8_t variant = 1;
#else
  const uint8_t variant = 0;
#endif
  put_u8(to, counter_source());
  put_u8(to, variant);
  put_u8(to, board.code_place);
  put_u8(to, board.data_place);
  put_u8(to, board.caches);
  put_u8(to, 0);
  put_u8(to, 0);
  put_u8(to, 0);
  put_u32(to, board.clock_hz);
  put_u32(to, memory.bytes);
  board_serial(to->at);
  to->at += 8;
  strncpy((char *)to->at, board.chip, IMAGE_NAME - 1);
  to->at[IMAGE_NAME - 1] = 0;
  to->at += IMAGE_NAME;
  return 0;
}

static refusal write_memory(source *from, size_t length, host_memory memory) {
  if (length < 4) return REFUSED_MALFORMED;
  const uint32_t offset = take_u32(from);
  const uint32_t bytes = (uint32_t)length - 4u;
  if (!is_inside(memory, offset, bytes)) return REFUSED_OUTSIDE;
  memcpy(memory.start + offset, from->at, bytes);
  return 0;
}

static refusal read_memory(source *from, size_t length, host_memory memory, sink *to) {
  if (length != 6) return REFUSED_MALFORMED;
  const uint32_t offset = take_u32(from);
  const uint32_t low = take_u8(from);
  const uint32_t bytes = low | take_u8(from) << 8;
  if (bytes > FRAME_PAYLOAD) return REFUSED_MALFORMED;
  if (!is_inside(memory, offset, bytes)) return REFUSED_OUTSIDE;
  memcpy(to->at, memory.start + offset, bytes);
  to->at += bytes;
  return 0;
}

/* A layer that is ready to run, and what came of it. */
typedef struct {
  const layer_kernel *kernel;
  const void *layer;
  const int8_t *in[2];
  int8_t *out;
  void *scratch;
  uint32_t repeats;
  uint32_t counts[MOST_REPEATS];
  uint32_t stack;
} measurement;

static void run_once(measurement *m) {
  m->kernel->run(m->layer, m->in, m->out, m->scratch);
}

static void run_all(void *argument) {
  measurement *m = argument;
  stack_paint();
  run_once(m);
  m->stack = stack_used();
  for (uint32_t i = 0; i < m->repeats; i++) {
    const uint32_t before = counter_now();
    run_once(m);
    m->counts[i] = counter_now() - before;
  }
}

static void sort(uint32_t *values, uint32_t count) {
  for (uint32_t i = 1; i < count; i++) {
    const uint32_t value = values[i];
    uint32_t at = i;
    for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
    values[at] = value;
  }
}

/* FNV-1a, 32 bits. */
static uint32_t checksum_of(const uint8_t *bytes, uint32_t count) {
  uint32_t sum = 0x811C9DC5u;
  for (uint32_t i = 0; i < count; i++) sum = (sum ^ bytes[i]) * 0x01000193u;
  return sum;
}

/* A layer as its kernel reads it. */
typedef union {
  void *aligned;
  uint8_t bytes[4 * LAYER_NUMBERS + sizeof(void *) * LAYER_POINTERS];
} placed_layer;

/* Turns a layer's words, numbers and then offsets, into its struct. */
static bool place_layer(const layer_kernel *kernel, host_memory memory, uint32_t offset, placed_layer *layer) {
  const uint32_t numbers = 4u * kernel->numbers;
  if (offset % 4u != 0 || !is_inside(memory, offset, numbers + 4u * kernel->pointers)) return false;
  memcpy(layer->bytes, memory.start + offset, numbers);
  source from = {memory.start + offset + numbers};
  for (uint32_t i = 0; i < kernel->pointers; i++) {
    const uint32_t at = take_u32(&from);
    if (at % 4u != 0 || at > memory.bytes) return false;
    const void *pointer = memory.start + at;
    memcpy(layer->bytes + kernel->pointers_at + i * sizeof pointer, &pointer, sizeof pointer);
  }
  return true;
}

static refusal run_layer(source *from, size_t length, host_memory memory, sink *to) {
  if (length != 26) return REFUSED_MALFORMED;
  /* Not on the stack, whose use is measured. */
  static measurement m;
  static placed_layer layer;
  m.kernel = layer_kernel_at((uint8_t)take_u8(from));
  m.repeats = take_u8(from);
  if (m.kernel == NULL) return REFUSED_UNKNOWN;
  if (m.repeats == 0 || m.repeats > MOST_REPEATS) return REFUSED_MALFORMED;
  const uint32_t out_bytes = take_u32(from);
  const uint32_t at = take_u32(from);
  uint32_t in[2];
  for (unsigned i = 0; i < 2; i++) in[i] = take_u32(from);
  const uint32_t out = take_u32(from);
  const uint32_t scratch = take_u32(from);
  if (!is_inside(memory, in[0], 0) || !is_inside(memory, in[1], 0)) return REFUSED_OUTSIDE;
  if (!is_inside(memory, out, out_bytes) || scratch % 4u != 0) return REFUSED_OUTSIDE;
  if (!place_layer(m.kernel, memory, at, &layer)) return REFUSED_OUTSIDE;
  m.layer = &layer;
  const uint32_t scratch_bytes = m.kernel->scratch == NULL ? 0 : (uint32_t)m.kernel->scratch(&layer);
  if (!is_inside(memory, scratch, scratch_bytes)) return REFUSED_OUTSIDE;
  for (unsigned i = 0; i < 2; i++) m.in[i] = (const int8_t *)(memory.start + in[i]);
  m.out = (int8_t *)(memory.start + out);
  m.scratch = memory.start + scratch;
  if (guarded_call(run_all, &m) != 0) return REFUSED_FAULT;
  sort(m.counts, m.repeats);
  put_u32(to, m.counts[0]);
  put_u32(to, m.counts[m.repeats / 2u]);
  put_u32(to, m.stack);
  put_u32(to, scratch_bytes);
  put_u32(to, checksum_of((const uint8_t *)m.out, out_bytes));
  return 0;
}

static refusal run_loop(source *from, size_t length, host_memory memory, sink *to) {
  if (length != 5) return REFUSED_MALFORMED;
  const uint8_t loop = (uint8_t)take_u8(from);
  const uint32_t rounds = take_u32(from);
  uint32_t counts;
  if (!machine_run(loop, rounds, memory.start, &counts)) return REFUSED_UNKNOWN;
  put_u32(to, counts);
  return 0;
}

frame protocol_answer(const frame *question, host_memory memory, uint8_t *room) {
  source from = {question->payload};
  sink to = {room, room};
  refusal why;
  switch (question->kind) {
    case KIND_HELLO: why = hello(&from, question->length, memory, &to); break;
    case KIND_WRITE: why = write_memory(&from, question->length, memory); break;
    case KIND_READ: why = read_memory(&from, question->length, memory, &to); break;
    case KIND_RUN: why = run_layer(&from, question->length, memory, &to); break;
    case KIND_MACHINE: why = run_loop(&from, question->length, memory, &to); break;
    case KIND_LEAVE: why = question->length == 0 ? 0 : REFUSED_MALFORMED; break;
    default: why = REFUSED_UNKNOWN;
  }
  frame answer = {(uint8_t)(question->kind + KIND_ANSWER), question->sequence, room, (size_t)(to.at - to.start)};
  if (why != 0) {
    room[0] = why;
    answer.kind = KIND_REFUSED;
    answer.length = 1;
  }
  return answer;
}
