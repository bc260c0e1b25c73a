/* The runner as a program of the host: the job comes from the standard input. */

#include "runner.h"

#include <stdio.h>
#include <stdlib.h>

/* Each thing is allocated apart, so that a sanitizer sees an access one byte beyond it. */
static void *allocated[512];
static size_t count;

int platform_read(void *to, size_t bytes) { return fread(to, 1, bytes, stdin) == bytes; }

void platform_print(const char *text) { fputs(text, stdout); }

void *platform_allocate(size_t bytes) {
  if (count == sizeof allocated / sizeof *allocated) abort();
  return allocated[count++] = malloc(bytes > 0 ? bytes : 1);
}

void platform_release(void) {
  while (count > 0) free(allocated[--count]);
}

void platform_start_clock(void) {}
uint32_t platform_stop_clock(void) { return 0; }

int main(void) { return run_job() == 0 ? EXIT_SUCCESS : EXIT_FAILURE; }
