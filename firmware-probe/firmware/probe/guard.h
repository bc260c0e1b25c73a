#ifndef NAS_GUARD_H
#define NAS_GUARD_H

#include <stdint.h>

/* Calls a function that may fault: 0 when it came back, 1 when it did not. */
uint32_t guarded_call(void (*function)(void *), void *argument);

#endif
