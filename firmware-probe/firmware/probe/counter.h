/* Counts the clock of the core: by CYCCNT where it advances, else by SysTick, which counts 24 bits and is extended. */
#ifndef NAS_COUNTER_H
#define NAS_COUNTER_H

#include <stdint.h>

enum { COUNTER_CYCCNT = 0, COUNTER_SYSTICK = 1, COUNTER_MCYCLE = 2 };

void counter_start(void);
/* Which one it is, after the start. */
uint8_t counter_source(void);
/* Wraps at 2^32, which a measurement must not reach. */
uint32_t counter_now(void);

#endif
