#include "layers.h"

#include "network.h"

#include <string.h>

/* Nothing: what calling a kernel takes by itself. */
static void run_nothing(const void *layer, const int8_t *const *in, int8_t *out, void *scratch) {
  (void)layer;
  (void)in;
  (void)out;
  (void)scratch;
}

typedef struct {
  int32_t bytes;
} copied;

static void run_copy(const void *layer, const int8_t *const *in, int8_t *out, void *scratch) {
  (void)scratch;
  memcpy(out, in[0], (size_t)((const copied *)layer)->bytes);
}

static const layer_kernel kernels[] = {
    {.numbers = 0, .pointers = 0, .pointers_at = 0, .run = run_nothing},
    {.numbers = 1, .pointers = 0, .pointers_at = 4, .run = run_copy},
};

const layer_kernel *layer_kernel_at(uint8_t number) {
  const uint8_t own = sizeof kernels / sizeof *kernels;
  return number < own ? &kernels[number] : network_kernel_at((uint8_t)(number - own));
}
