/*
 * The products of a block on ARMv6-M (M0, M0+), which has eight registers for most instructions: the sums are in the upper
 * ones, which hardly any instruction but ADD reaches, and which compilers leave alone.
 */
#if defined(__ARM_ARCH_6M__)

  .syntax unified
  .thumb
  .text
  .align 2
  .global nas_block_parts
  .type nas_block_parts, %function

/* Multiplication overwrites a factor: the values of the block, which are loaded afresh for each row of weights. */
.macro two_values first second
  movs r2, #\first
  ldrsb r2, [r1, r2]
  movs r3, #\second
  ldrsb r3, [r1, r3]
  ldmia r0!, {r4, r5, r6, r7}
  muls r4, r2, r4
  muls r5, r2, r5
  muls r6, r3, r6
  muls r7, r3, r7
  add r4, r12
  add r5, r12
  adds r4, r4, r6
  adds r5, r5, r7
  add r8, r4
  add r10, r5
  lsrs r4, r4, #16
  lsrs r5, r5, #16
  add r9, r4
  add r11, r5
.endm

/* r0 the block, r1 the weights, r2 their end, r3 where the parts go: see nas_block.h. */
nas_block_parts:
  push {r3, r4, r5, r6, r7, lr}
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  push {r4, r5, r6, r7}
  movs r4, #0
  mov r8, r4
  mov r9, r4
  mov r10, r4
  mov r11, r4
  ldr r4, fields
  mov r12, r4
  mov lr, r2
next:
  two_values 0, 1
  two_values 2, 3
  adds r1, #4
  cmp r1, lr
  bne next
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  ldr r3, [sp, #16]
  stmia r3!, {r4, r5, r6, r7}
  pop {r4, r5, r6, r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
  pop {r3, r4, r5, r6, r7, pc}
  .align 2
/* NAS_FIELDS. */
fields:
  .word 0x7fff7fff
  .size nas_block_parts, . - nas_block_parts

#endif

#if defined(__linux__)
  .section .note.GNU-stack, "", %progbits
#endif
