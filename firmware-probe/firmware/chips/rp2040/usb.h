/* A vendor-class device with one bulk endpoint each way, polled. */
#ifndef NAS_USB_H
#define NAS_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void usb_start(void);
bool usb_take(uint8_t *byte);
void usb_give(const uint8_t *bytes, size_t count);

#endif
