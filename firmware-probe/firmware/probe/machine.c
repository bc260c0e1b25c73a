#include "machine.h"

#include <stddef.h>

#include "counter.h"

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#endif

/*
 * A function that runs its rounds: r0 counts them, r1 is memory; r2 to r5 are free. The loop around the instructions is the
 * same in all, and aligned, so that its cost is too.
 */
#define LOOP(name, before, instruction)                      \
  __attribute__((naked)) static void name(uint32_t rounds, void *memory) { \
    (void)rounds;                                            \
    (void)memory;                                            \
    __asm__ volatile(                                        \
        ".syntax unified\n"                                  \
        "push {r4-r7, lr}\n"                                 \
        before                                               \
        ".balign 8\n"                                        \
        "1:\n"                                               \
        ".rept 32\n"                                         \
        instruction                                          \
        ".endr\n"                                            \
        "subs r0, #1\n"                                      \
        "beq 2f\n"                                           \
        "b 1b\n"                                             \
        "2:\n"                                               \
        "pop {r4-r7, pc}\n");                                \
  }

#define NUMBERS "movs r2, #3\nmovs r3, #5\n"

LOOP(loop_empty, NUMBERS, "")
LOOP(loop_add, NUMBERS, "adds r2, r2, r3\n")
LOOP(loop_load, NUMBERS, "ldr r2, [r1, #4]\n")
LOOP(loop_load_used, NUMBERS, "ldr r2, [r1, #4]\nadds r3, r3, r2\n")
LOOP(loop_load_byte, NUMBERS, "ldrsb r2, [r1, r3]\n")
LOOP(loop_load_many, "mov r6, r1\n", "ldmia r6!, {r2-r5}\nsubs r6, #16\n")
LOOP(loop_store, NUMBERS, "str r2, [r1, #4]\n")
LOOP(loop_branch, NUMBERS, "b 3f\n3:\n")
LOOP(loop_multiply, NUMBERS, "muls r2, r3, r2\n")

#ifndef __ARM_ARCH_6M__
LOOP(loop_multiply_long, NUMBERS, "smull r4, r5, r2, r3\n")
LOOP(loop_saturate, NUMBERS, "ssat r2, #8, r3\n")
LOOP(loop_divide, "movw r2, #60000\nmovs r3, #7\n", "sdiv r4, r2, r3\n")
#endif
#if defined(__ARM_FEATURE_DSP)
LOOP(loop_multiply_dual, NUMBERS, "smlad r4, r2, r3, r4\n")
#endif
#if defined(__ARM_FEATURE_MVE)
LOOP(loop_vector_load, NUMBERS, "vldrb.8 q0, [r1]\n")
LOOP(loop_vector_multiply, "movs r4, #0\nvldrb.8 q0, [r1]\nvldrb.8 q1, [r1, #16]\n", "vmladava.s8 r4, q0, q1\n")
#endif

typedef void (*machine_loop)(uint32_t rounds, void *memory);

static const machine_loop loops[] = {
    [MACHINE_EMPTY] = loop_empty,
    [MACHINE_ADD] = loop_add,
    [MACHINE_LOAD] = loop_load,
    [MACHINE_LOAD_USED] = loop_load_used,
    [MACHINE_LOAD_BYTE] = loop_load_byte,
    [MACHINE_LOAD_MANY] = loop_load_many,
    [MACHINE_STORE] = loop_store,
    [MACHINE_BRANCH] = loop_branch,
    [MACHINE_MULTIPLY] = loop_multiply,
#ifndef __ARM_ARCH_6M__
    [MACHINE_MULTIPLY_LONG] = loop_multiply_long,
    [MACHINE_SATURATE] = loop_saturate,
    [MACHINE_DIVIDE] = loop_divide,
#endif
#if defined(__ARM_FEATURE_DSP)
    [MACHINE_MULTIPLY_DUAL] = loop_multiply_dual,
#endif
#if defined(__ARM_FEATURE_MVE)
    [MACHINE_VECTOR_LOAD] = loop_vector_load,
    [MACHINE_VECTOR_MULTIPLY] = loop_vector_multiply,
#endif
};

bool machine_run(uint8_t loop, uint32_t rounds, void *memory, uint32_t *counts) {
  if (loop >= sizeof loops / sizeof *loops || loops[loop] == NULL || rounds == 0) return false;
  const uint32_t before = counter_now();
  loops[loop](rounds, memory);
  *counts = counter_now() - before;
  return true;
}
