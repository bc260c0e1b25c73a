/*
 * The runner as the image of an emulated core: the job is a file that the emulator reads for it by semihosting. The linker
 * script has the memory of the machine.
 */
#include "emulated.h"

#include "runner.h"

#include <string.h>

enum { SYS_OPEN = 1, SYS_WRITE0 = 4, SYS_READ = 6, SYS_EXIT = 0x18 };
enum { EXITED = 0x20026, FAILED = 0x20024 };

extern uint32_t image_data_from, image_data, image_data_end, image_bss, image_bss_end;
extern unsigned char image_heap, image_heap_end;

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
    fail_image("The job needs more memory than the machine has.\n");
  }
  heap += (bytes + 7) & ~(size_t)7;
  return here;
}

void platform_release(void) { heap = &image_heap; }

_Noreturn static void leave(int reason) {
  semihosting(SYS_EXIT, (const void *)reason);
  for (;;) continue;
}

void fail_image(const char *why) {
  platform_print(why);
  leave(FAILED);
}

void run_image(void) {
  static const char name[] = "job.bin";
  memcpy(&image_data, &image_data_from, (size_t)((char *)&image_data_end - (char *)&image_data));
  memset(&image_bss, 0, (size_t)((char *)&image_bss_end - (char *)&image_bss));
  heap = &image_heap;
  const struct {
    const char *name;
    uint32_t mode, length;
  } block = {name, 1, sizeof name - 1};
  job = (uint32_t)semihosting(SYS_OPEN, &block);
  leave(job == UINT32_MAX || run_job() != 0 ? FAILED : EXITED);
}
