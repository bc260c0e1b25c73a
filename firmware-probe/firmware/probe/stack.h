/* How deep the stack has been. */
#ifndef NAS_STACK_H
#define NAS_STACK_H

#include <stdint.h>

/* Fills what is free of the stack with a pattern. */
void stack_paint(void);

/* Bytes below the caller's frame at `stack_paint` in which the pattern is gone. */
uint32_t stack_used(void);

#endif
