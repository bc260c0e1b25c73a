/* The kernels of int8 networks, as the probe runs them: numbers from 1 on. */
#ifndef NAS_NETWORK_H
#define NAS_NETWORK_H

#include "layers.h"

/* NULL for a number that is none; counted from 0. */
const layer_kernel *network_kernel_at(uint8_t number);

#endif
