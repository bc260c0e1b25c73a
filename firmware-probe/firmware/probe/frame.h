/*
 * Frames on the wire, the same over USB and over a serial line:
 *
 *   version u8 | kind u8 | sequence u16 | payload | crc u32
 *
 * little-endian, stuffed by COBS (Cheshire and Baker, "Consistent Overhead Byte Stuffing", 1999) so that no byte is zero,
 * and between two zeros: whatever was lost or garbled before, a whole frame is read. The checksum is CRC-32 as in Ethernet.
 * The host's side is `host/wire/frame.ts`.
 */
#ifndef NAS_FRAME_H
#define NAS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  FRAME_VERSION = 1,
  FRAME_PAYLOAD = 1024,
  FRAME_AROUND = 8,
  /* Stuffing adds a byte for each 254 and one more; then the two zeros. */
  FRAME_WIRE = FRAME_PAYLOAD + FRAME_AROUND + (FRAME_PAYLOAD + FRAME_AROUND) / 254 + 3
};

/* What comes from the wire, byte by byte. */
typedef struct {
  size_t count;
  /* More came than a frame has: all up to the next zero is passed over. */
  bool is_lost;
  uint8_t bytes[FRAME_WIRE];
} frame_reader;

typedef struct {
  uint8_t kind;
  uint16_t sequence;
  const uint8_t *payload;
  size_t length;
} frame;

void frame_start(frame_reader *reader);

/* Takes a byte; true when it ends a frame that is whole, of this version and undamaged. `found` is valid until the next byte. */
bool frame_take(frame_reader *reader, uint8_t byte, frame *found);

/* Writes a frame as it goes over the wire to `wire`, which has room for FRAME_WIRE; gives its length, 0 if the payload is too long. */
size_t frame_write(const frame *source, uint8_t *wire);

#endif
