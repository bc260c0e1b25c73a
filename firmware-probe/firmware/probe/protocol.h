/*
 * What the host asks and the probe answers, one answer for each question, with its sequence. Numbers are little-endian.
 *
 *   kind           question                                         answer
 *   1 hello        -                                                facts of the board, see `protocol.c`
 *   2 write        offset u32, bytes                                -
 *   3 read         offset u32, count u16                            bytes
 *   4 run          kernel u8, repeats u8, out_bytes u32,            least u32, median u32, stack u32, scratch u32,
 *                  layer u32, in u32 x 2, out u32, scratch u32      checksum u32 (FNV-1a of the output)
 *   5 machine      loop u8, rounds u32                              counts u32
 *   6 leave        -                                                - and then the probe is gone
 *
 * An answer has the kind of its question + 0x80, or `KIND_REFUSED` with one byte that says why.
 */
#ifndef NAS_PROTOCOL_H
#define NAS_PROTOCOL_H

#include "frame.h"

enum {
  KIND_HELLO = 1,
  KIND_WRITE = 2,
  KIND_READ = 3,
  KIND_RUN = 4,
  KIND_MACHINE = 5,
  KIND_LEAVE = 6,
  KIND_ANSWER = 0x80,
  KIND_REFUSED = 0xFF
};

enum {
  REFUSED_UNKNOWN = 1,   /* No such question, kernel or loop. */
  REFUSED_MALFORMED = 2, /* Its payload has not the length that it must have. */
  REFUSED_OUTSIDE = 3,   /* It speaks of memory that is not there, or that is not aligned. */
  REFUSED_FAULT = 4      /* What ran made the processor fault. */
};

/* Memory for the host: layers, weights, activations. */
typedef struct {
  uint8_t *start;
  uint32_t bytes;
} host_memory;

/* Answers `question`; the payload of the answer is in `room`, which has FRAME_PAYLOAD bytes. */
frame protocol_answer(const frame *question, host_memory memory, uint8_t *room);

#endif
