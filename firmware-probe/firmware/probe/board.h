/* What a chip does for the probe. Each folder of ../chips has one. */
#ifndef NAS_BOARD_H
#define NAS_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where code or data lies. */
enum { PLACE_FLASH = 0, PLACE_SRAM = 1 };

/* What is between the core and its memory. */
enum { CACHE_NONE = 0, CACHE_INSTRUCTIONS = 1, CACHE_DATA = 2, CACHE_FLASH = 4 };

typedef struct {
  /* As in `images/manifest.json`, at most 15 characters. */
  const char *chip;
  uint32_t clock_hz;
  uint8_t code_place, data_place, caches;
} board_facts;

extern const board_facts board;

/* Clocks and the way to the host. */
void board_start(void);

/* The next byte from the host, if there is one. Called again and again: the chip does its chores in it. */
bool board_take(uint8_t *byte);

/* Sends all of it; gives up when the host has gone. */
void board_give(const uint8_t *bytes, size_t count);

/* Eight bytes that tell this chip from others of its kind. */
void board_serial(uint8_t serial[8]);

/* Leaves the probe: back to the boot loader where there is one, else a reset. */
_Noreturn void board_leave(void);

#endif
