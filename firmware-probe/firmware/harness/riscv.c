/* The part of an image that is a RISC-V's: its start, semihosting, and the counter of instructions as the clock. */

#include "emulated.h"
#include "runner.h"

extern uint32_t image_stack;

/* The emulator knows the call by the instructions around the break, none of them compressed. */
int semihosting(int operation, const void *parameter) {
  register int a0 __asm__("a0") = operation;
  register const void *a1 __asm__("a1") = parameter;
  __asm__ volatile(
    ".option push\n\t"
    ".option norvc\n\t"
    ".balign 16\n\t"
    "slli zero, zero, 0x1f\n\t"
    "ebreak\n\t"
    "srai zero, zero, 7\n\t"
    ".option pop"
    : "+r"(a0)
    : "r"(a1)
    : "memory");
  return a0;
}

/* Control registers are an extension, and its name has no library of the compiler: it is named where it is used. */
#define CONTROL(instruction) ".option push\n\t.option arch, +zicsr\n\t" instruction "\n\t.option pop"

static uint32_t instructions(void) {
  uint32_t count;
  __asm__ volatile(CONTROL("csrr %0, minstret") : "=r"(count));
  return count;
}

static uint32_t started;

void platform_start_clock(void) { started = instructions(); }
uint32_t platform_stop_clock(void) { return instructions() - started; }

static void fault(void) { fail_image("The processor has faulted.\n"); }

__attribute__((used)) static void run(void) {
  /* Direct: all exceptions go to one place, which is a multiple of 4. */
  __asm__ volatile(CONTROL("csrw mtvec, %0") : : "r"(fault));
  run_image();
}

void start(void);
__attribute__((naked, section(".vectors"))) void start(void) {
  __asm__ volatile("la sp, %0\n\ttail %1" : : "i"(&image_stack), "i"(run));
}
