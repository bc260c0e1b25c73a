/*
 * Runs networks, for the platforms of ../../firmware/harness. The job is samples: the number of a network, then its input.
 * For each one a line with the output in hexadecimal is printed. Each run has an arena of its own, no larger than is said.
 */
#include "runner.h"

#include "networks.h"

#include <string.h>

/* Behind the arena. */
#define GUARD 0x5ca1ab1eu

static void print_output(const int8_t *values, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t value = (uint8_t)values[i];
    const char text[] = {"0123456789abcdef"[value >> 4], "0123456789abcdef"[value & 15], 0};
    platform_print(text);
  }
  platform_print("\n");
}

static int run_sample(uint32_t number) {
  if (number >= sizeof networks / sizeof *networks) return -1;
  const network *n = &networks[number];
  unsigned char *arena = platform_allocate(n->arena_bytes);
  uint32_t *guard = platform_allocate(sizeof *guard);
  *guard = GUARD;
  memset(arena, 0x55, n->arena_bytes);
  if (!platform_read(n->input(arena), n->input_count)) return -1;
  n->run(arena);
  if (*guard != GUARD) platform_print("The network wrote behind its arena. ");
  print_output(n->output(arena), n->output_count);
  platform_release();
  return 1;
}

int run_job(void) {
  uint32_t number;
  while (platform_read(&number, sizeof number))
    if (run_sample(number) < 0) return -1;
  return 0;
}
