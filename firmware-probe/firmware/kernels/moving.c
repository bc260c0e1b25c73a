/* Operators that put values elsewhere. */

#include "nas_core.h"

void nas_move_s8(const nas_move *layer, const int8_t *in, int8_t *out) {
  int is_run = layer->in_step3 == 1 && layer->out_step3 == 1;
  for (int32_t i = 0; i < layer->extent0; i++)
    for (int32_t j = 0; j < layer->extent1; j++)
      for (int32_t k = 0; k < layer->extent2; k++) {
        const int8_t *from = in + (layer->in_first + i * layer->in_step0 + j * layer->in_step1 + k * layer->in_step2);
        int8_t *to = out + (layer->out_first + i * layer->out_step0 + j * layer->out_step1 + k * layer->out_step2);
        if (is_run) nas_copy_s8(to, from, layer->extent3);
        else
          for (int32_t left = layer->extent3; left > 0; left--, from += layer->in_step3, to += layer->out_step3) *to = *from;
      }
}

void nas_fill_s8(const nas_fill *layer, int8_t *out) { nas_set_s8(out, layer->value, layer->count); }

void nas_resize_nearest_s8(const nas_resize_nearest *layer, const int8_t *in, int8_t *out) {
  for (int32_t y = 0; y < layer->out_height; y++)
    for (int32_t x = 0; x < layer->out_width; x++, out += layer->channels)
      nas_copy_s8(out, in + (layer->rows[y] + layer->columns[x]), layer->channels);
}

#define ONE 1024

void nas_resize_bilinear_s8(const nas_resize_bilinear *layer, const int8_t *in, int8_t *out) {
  for (int32_t y = 0; y < layer->out_height; y++) {
    const nas_between *row = layer->rows + y;
    for (int32_t x = 0; x < layer->out_width; x++) {
      const nas_between *column = layer->columns + x;
      const int8_t *above = in + row->first, *below = in + row->second;
      int32_t corners[4] = {(ONE - row->fraction) * (ONE - column->fraction), (ONE - row->fraction) * column->fraction,
                            row->fraction * (ONE - column->fraction), row->fraction * column->fraction};
      for (int32_t c = 0; c < layer->channels; c++) {
        int32_t sum = above[column->first + c] * corners[0] + above[column->second + c] * corners[1] +
                      below[column->first + c] * corners[2] + below[column->second + c] * corners[3];
        /* Halves away from zero, as TFLite's division does. */
        *out++ = (int8_t)((sum + (sum > 0 ? ONE * ONE / 2 : -(ONE * ONE / 2))) / (ONE * ONE));
      }
    }
  }
}
