#include "stack.h"

#include <stddef.h>

extern uint32_t stack_limit[];

static const uint32_t pattern = 0xC5A55A5Cu;
/* What this function itself stands on. */
enum { OWN_WORDS = 16 };
static uint32_t *painted_to;

__attribute__((noinline)) void stack_paint(void) {
  uint32_t *end = (uint32_t *)__builtin_frame_address(0) - OWN_WORDS;
  for (uint32_t *word = stack_limit; word < end; word++) *(volatile uint32_t *)word = pattern;
  painted_to = end;
}

__attribute__((noinline)) uint32_t stack_used(void) {
  const volatile uint32_t *word = stack_limit;
  while (word < painted_to && *word == pattern) word++;
  return (uint32_t)((const uint8_t *)painted_to - (const volatile uint8_t *)word) + 4u * OWN_WORDS;
}
