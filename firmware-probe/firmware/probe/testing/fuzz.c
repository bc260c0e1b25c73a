/*
 * Throws damaged frames at the probe's side of the wire, on the host, under sanitizers: nothing may crash, and the first whole
 * frame after a damaged one must be answered. `fuzz FRAMES SEED`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../board.h"
#include "../counter.h"
#include "../guard.h"
#include "../machine.h"
#include "../network.h"
#include "../protocol.h"
#include "../stack.h"

const board_facts board = {.chip = "host", .clock_hz = 1, .code_place = PLACE_SRAM, .data_place = PLACE_SRAM};

void board_serial(uint8_t serial[8]) {
  memset(serial, 0xA5, 8);
}

uint8_t counter_source(void) {
  return COUNTER_SYSTICK;
}

uint32_t counter_now(void) {
  return 0;
}

void stack_paint(void) {
}

uint32_t stack_used(void) {
  return 0;
}

uint32_t guarded_call(void (*function)(void *), void *argument) {
  function(argument);
  return 0;
}

bool machine_run(uint8_t loop, uint32_t rounds, void *memory, uint32_t *counts) {
  (void)memory;
  *counts = rounds;
  return loop == MACHINE_EMPTY;
}

/* A layer's numbers and its memory are the host's: kernels believe them, and on a board the guard catches a fault. */
const layer_kernel *network_kernel_at(uint8_t number) {
  (void)number;
  return NULL;
}

static uint32_t state;

static uint32_t draw(uint32_t below) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % below;
}

static uint8_t memory_bytes[4096];

/* Feeds bytes as the main loop does; gives the number of answers and the last one's kind. */
static unsigned feed(frame_reader *reader, const uint8_t *bytes, size_t count, uint8_t *kind) {
  static uint8_t room[FRAME_PAYLOAD], wire[FRAME_WIRE];
  const host_memory memory = {memory_bytes, sizeof memory_bytes};
  unsigned answers = 0;
  for (size_t i = 0; i < count; i++) {
    frame question;
    if (!frame_take(reader, bytes[i], &question)) continue;
    const frame answer = protocol_answer(&question, memory, room);
    const size_t length = frame_write(&answer, wire);
    if (length == 0 || wire[0] != 0 || wire[length - 1] != 0 || memchr(wire + 1, 0, length - 2) != NULL) abort();
    *kind = answer.kind;
    answers++;
  }
  return answers;
}

/* A question of any kind, with a payload of any length that is likely to matter. */
static size_t question(uint8_t *wire) {
  static const uint16_t lengths[] = {0, 1, 4, 5, 6, 26, 60, 253, 254, 255, 1020, FRAME_PAYLOAD};
  static uint8_t payload[FRAME_PAYLOAD];
  const size_t length = lengths[draw(sizeof lengths / sizeof *lengths)];
  for (size_t i = 0; i < length; i++) payload[i] = draw(3) == 0 ? 0 : (uint8_t)draw(draw(2) == 0 ? 8 : 256);
  const frame source = {(uint8_t)draw(draw(8) == 0 ? 256 : 8), (uint16_t)draw(65536), payload, length};
  return frame_write(&source, wire);
}

/* Bits flipped, bytes lost, doubled or made zero, or the end cut off. */
static size_t damage(uint8_t *wire, size_t length) {
  for (uint32_t times = 1 + draw(4); times > 0 && length > 1; times--) {
    const size_t at = draw((uint32_t)length);
    switch (draw(5)) {
      case 0: wire[at] ^= (uint8_t)(1u << draw(8)); break;
      case 1: wire[at] = 0; break;
      case 2:
        memmove(wire + at, wire + at + 1, length - at - 1);
        length--;
        break;
      case 3:
        memmove(wire + at + 1, wire + at, length - at);
        length++;
        break;
      default: length = at + 1; break;
    }
  }
  return length;
}

int main(int count, char **arguments) {
  const long frames = count > 1 ? strtol(arguments[1], NULL, 10) : 10000;
  state = count > 2 ? (uint32_t)strtol(arguments[2], NULL, 10) : 1;
  static frame_reader reader;
  static uint8_t wire[2 * FRAME_WIRE], hello[FRAME_WIRE];
  const frame greeting = {KIND_HELLO, 7, wire, 0};
  const size_t hello_length = frame_write(&greeting, hello);
  frame_start(&reader);
  for (long i = 0; i < frames; i++) {
    size_t length = question(wire);
    if (draw(4) != 0) length = damage(wire, length);
    uint8_t kind = 0;
    feed(&reader, wire, length, &kind);
    const unsigned answers = feed(&reader, hello, hello_length, &kind);
    if (answers == 0 || kind != KIND_HELLO + KIND_ANSWER) {
      fprintf(stderr, "Frame %ld of seed %u: the greeting after it is not answered.\n", i, state);
      return 1;
    }
  }
  printf("%ld frames\n", frames);
  return 0;
}
