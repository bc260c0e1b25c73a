/* Rows of weights times one vector: fully connected layers, and pixels that are no four. */
#ifndef NAS_ROWS_H
#define NAS_ROWS_H

#include "nas_core.h"

/*
 * Output o is out[o], of [0, outputs). Rows of weights are `length` long, a multiple of 4; `in` has `inputs` values, at most
 * `length`, at any address. The numbers of the next output are a `step` of elements on;
 * what is one for all has a step of 0.
 */
typedef struct {
  int32_t inputs, length, outputs, out_zero;
  const int8_t *weights;
  const int32_t *bias;
  int32_t bias_step;
  /* Of which the bias is not read. */
  const nas_channel *scale;
  int32_t scale_step;
} nas_rows;

void nas_rows_s8(const nas_rows *rows, const int8_t *in, int8_t *out);

#endif
