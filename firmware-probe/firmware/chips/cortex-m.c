/* What all Cortex-M chips share: start, counter, and the way out of a fault. Register addresses: ARMv7-M ARM, B3.2, C1.8. */
#include "../probe/counter.h"
#include "cortex-m.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define SCB_VTOR REGISTER(0xE000ED08u)
#define SCB_CPACR REGISTER(0xE000ED88u)
#define DEMCR REGISTER(0xE000EDFCu)
#define DWT_CTRL REGISTER(0xE0001000u)
#define DWT_CYCCNT REGISTER(0xE0001004u)

enum { SYST_BITS = 24 };

extern uint32_t bss_start[], bss_end[];
extern const vector_table vectors;

static volatile uint32_t wraps;
static uint8_t source;

void systick_handler(void) {
  wraps++;
}

uint8_t counter_source(void) {
  return source;
}

void counter_start(void) {
  source = COUNTER_SYSTICK;
#ifndef __ARM_ARCH_6M__
  DEMCR |= 1u << 24;
  DWT_CYCCNT = 0;
  DWT_CTRL |= 1u;
  /* Emulators have the register without the counting. */
  const uint32_t before = DWT_CYCCNT;
  __asm__ volatile("nop\nnop\nnop\nnop" ::: "memory");
  if (DWT_CYCCNT != before) source = COUNTER_CYCCNT;
#endif
  if (source == COUNTER_CYCCNT) return;
  SYST_RVR = (1u << SYST_BITS) - 1u;
  SYST_CVR = 0;
  /* The clock of the core, with an interrupt at each wrap. */
  SYST_CSR = 7u;
}

uint32_t counter_now(void) {
#ifndef __ARM_ARCH_6M__
  if (source == COUNTER_CYCCNT) return DWT_CYCCNT;
#endif
  uint32_t high, low;
  do {
    high = wraps;
    low = SYST_CVR;
  } while (high != wraps);
  /* It counts down, and the interrupt comes as it reaches 0, one tick before it starts anew. */
  const uint32_t period = 1u << SYST_BITS;
  return (high << SYST_BITS) + ((period - low) & (period - 1u));
}

/* Loaded whole: the image has its data where it runs, and only .bss is cleared. */
_Noreturn void reset_handler(void) {
#if !defined(__ARM_ARCH_6M__)
  /* Full access to the coprocessors 10 and 11: floating point, and Helium, with which the loop below may be made. */
  SCB_CPACR |= 0xFu << 20;
  __asm__ volatile("dsb\nisb" ::: "memory");
#endif
  for (uint32_t *word = bss_start; word < bss_end; word++) *word = 0;
  SCB_VTOR = (uint32_t)&vectors;
  image_main();
}
