/* Functions of single values, and softmax. */

#include "nas_core.h"

void nas_lookup_s8(const nas_lookup *layer, const int8_t *in, int8_t *out) {
  /* From here a value is its own index. */
  const int8_t *middle = layer->table + 128;
  int32_t left = layer->count;
  for (; left >= 4; left -= 4, in += 4, out += 4) {
    int8_t first = middle[in[0]], second = middle[in[1]], third = middle[in[2]], fourth = middle[in[3]];
    out[0] = first, out[1] = second, out[2] = third, out[3] = fourth;
  }
  for (; left > 0; left--) *out++ = middle[*in++];
}

void nas_prelu_s8(const nas_prelu *layer, const int8_t *in, int8_t *out) {
  for (int32_t place = layer->places; place > 0; place--)
    for (int32_t c = 0; c < layer->channels; c++) {
      int32_t value = *in++ - layer->in_zero;
      *out++ = value >= 0 ? nas_output_long(value, layer->multiplier, layer->shift, layer->out_zero)
                          : nas_output_long(value * (layer->slopes[c] - layer->slope_zero), layer->slope_multiplier,
                                            layer->slope_shift, layer->out_zero);
    }
}

void nas_softmax_s8(const nas_softmax *layer, const int8_t *in, int8_t *out) {
  int32_t classes = layer->classes;
  for (int32_t row = layer->rows; row > 0; row--, in += classes, out += classes) {
    int32_t greatest = -128;
    for (int32_t c = 0; c < classes; c++) greatest = nas_max(greatest, in[c]);
    uint32_t sum = 0;
    for (int32_t c = 0; c < classes; c++) sum += layer->exponentials[greatest - in[c]];
    for (int32_t c = 0; c < classes; c++) {
      uint32_t share = (layer->exponentials[greatest - in[c]] * 256 + sum / 2) / sum;
      out[c] = nas_saturate((int32_t)share - 128);
    }
  }
}
