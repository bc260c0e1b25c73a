/*
 * The runner as the image of an emulated Cortex-M: the job is a file that the emulator reads for it by semihosting, and
 * SysTick counts. The linker script has the memory of the machine.
 */
#include "runner.h"

#include <string.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYSTICK_CONTROL REGISTER(0xe000e010)
#define SYSTICK_RELOAD REGISTER(0xe000e014)
#define SYSTICK_CURRENT REGISTER(0xe000e018)
#define CPACR REGISTER(0xe000ed88)

#define SYSTICK_MOST 0xffffffu
/* The processor's clock, no interrupt. */
#define SYSTICK_ON 5u

enum { SYS_OPEN = 1, SYS_WRITE0 = 4, SYS_READ = 6, SYS_GET_CMDLINE = 0x15, SYS_EXIT = 0x18 };
enum { EXITED = 0x20026, FAILED = 0x20024 };

extern uint32_t image_data_from, image_data, image_data_end, image_bss, image_bss_end, image_stack;
extern unsigned char image_heap, image_heap_end;

static int semihosting(int operation, const void *parameter) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = parameter;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static uint32_t job;
static unsigned char *heap = &image_heap;

int platform_read(void *to, size_t bytes) {
  const struct {
    uint32_t file;
    void *to;
    uint32_t bytes;
  } block = {job, to, bytes};
  return semihosting(SYS_READ, &block) == 0;
}

void platform_print(const char *text) { semihosting(SYS_WRITE0, text); }

void *platform_allocate(size_t bytes) {
  unsigned char *here = heap;
  if (bytes > (size_t)(&image_heap_end - here)) {
    platform_print("The job needs more memory than the machine has.\n");
    semihosting(SYS_EXIT, (const void *)FAILED);
  }
  heap += (bytes + 7) & ~(size_t)7;
  return here;
}

void platform_release(void) { heap = &image_heap; }

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

static const char job_name[] = "job.bin";

void start(void);
void start(void) {
  memcpy(&image_data, &image_data_from, (size_t)((char *)&image_data_end - (char *)&image_data));
  memset(&image_bss, 0, (size_t)((char *)&image_bss_end - (char *)&image_bss));
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  CPACR |= 0xfu << 20;
  __asm__ volatile("dsb\n\tisb");
#endif
  const struct {
    const char *name;
    uint32_t mode, length;
  } block = {job_name, 1, sizeof job_name - 1};
  job = (uint32_t)semihosting(SYS_OPEN, &block);
  int failed = job == UINT32_MAX || run_job() != 0;
  semihosting(SYS_EXIT, (const void *)(failed ? FAILED : EXITED));
  for (;;) continue;
}

static void fault(void) {
  platform_print("The processor has faulted.\n");
  semihosting(SYS_EXIT, (const void *)FAILED);
  for (;;) continue;
}

typedef struct {
  const uint32_t *stack;
  void (*handlers[15])(void);
} vector_table;

__attribute__((section(".vectors"), used)) static const vector_table vectors = {
  &image_stack,
  {start, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault},
};
