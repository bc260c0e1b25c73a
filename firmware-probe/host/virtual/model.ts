import type { Bytes, Configuration, Setup } from '../usb/device.ts';

/** A control request with its direction and the length that the host asks for or sends. */
export interface Request extends Setup {
  readonly direction: 'in' | 'out';
  readonly length: number;
}

/** What a device says of itself. */
export interface Identity {
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturerName: string;
  readonly productName: string;
  readonly serialNumber: string;
  readonly configuration: Configuration;
}

/**
 * A device as the bus sees it, packet by packet. It keeps no time of its own but asks the clock that it was made with: a
 * packet that comes before an answer is ready gets `nak` and is tried again. Standard requests are answered for it.
 */
export interface DeviceModel {
  readonly identity: Identity;
  /** The data stage of an `in` request, or nothing to send for an `out` request that was carried out. */
  control(request: Request, data: Bytes): Bytes | 'nak' | 'stall';
  bulkOut(endpoint: number, packet: Bytes): 'ack' | 'nak' | 'stall';
  /** At most `length` bytes, fewer than a packet to end the transfer. */
  bulkIn(endpoint: number, length: number): Bytes | 'nak' | 'stall';
  clearHalt(direction: 'in' | 'out', endpoint: number): void;
  selectAlternate(interfaceNumber: number, alternate: number): void;
  /** Whether it has left the bus of its own accord, as after a reboot. */
  readonly gone: boolean;
  /** Plugged in anew, with what a power cycle keeps. */
  powerUp(): void;
}
