#ifndef NAS_CORTEX_M_H
#define NAS_CORTEX_M_H

#include <stdint.h>

/* The first words of an image: the stack, then handlers, of which the probe needs the system's alone. */
typedef struct {
  const void *stack;
  void (*handlers[15])(void);
} vector_table;

_Noreturn void image_main(void);
_Noreturn void reset_handler(void);
void systick_handler(void);
void fault_handler(void);

#endif
