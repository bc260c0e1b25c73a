/*
 * The boards MPS2 and MPS3 of ARM as QEMU has them: a core, memory and a serial line (CMSDK UART, "Cortex-M System Design
 * Kit Technical Reference Manual", 4.3). Under `-icount shift=0` an instruction takes a nanosecond.
 */
#include "../../probe/board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define UART_DATA REGISTER(UART_BASE)
#define UART_STATE REGISTER(UART_BASE + 4u)
#define UART_CTRL REGISTER(UART_BASE + 8u)
#define UART_BAUDDIV REGISTER(UART_BASE + 16u)

enum { STATE_TX_FULL = 1, STATE_RX_FULL = 2, CTRL_BOTH = 3 };

const board_facts board = {
    .chip = CHIP,
    .clock_hz = CLOCK_HZ,
    .code_place = PLACE_SRAM,
    .data_place = PLACE_SRAM,
    .caches = CACHE_NONE,
};

void board_start(void) {
  UART_BAUDDIV = 16;
  UART_CTRL = CTRL_BOTH;
}

bool board_take(uint8_t *byte) {
  if ((UART_STATE & STATE_RX_FULL) == 0) return false;
  *byte = (uint8_t)UART_DATA;
  return true;
}

void board_give(const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    while ((UART_STATE & STATE_TX_FULL) != 0) {
    }
    UART_DATA = bytes[i];
  }
}

/* Nothing tells one from another. */
void board_serial(uint8_t serial[8]) {
  for (unsigned i = 0; i < 8; i++) serial[i] = 0;
}

_Noreturn void board_leave(void) {
  REGISTER(0xE000ED0Cu) = 0x05FA0004u;
  for (;;) {
  }
}
