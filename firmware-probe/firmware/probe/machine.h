/*
 * What the machine itself takes: loops of one class of instruction, `MACHINE_UNROLLED` of them a round. With
 * `MACHINE_EMPTY`, which is the loop around them, the host has the cost of each class on this board as it is set up.
 */
#ifndef NAS_MACHINE_H
#define NAS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

enum { MACHINE_UNROLLED = 32 };

enum {
  MACHINE_EMPTY = 0,
  MACHINE_ADD = 1,           /* add: what takes one step and touches nothing */
  MACHINE_LOAD = 2,          /* word, from SRAM, each after the other */
  MACHINE_LOAD_USED = 3,     /* the same, its value used at once */
  MACHINE_LOAD_BYTE = 4,     /* signed byte */
  MACHINE_LOAD_MANY = 5,     /* four words at once */
  MACHINE_STORE = 6,         /* word, to SRAM */
  MACHINE_BRANCH = 7,        /* taken */
  MACHINE_MULTIPLY = 8,      /* 32 x 32 -> 32 */
  MACHINE_MULTIPLY_LONG = 9, /* 32 x 32 -> 64 */
  MACHINE_MULTIPLY_DUAL = 10, /* two 16 x 16 added to a sum: SMLAD */
  MACHINE_SATURATE = 11,
  MACHINE_DIVIDE = 12,
  MACHINE_VECTOR_LOAD = 13,    /* 16 bytes: Helium */
  MACHINE_VECTOR_MULTIPLY = 14 /* 16 products added to a sum: Helium */
};

/* Runs `rounds` of a loop, at least one; false where this core has no such instruction. `memory` has 64 bytes to load and store. */
bool machine_run(uint8_t loop, uint32_t rounds, void *memory, uint32_t *counts);

#endif
