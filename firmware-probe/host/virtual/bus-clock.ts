import type { Clock } from '../usb/device.ts';

/** Packets of 64 bytes that bulk transfers fit into a frame of 1 ms at full speed, USB 2.0 section 5.8.4, table 5-9. */
export const packetsPerFrame = 19;

/**
 * The time of a virtual bus at full speed: it goes on by the packets that pass, by what the device takes, and by what the
 * host waits, never by the clock on the wall. The host itself is infinitely quick.
 */
export class BusClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    this.#now += ms;
    return Promise.resolve();
  }

  /** One token with its data and handshake. */
  packet(): void {
    this.#now += 1 / packetsPerFrame;
  }
}
