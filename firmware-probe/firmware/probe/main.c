/* The probe: takes questions, answers them. */
#include "board.h"
#include "counter.h"
#include "protocol.h"

extern uint8_t memory_start[], memory_end[];

/* An image begins here, in a chip's own reset handler. */
_Noreturn void image_main(void);

_Noreturn void image_main(void) {
  static frame_reader reader;
  static uint8_t wire[FRAME_WIRE], room[FRAME_PAYLOAD];
  const host_memory memory = {memory_start, (uint32_t)(memory_end - memory_start)};
  board_start();
  counter_start();
  frame_start(&reader);
  for (;;) {
    uint8_t byte;
    frame question;
    if (!board_take(&byte) || !frame_take(&reader, byte, &question)) continue;
    const frame answer = protocol_answer(&question, memory, room);
    board_give(wire, frame_write(&answer, wire));
    if (answer.kind == KIND_LEAVE + KIND_ANSWER) board_leave();
  }
}
