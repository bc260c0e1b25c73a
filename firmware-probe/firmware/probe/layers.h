/* Kernels by number, and layers as they come over the wire. */
#ifndef NAS_LAYERS_H
#define NAS_LAYERS_H

#include <stddef.h>
#include <stdint.h>

/* Numbers, and pointers, of the largest layer. */
enum { LAYER_NUMBERS = 32, LAYER_POINTERS = 4 };

typedef struct {
  /* Its struct is `int32_t` numbers, then, from `pointers_at` on, pointers to what the host has put into memory. */
  uint8_t numbers, pointers;
  uint8_t pointers_at;
  void (*run)(const void *layer, const int8_t *const *in, int8_t *out, void *scratch);
  /* Bytes; NULL where it needs none. */
  size_t (*scratch)(const void *layer);
} layer_kernel;

/* NULL for a number that is none. */
const layer_kernel *layer_kernel_at(uint8_t number);

#endif
