/* Runs a job: cases that say a kernel, its layer and its inputs, on the host or in an emulator. See runner.c. */
#ifndef NAS_RUNNER_H
#define NAS_RUNNER_H

#include <stddef.h>
#include <stdint.h>

/* What a platform gives the runner. */
/* The next `bytes` of the job; 0 where there are no more. */
int platform_read(void *to, size_t bytes);
void platform_print(const char *text);
/* Memory of its own for each thing, 8-byte aligned, given back all at once. */
void *platform_allocate(size_t bytes);
void platform_release(void);
/* Instructions, or nanoseconds of the emulator's clock, which under -icount shift=0 are the same; 0 on the host. */
void platform_start_clock(void);
uint32_t platform_stop_clock(void);

/* 0 where every case ran. */
int run_job(void);

#endif
