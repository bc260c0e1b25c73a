/*
 * RP2040 at 125 MHz, started in SRAM by the boot ROM. Registers: RP2040 datasheet, 2.14 (resets), 2.15 (clocks), 2.16
 * (crystal), 2.18 (PLL), 2.8.3 (boot ROM).
 */
#include "../../probe/board.h"
#include "usb.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
/* Each register is there three times more: what is written to these is toggled, set, cleared. */
#define CLEAR(address) REGISTER((address) + 0x3000u)

#define RESETS_RESET 0x4000C000u
#define RESETS_DONE 0x4000C008u
#define CLK_REF_CTRL REGISTER(0x40008030u)
#define CLK_REF_SELECTED REGISTER(0x40008038u)
#define CLK_SYS_CTRL REGISTER(0x4000803Cu)
#define CLK_SYS_DIV REGISTER(0x40008040u)
#define CLK_SYS_SELECTED REGISTER(0x40008044u)
#define CLK_USB_CTRL REGISTER(0x40008054u)
#define CLK_USB_DIV REGISTER(0x40008058u)
#define XOSC_CTRL REGISTER(0x40024000u)
#define XOSC_STATUS REGISTER(0x40024004u)
#define XOSC_STARTUP REGISTER(0x4002400Cu)
#define XOSC_STABLE (1u << 31)
#define PLL_SYS 0x40028000u
#define PLL_USB 0x4002C000u
#define PLL_LOCK (1u << 31)

enum {
  RESET_PLL_SYS = 1u << 12,
  RESET_PLL_USB = 1u << 13,
  RESET_USB = 1u << 24,
  PLL_POWER_DOWN = 1u << 0,
  PLL_POST_DIVIDERS_DOWN = 1u << 3,
  PLL_VCO_DOWN = 1u << 5
};

const board_facts board = {
    .chip = "rp2040",
    .clock_hz = 125000000u,
    .code_place = PLACE_SRAM,
    .data_place = PLACE_SRAM,
    .caches = CACHE_NONE,
};

static void release(uint32_t blocks) {
  CLEAR(RESETS_RESET) = blocks;
  while ((REGISTER(RESETS_DONE) & blocks) != blocks) {
  }
}

/* 12 MHz x multiplier / (first x second). */
static void start_pll(uint32_t base, uint32_t multiplier, uint32_t first, uint32_t second) {
  REGISTER(base) = 1u;
  REGISTER(base + 8u) = multiplier;
  CLEAR(base + 4u) = PLL_POWER_DOWN | PLL_VCO_DOWN;
  while ((REGISTER(base) & PLL_LOCK) == 0) {
  }
  REGISTER(base + 12u) = first << 16 | second << 12;
  CLEAR(base + 4u) = PLL_POST_DIVIDERS_DOWN;
}

static void start_clocks(void) {
  XOSC_STARTUP = 47u; /* 1 ms: 12 MHz / 1000 / 256, rounded up */
  XOSC_CTRL = 0xFABAA0u;
  while ((XOSC_STATUS & XOSC_STABLE) == 0) {
  }
  /* The core runs from the crystal while its PLL starts. */
  CLK_REF_CTRL = 2u;
  while ((CLK_REF_SELECTED & 1u << 2) == 0) {
  }
  CLK_SYS_CTRL = 0;
  while ((CLK_SYS_SELECTED & 1u) == 0) {
  }
  REGISTER(RESETS_RESET + 0x2000u) = RESET_PLL_SYS | RESET_PLL_USB;
  release(RESET_PLL_SYS | RESET_PLL_USB);
  start_pll(PLL_SYS, 125, 6, 2);
  start_pll(PLL_USB, 100, 5, 5);
  CLK_SYS_DIV = 1u << 8;
  CLK_SYS_CTRL = 0u << 5;
  CLK_SYS_CTRL = 1u;
  while ((CLK_SYS_SELECTED & 1u << 1) == 0) {
  }
  CLK_USB_DIV = 1u << 8;
  CLK_USB_CTRL = 1u << 11;
}

void board_start(void) {
  start_clocks();
  /* The boot ROM has used it: the host must see that it is another device now. */
  REGISTER(RESETS_RESET + 0x2000u) = RESET_USB;
  release(RESET_USB);
  usb_start();
}

bool board_take(uint8_t *byte) {
  return usb_take(byte);
}

void board_give(const uint8_t *bytes, size_t count) {
  usb_give(bytes, count);
}

/* The chip has no number of its own, and the flash that has one cannot be asked while it is left alone. */
void board_serial(uint8_t serial[8]) {
  for (unsigned i = 0; i < 8; i++) serial[i] = 0;
}

/* The boot ROM's function UB: reset to the boot loader. Its table is at 0x14, the function that looks up at 0x18. */
_Noreturn void board_leave(void) {
  typedef void *(*look_up)(const uint16_t *table, uint32_t code);
  typedef void (*reset_to_usb_boot)(uint32_t activity_pins, uint32_t disabled_interfaces);
  /* Volatile, or the compiler takes what lies so low for no object. */
  const uint16_t *volatile rom_table = (const uint16_t *)0x14;
  const uint16_t *const rom = rom_table;
  const look_up find = (look_up)(uintptr_t)rom[2];
  const reset_to_usb_boot leave =
      (reset_to_usb_boot)(uintptr_t)find((const uint16_t *)(uintptr_t)rom[0], 'U' | 'B' << 8);
  leave(0, 0);
  for (;;) {
  }
}
