/*
 * The controller of the RP2040 as a device, polled (RP2040 datasheet, 4.1.2). Buffers are in its own memory; a buffer is
 * handed over by its control word, of which AVAILABLE must come last and some cycles later, since the controller runs on
 * another clock (4.1.2.5.1).
 */
#include "usb.h"

#include "../usb-descriptors.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define MEMORY 0x50100000u
#define CONTROLLER 0x50110000u
#define ADDRESS REGISTER(CONTROLLER)
#define MAIN_CTRL REGISTER(CONTROLLER + 0x40u)
#define SIE_CTRL REGISTER(CONTROLLER + 0x4Cu)
#define SIE_STATUS REGISTER(CONTROLLER + 0x50u)
#define BUFF_STATUS REGISTER(CONTROLLER + 0x58u)
#define EP_STALL_ARM_SET REGISTER(CONTROLLER + 0x2068u)
#define MUXING REGISTER(CONTROLLER + 0x74u)
#define POWER REGISTER(CONTROLLER + 0x78u)

#define ENDPOINT_CTRL(endpoint, is_out) REGISTER(MEMORY + 8u * (endpoint) + ((is_out) ? 4u : 0u))
#define BUFFER_CTRL(endpoint, is_out) REGISTER(MEMORY + 0x80u + 8u * (endpoint) + ((is_out) ? 4u : 0u))
#define BUFFER_DONE(endpoint, is_out) (1u << (2u * (endpoint) + ((is_out) ? 1u : 0u)))

enum {
  BUFFER_LENGTH = 0x3FF,
  BUFFER_AVAILABLE = 1 << 10,
  BUFFER_STALL = 1 << 11,
  BUFFER_DATA1 = 1 << 13,
  BUFFER_FULL = 1 << 15,
  ENDPOINT_ENABLE = (int)(1u << 31),
  ENDPOINT_EACH_BUFFER = 1 << 29,
  ENDPOINT_BULK = 2 << 26,
  SIE_BUS_RESET = 1 << 19,
  SIE_SETUP = 1 << 17,
  SIE_PULL_UP = 1 << 16,
  SIE_EP0_EACH_BUFFER = 1 << 29
};

/* Offsets in the controller's memory: those of endpoint 0 are fixed. */
enum { SETUP_AT = 0, EP0_AT = 0x100, OUT_AT = 0x180, IN_AT = 0x1C0 };

enum { GET_DESCRIPTOR = 6, SET_ADDRESS = 5, SET_CONFIGURATION = 9, GET_STATUS = 0, CLEAR_FEATURE = 1 };
enum { TYPE_DEVICE = 1, TYPE_CONFIGURATION = 2, TYPE_STRING = 3, TYPE_BOS = 15 };

static struct {
  /* What endpoint 0 has still to send. */
  const uint8_t *rest;
  uint32_t rest_bytes;
  bool ends_short;
  uint8_t next_address;
  bool data1[3];
  bool is_configured;
  /* The packet that came, as far as it was taken. */
  uint32_t out_bytes, out_taken;
  bool is_in_free;
} usb;

static uint8_t text[2 + 2 * 32];

static volatile uint8_t *at(uint32_t offset) {
  return (volatile uint8_t *)(MEMORY + offset);
}

static void hand_over(uint32_t endpoint, bool is_out, uint32_t length, bool is_full) {
  const uint32_t word = length | (is_full ? (uint32_t)BUFFER_FULL : 0u) | (usb.data1[endpoint] ? (uint32_t)BUFFER_DATA1 : 0u);
  usb.data1[endpoint] = !usb.data1[endpoint];
  BUFFER_CTRL(endpoint, is_out) = word;
  __asm__ volatile("b 1f\n1: b 1f\n1: b 1f\n1: b 1f\n1: b 1f\n1: b 1f\n1:\n" ::: "memory");
  BUFFER_CTRL(endpoint, is_out) = word | (uint32_t)BUFFER_AVAILABLE;
}

static void send_packet(uint32_t endpoint, uint32_t offset, const uint8_t *bytes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) at(offset)[i] = bytes[i];
  hand_over(endpoint, false, count, true);
}

static void send_rest(void) {
  const uint32_t count = usb.rest_bytes > USB_PACKET ? USB_PACKET : usb.rest_bytes;
  usb.ends_short = count == USB_PACKET && usb.ends_short;
  send_packet(0, EP0_AT, usb.rest, count);
  usb.rest += count;
  usb.rest_bytes -= count;
}

/* The data stage of what was asked, and its status from the host. */
static void answer(const uint8_t *bytes, uint32_t count, uint32_t asked) {
  usb.rest = bytes;
  usb.rest_bytes = count < asked ? count : asked;
  /* Less than was asked must end with a packet that is not full. */
  usb.ends_short = count < asked;
  send_rest();
  BUFFER_CTRL(0, true) = (uint32_t)BUFFER_DATA1;
  BUFFER_CTRL(0, true) = (uint32_t)(BUFFER_DATA1 | BUFFER_AVAILABLE);
}

static void refuse(void) {
  EP_STALL_ARM_SET = 3u;
  BUFFER_CTRL(0, false) = (uint32_t)BUFFER_STALL;
  BUFFER_CTRL(0, true) = (uint32_t)BUFFER_STALL;
}

static void acknowledge(void) {
  usb.rest_bytes = 0;
  usb.ends_short = false;
  send_packet(0, EP0_AT, text, 0);
}

static void start_endpoints(void) {
  const uint32_t bulk = (uint32_t)ENDPOINT_ENABLE | (uint32_t)ENDPOINT_EACH_BUFFER | (uint32_t)ENDPOINT_BULK;
  ENDPOINT_CTRL(USB_OUT_ENDPOINT, true) = bulk | OUT_AT;
  ENDPOINT_CTRL(USB_IN_ENDPOINT, false) = bulk | IN_AT;
  usb.data1[USB_OUT_ENDPOINT] = usb.data1[USB_IN_ENDPOINT] = false;
  usb.out_bytes = usb.out_taken = 0;
  usb.is_in_free = true;
  usb.is_configured = true;
  hand_over(USB_OUT_ENDPOINT, true, USB_PACKET, false);
}

static uint32_t string_descriptor(uint32_t index) {
  uint32_t count = 2;
  if (index == 0) {
    text[2] = 0x09; /* English, United States */
    text[3] = 0x04;
    count = 4;
  } else {
    const char *letters = usb_strings[index - 1];
    for (; *letters != 0 && count < sizeof text; letters++) {
      text[count++] = (uint8_t)*letters;
      text[count++] = 0;
    }
  }
  text[0] = (uint8_t)count;
  text[1] = TYPE_STRING;
  return count;
}

static void get_descriptor(uint32_t type, uint32_t index, uint32_t asked) {
  switch (type) {
    case TYPE_DEVICE: answer(usb_device, sizeof usb_device, asked); return;
    case TYPE_CONFIGURATION: answer(usb_configuration, sizeof usb_configuration, asked); return;
    case TYPE_BOS: answer(usb_bos, sizeof usb_bos, asked); return;
    case TYPE_STRING:
      if (index <= sizeof usb_strings / sizeof *usb_strings) {
        answer(text, string_descriptor(index), asked);
        return;
      }
      break;
    default: break;
  }
  refuse();
}

static void handle_setup(void) {
  const volatile uint8_t *setup = at(SETUP_AT);
  const uint8_t kind = setup[0], request = setup[1], low = setup[2], high = setup[3], index = setup[4];
  const uint32_t asked = (uint32_t)setup[6] | (uint32_t)setup[7] << 8;
  usb.data1[0] = true;
  usb.next_address = 0;
  if (kind == 0x80 && request == GET_DESCRIPTOR) get_descriptor(high, low, asked);
  else if (kind == 0xC0 && request == USB_VENDOR_CODE && index == USB_MS_SET_INDEX) answer(usb_ms_set, sizeof usb_ms_set, asked);
  else if ((kind & 0xE0) == 0x80 && request == GET_STATUS) {
    text[0] = text[1] = 0;
    answer(text, 2, asked);
  } else if (kind == 0x00 && request == SET_ADDRESS) {
    /* It holds once the answer has gone. */
    usb.next_address = low & 0x7Fu;
    acknowledge();
  } else if (kind == 0x00 && request == SET_CONFIGURATION) {
    start_endpoints();
    acknowledge();
  } else if (kind == 0x02 && request == CLEAR_FEATURE) {
    /* No endpoint of the probe halts; what is asked for is so, and its data begin anew. */
    if (usb.is_configured) start_endpoints();
    acknowledge();
  } else if (kind == 0x01 && request == 11) acknowledge();
  else refuse();
}

static void handle_reset(void) {
  ADDRESS = 0;
  usb.next_address = 0;
  usb.is_configured = false;
  usb.rest_bytes = 0;
}

static void do_chores(void) {
  const uint32_t status = SIE_STATUS;
  if ((status & (uint32_t)SIE_BUS_RESET) != 0) {
    SIE_STATUS = (uint32_t)SIE_BUS_RESET;
    handle_reset();
  }
  if ((status & (uint32_t)SIE_SETUP) != 0) {
    SIE_STATUS = (uint32_t)SIE_SETUP;
    BUFF_STATUS = BUFFER_DONE(0, false) | BUFFER_DONE(0, true);
    handle_setup();
  }
  const uint32_t done = BUFF_STATUS;
  if ((done & BUFFER_DONE(0, false)) != 0) {
    BUFF_STATUS = BUFFER_DONE(0, false);
    if (usb.next_address != 0) ADDRESS = usb.next_address;
    usb.next_address = 0;
    if (usb.rest_bytes > 0 || usb.ends_short) send_rest();
  }
  if ((done & BUFFER_DONE(0, true)) != 0) BUFF_STATUS = BUFFER_DONE(0, true);
  if ((done & BUFFER_DONE(USB_IN_ENDPOINT, false)) != 0) {
    BUFF_STATUS = BUFFER_DONE(USB_IN_ENDPOINT, false);
    usb.is_in_free = true;
  }
  /* A packet stays in its buffer until it is taken: that keeps the host waiting. */
  if ((done & BUFFER_DONE(USB_OUT_ENDPOINT, true)) != 0 && usb.out_bytes == 0) {
    BUFF_STATUS = BUFFER_DONE(USB_OUT_ENDPOINT, true);
    usb.out_bytes = BUFFER_CTRL(USB_OUT_ENDPOINT, true) & (uint32_t)BUFFER_LENGTH;
    usb.out_taken = 0;
    if (usb.out_bytes == 0) hand_over(USB_OUT_ENDPOINT, true, USB_PACKET, false);
  }
}

void usb_start(void) {
  for (uint32_t offset = 0; offset < 0x1000; offset += 4) REGISTER(MEMORY + offset) = 0;
  MUXING = 1u << 0 | 1u << 3;
  POWER = 1u << 3 | 1u << 2;
  MAIN_CTRL = 1u;
  SIE_CTRL = (uint32_t)SIE_PULL_UP | (uint32_t)SIE_EP0_EACH_BUFFER;
}

bool usb_take(uint8_t *byte) {
  if (usb.out_bytes == 0) {
    do_chores();
    if (usb.out_bytes == 0) return false;
  }
  *byte = at(OUT_AT)[usb.out_taken++];
  if (usb.out_taken == usb.out_bytes) {
    usb.out_bytes = 0;
    hand_over(USB_OUT_ENDPOINT, true, USB_PACKET, false);
  }
  return true;
}

/* A frame ends with its zero, so that no empty packet is needed after a full one but where the host reads whole transfers. */
void usb_give(const uint8_t *bytes, size_t count) {
  for (size_t sent = 0;;) {
    while (!usb.is_in_free) {
      do_chores();
      if (!usb.is_configured) return;
    }
    const size_t rest = count - sent;
    const uint32_t packet = rest > USB_PACKET ? USB_PACKET : (uint32_t)rest;
    usb.is_in_free = false;
    send_packet(USB_IN_ENDPOINT, IN_AT, bytes + sent, packet);
    sent += packet;
    if (packet < USB_PACKET) return;
  }
}
