/* The part of an image that is a Cortex-M's: vectors, semihosting, and SysTick as the clock. */

#include "emulated.h"
#include "runner.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYSTICK_CONTROL REGISTER(0xe000e010)
#define SYSTICK_RELOAD REGISTER(0xe000e014)
#define SYSTICK_CURRENT REGISTER(0xe000e018)
#define CPACR REGISTER(0xe000ed88)

#define SYSTICK_MOST 0xffffffu
/* The processor's clock, no interrupt. */
#define SYSTICK_ON 5u

extern uint32_t image_stack;

int semihosting(int operation, const void *parameter) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = parameter;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void platform_start_clock(void) {
  SYSTICK_RELOAD = SYSTICK_MOST;
  SYSTICK_CURRENT = 0;
  SYSTICK_CONTROL = SYSTICK_ON;
}

/* Under -icount shift=0 an instruction takes a nanosecond. */
uint32_t platform_stop_clock(void) {
  uint32_t ticks = (SYSTICK_MOST - SYSTICK_CURRENT) & SYSTICK_MOST;
  return ticks * (1000u / MACHINE_MHZ);
}

void start(void);
void start(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  CPACR |= 0xfu << 20;
  __asm__ volatile("dsb\n\tisb");
#endif
  run_image();
}

static void fault(void) { fail_image("The processor has faulted.\n"); }

typedef struct {
  const uint32_t *stack;
  void (*handlers[15])(void);
} vector_table;

__attribute__((section(".vectors"), used)) static const vector_table vectors = {
  &image_stack,
  {start, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault},
};
