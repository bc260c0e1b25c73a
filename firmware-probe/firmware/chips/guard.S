/*
 * guarded_call (probe/guard.h): calls a function that may fault; 0 when it came back, 1 when it did not. A fault goes on at
 * `landing`, which takes the stack to where it was. Registers of floating point are not kept, since the probe has none.
 */
  .syntax unified
  .thumb
  .text

  .global guarded_call
  .thumb_func
guarded_call:
  push {r4-r7, lr}
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  push {r4-r7}
  ldr r3, =guarded_stack
  mov r4, sp
  str r4, [r3]
  mov r3, r0
  mov r0, r1
  blx r3
  movs r0, #0
leave:
  pop {r4-r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
  pop {r4-r7, pc}

  .thumb_func
landing:
  ldr r3, =guarded_stack
  ldr r3, [r3]
  mov sp, r3
  movs r0, #1
  b leave

/* The processor has stacked eight words: the seventh is where it goes on, the eighth its state, in which an IT block ends. */
  .global fault_handler
  .thumb_func
fault_handler:
  mov r0, sp
  ldr r1, =landing
  str r1, [r0, #24]
  ldr r1, =0x01000000
  str r1, [r0, #28]
  bx lr
  .ltorg

  .bss
  .balign 4
guarded_stack:
  .space 4
