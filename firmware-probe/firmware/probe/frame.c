#include "frame.h"

/* CRC-32 (reflected polynomial 0xEDB88320), four bits at a time: sixteen words of table do for a small core. */
static uint32_t crc32_of(uint32_t crc, const uint8_t *bytes, size_t count) {
  static const uint32_t table[16] = {
      0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u, 0x5005713Cu,
      0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu, 0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu,
  };
  crc = ~crc;
  for (size_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    crc = (crc >> 4) ^ table[crc & 15u];
    crc = (crc >> 4) ^ table[crc & 15u];
  }
  return ~crc;
}

static uint32_t read_u32(const uint8_t *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Undoes the stuffing in place; 0 where it is none. */
static size_t unstuff(uint8_t *bytes, size_t count) {
  size_t from = 0, to = 0;
  while (from < count) {
    const uint8_t code = bytes[from++];
    if (code == 0 || from + code - 1u > count) return 0;
    for (uint8_t i = 1; i < code; i++) bytes[to++] = bytes[from++];
    if (code < 0xFF && from < count) bytes[to++] = 0;
  }
  return to;
}

void frame_start(frame_reader *reader) {
  reader->count = 0;
  reader->is_lost = false;
}

bool frame_take(frame_reader *reader, uint8_t byte, frame *found) {
  if (byte != 0) {
    if (reader->count == sizeof reader->bytes) reader->is_lost = true;
    else reader->bytes[reader->count++] = byte;
    return false;
  }
  const size_t length = reader->is_lost ? 0 : unstuff(reader->bytes, reader->count);
  const uint8_t *bytes = reader->bytes;
  frame_start(reader);
  if (length < FRAME_AROUND || length > FRAME_AROUND + FRAME_PAYLOAD || bytes[0] != FRAME_VERSION) return false;
  if (read_u32(bytes + length - 4) != crc32_of(0, bytes, length - 4)) return false;
  found->kind = bytes[1];
  found->sequence = (uint16_t)(bytes[2] | bytes[3] << 8);
  found->payload = bytes + 4;
  found->length = length - FRAME_AROUND;
  return true;
}

/* Stuffs as it goes: `code` is where the length of the run stands that is being written. */
typedef struct {
  uint8_t *wire;
  size_t code, at;
} stuffer;

static void stuff(stuffer *out, const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (bytes[i] != 0) out->wire[out->at++] = bytes[i];
    if (bytes[i] == 0 || out->at - out->code == 0xFF) {
      out->wire[out->code] = (uint8_t)(out->at - out->code);
      out->code = out->at++;
    }
  }
}

size_t frame_write(const frame *source, uint8_t *wire) {
  if (source->length > FRAME_PAYLOAD) return 0;
  const uint8_t head[4] = {FRAME_VERSION, source->kind, (uint8_t)source->sequence, (uint8_t)(source->sequence >> 8)};
  const uint32_t crc = crc32_of(crc32_of(0, head, sizeof head), source->payload, source->length);
  const uint8_t tail[4] = {(uint8_t)crc, (uint8_t)(crc >> 8), (uint8_t)(crc >> 16), (uint8_t)(crc >> 24)};
  wire[0] = 0;
  stuffer out = {wire, 1, 2};
  stuff(&out, head, sizeof head);
  stuff(&out, source->payload, source->length);
  stuff(&out, tail, sizeof tail);
  wire[out.code] = (uint8_t)(out.at - out.code);
  wire[out.at++] = 0;
  return out.at;
}
