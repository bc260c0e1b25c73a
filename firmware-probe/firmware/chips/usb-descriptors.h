/*
 * What the probe says of itself on the bus: one vendor interface with a bulk endpoint each way, and Microsoft's OS 2.0
 * descriptors, by which Windows takes WinUSB for it and needs no driver (Microsoft, "Microsoft OS 2.0 Descriptors
 * Specification", 2018; USB 2.0 specification, 9.6).
 */
#ifndef NAS_USB_DESCRIPTORS_H
#define NAS_USB_DESCRIPTORS_H

#include <stdint.h>

enum {
  USB_PACKET = 64,
  USB_OUT_ENDPOINT = 1,
  USB_IN_ENDPOINT = 2,
  USB_VENDOR_CODE = 0x4E, /* bRequest by which Windows asks for the set below. */
  USB_MS_SET_INDEX = 7,
  USB_MS_SET_BYTES = 10 + 20 + 132
};

/* Vendor 0x1209 of pid.codes with its number for tests: no product of this project has a number yet. */
static const uint8_t usb_device[18] = {
    18, 1, 0x10, 0x02, 0xFF, 0, 0, USB_PACKET, 0x09, 0x12, 0x01, 0x00, 0x01, 0x00, 1, 2, 3, 1,
};

static const uint8_t usb_configuration[32] = {
    9, 2, 32, 0, 1, 1, 0, 0x80, 250,
    9, 4, 0, 0, 2, 0xFF, 0x4E, 0x01, 0,
    7, 5, USB_OUT_ENDPOINT, 2, USB_PACKET, 0, 0,
    7, 5, 0x80 | USB_IN_ENDPOINT, 2, USB_PACKET, 0, 0,
};

static const uint8_t usb_bos[33] = {
    5, 15, 33, 0, 1,
    28, 16, 5, 0,
    /* {D8DD60DF-4589-4CC7-9CD2-659D9E648A9F} */
    0xDF, 0x60, 0xDD, 0xD8, 0x89, 0x45, 0xC7, 0x4C, 0x9C, 0xD2, 0x65, 0x9D, 0x9E, 0x64, 0x8A, 0x9F,
    0x00, 0x00, 0x03, 0x06, USB_MS_SET_BYTES, 0, USB_VENDOR_CODE, 0,
};

#define W(c) (c), 0
static const uint8_t usb_ms_set[USB_MS_SET_BYTES] = {
    10, 0, 0, 0, 0x00, 0x00, 0x03, 0x06, USB_MS_SET_BYTES, 0,
    20, 0, 3, 0, 'W', 'I', 'N', 'U', 'S', 'B', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* Property DeviceInterfaceGUIDs: a list of strings (type 7) with one. */
    132, 0, 4, 0, 7, 0, 42, 0,
    W('D'), W('e'), W('v'), W('i'), W('c'), W('e'), W('I'), W('n'), W('t'), W('e'), W('r'), W('f'), W('a'), W('c'),
    W('e'), W('G'), W('U'), W('I'), W('D'), W('s'), W(0),
    80, 0,
    W('{'), W('6'), W('A'), W('1'), W('7'), W('C'), W('3'), W('0'), W('E'), W('-'), W('5'), W('D'), W('2'), W('B'),
    W('-'), W('4'), W('F'), W('8'), W('1'), W('-'), W('9'), W('E'), W('4'), W('C'), W('-'), W('7'), W('B'), W('0'),
    W('A'), W('E'), W('1'), W('9'), W('5'), W('D'), W('2'), W('4'), W('F'), W('}'), W(0), W(0),
};
#undef W

static const char *const usb_strings[] = {"Nasturtium", "Nasturtium probe", "1"};

#endif
