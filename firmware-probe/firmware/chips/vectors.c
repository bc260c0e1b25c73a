#include "cortex-m.h"

extern uint32_t stack_top[];

__attribute__((section(".vectors"), used)) const vector_table vectors = {
    .stack = stack_top,
    .handlers =
        {
            reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
            fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
            fault_handler, fault_handler, systick_handler,
        },
};
