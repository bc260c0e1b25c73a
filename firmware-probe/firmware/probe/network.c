#include "network.h"

#include "../kernels/nas_kernels.h"

/* Layers as they come over the wire are words without a type. */
#define LAYER(type) ((const type *)layer)

#define RUN_WITH_SCRATCH(name, type)                                                                                           \
  static void run_##name(const void *layer, const int8_t *const *in, int8_t *out, void *scratch) {                             \
    nas_##name##_s8(LAYER(type), in[0], out, scratch);                                                                         \
  }                                                                                                                            \
  static size_t scratch_##name(const void *layer) { return nas_##name##_scratch(LAYER(type)); }

#define RUN_ONE(name, type)                                                                                                    \
  static void run_##name(const void *layer, const int8_t *const *in, int8_t *out, void *scratch) {                             \
    (void)scratch;                                                                                                             \
    nas_##name##_s8(LAYER(type), in[0], out);                                                                                  \
  }

#define RUN_TWO(name, type)                                                                                                    \
  static void run_##name(const void *layer, const int8_t *const *in, int8_t *out, void *scratch) {                             \
    (void)scratch;                                                                                                             \
    nas_##name##_s8(LAYER(type), in[0], in[1], out);                                                                           \
  }

RUN_WITH_SCRATCH(conv2d, nas_conv2d)
RUN_WITH_SCRATCH(depthwise_conv2d, nas_conv2d)
RUN_ONE(fully_connected, nas_fully_connected)
RUN_ONE(max_pool, nas_pool)
RUN_ONE(average_pool, nas_pool)
RUN_ONE(mean, nas_reduce)
RUN_ONE(reduce_max, nas_reduce)
RUN_TWO(add, nas_pairwise)
RUN_TWO(mul, nas_pairwise)
RUN_ONE(lookup, nas_lookup)
RUN_ONE(prelu, nas_prelu)
RUN_ONE(softmax, nas_softmax)
RUN_ONE(move, nas_move)
RUN_ONE(resize_nearest, nas_resize_nearest)
RUN_ONE(resize_bilinear, nas_resize_bilinear)

static void run_fill(const void *layer, const int8_t *const *in, int8_t *out, void *scratch) {
  (void)in;
  (void)scratch;
  nas_fill_s8(LAYER(nas_fill), out);
}

/* `first` is the first of its `count` pointers, `last` the last of the numbers before them. */
#define KERNEL(name, type, last, first, count)                                                                                 \
  .numbers = (offsetof(type, last) + 4) / 4, .pointers = count, .pointers_at = (uint8_t)offsetof(type, first), .run = run_##name
#define KERNEL_OF_NUMBERS(name, type)                                                                                          \
  .numbers = sizeof(type) / 4, .pointers = 0, .pointers_at = (uint8_t)sizeof(type), .run = run_##name

/* In the order of `kernelNames` in ../lower/call.ts. */
static const layer_kernel kernels[] = {
    {KERNEL(conv2d, nas_conv2d, high, weights, 2), .scratch = scratch_conv2d},
    {KERNEL(depthwise_conv2d, nas_conv2d, high, weights, 2), .scratch = scratch_depthwise_conv2d},
    {KERNEL(fully_connected, nas_fully_connected, high, weights, 2)},
    {KERNEL_OF_NUMBERS(max_pool, nas_pool)},
    {KERNEL_OF_NUMBERS(average_pool, nas_pool)},
    {KERNEL_OF_NUMBERS(mean, nas_reduce)},
    {KERNEL_OF_NUMBERS(reduce_max, nas_reduce)},
    {KERNEL_OF_NUMBERS(add, nas_pairwise)},
    {KERNEL_OF_NUMBERS(mul, nas_pairwise)},
    {KERNEL(lookup, nas_lookup, count, table, 1)},
    {KERNEL(prelu, nas_prelu, slope_shift, slopes, 1)},
    {KERNEL(softmax, nas_softmax, classes, exponentials, 1)},
    {KERNEL_OF_NUMBERS(move, nas_move)},
    {KERNEL_OF_NUMBERS(fill, nas_fill)},
    {KERNEL(resize_nearest, nas_resize_nearest, channels, rows, 2)},
    {KERNEL(resize_bilinear, nas_resize_bilinear, channels, rows, 2)},
};

const layer_kernel *network_kernel_at(uint8_t number) {
  return number < sizeof kernels / sizeof *kernels ? &kernels[number] : NULL;
}
