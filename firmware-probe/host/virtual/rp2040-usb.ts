import type { Peripheral } from 'rp2040js';
import type { Bytes } from '../usb/device.ts';

/** Offsets of registers, RP2040 datasheet, 4.1.4. */
const register = { mainCtrl: 0x40, sieCtrl: 0x4c, sieStatus: 0x50, buffStatus: 0x58, epStallArm: 0x68 };
const sie = { pullUp: 1 << 16, setup: 1 << 17, busReset: 1 << 19 };
const buffer = { length: 0x3ff, available: 1 << 10, stall: 1 << 11, full: 1 << 15 };
const endpointZeroAt = 0x100;

/**
 * The USB controller of the RP2040 as a device, packet by packet, in place of rp2040js's own: that one hands data on instead
 * of letting the host ask for them, knows no `nak` and no stall. Single buffers only, which is what the probe uses.
 */
export class Rp2040Usb implements Peripheral {
  readonly #memory: DataView<ArrayBuffer>;
  readonly #registers = new Map<number, number>();

  /** @param memory the controller's own, 4 KB */
  constructor(memory: DataView<ArrayBuffer>) {
    this.#memory = memory;
  }

  /** The firmware has shown itself to the host. */
  get isAttached(): boolean {
    return (this.readUint32(register.sieCtrl) & sie.pullUp) !== 0;
  }

  get isSetupPending(): boolean {
    return (this.readUint32(register.sieStatus) & sie.setup) !== 0;
  }

  readUint32(offset: number): number {
    return this.#registers.get(offset) ?? 0;
  }

  writeUint32(offset: number, value: number): void {
    this.#registers.set(offset, value >>> 0);
  }

  /** @param kind 0 as it is, 1 exclusive or, 2 set, 3 clear; events are cleared by what is written as it is */
  writeUint32Atomic(offset: number, value: number, kind: number): void {
    const before = this.readUint32(offset);
    const isEvents = offset === register.sieStatus || offset === register.buffStatus;
    if (isEvents || kind === 3) this.writeUint32(offset, before & ~value);
    else this.writeUint32(offset, kind === 1 ? before ^ value : kind === 2 ? before | value : value);
  }

  reset(): void {
    this.#registers.set(register.sieStatus, this.readUint32(register.sieStatus) | sie.busReset);
  }

  setup(packet: Uint8Array): void {
    packet.forEach((byte, at) => {
      this.#memory.setUint8(at, byte);
    });
    this.writeUint32(register.epStallArm, 0);
    this.#registers.set(register.sieStatus, this.readUint32(register.sieStatus) | sie.setup);
  }

  /** An IN token. */
  in(endpoint: number): Bytes | 'nak' | 'stall' {
    const found = this.#ready(endpoint, 'in');
    if (typeof found === 'string') return found;
    const { at, word, from } = found;
    if ((word & buffer.full) === 0) return 'nak';
    this.#memory.setUint32(at, word & ~(buffer.available | buffer.full), true);
    this.#done(endpoint, 'in');
    return new Uint8Array(this.#memory.buffer.slice(from, from + (word & buffer.length)));
  }

  /** An OUT token with its data. */
  out(endpoint: number, packet: Uint8Array): 'ack' | 'nak' | 'stall' {
    const found = this.#ready(endpoint, 'out');
    if (typeof found === 'string') return found;
    const { at, word, from } = found;
    const count = Math.min(packet.length, word & buffer.length);
    for (let i = 0; i < count; i++) this.#memory.setUint8(from + i, packet[i] ?? 0);
    const rest = word & ~(buffer.available | buffer.length);
    this.#memory.setUint32(at, rest | buffer.full | count, true);
    this.#done(endpoint, 'out');
    return 'ack';
  }

  #ready(
    endpoint: number,
    direction: 'in' | 'out',
  ): { readonly at: number; readonly word: number; readonly from: number } | 'nak' | 'stall' {
    const side = direction === 'out' ? 4 : 0;
    const at = 0x80 + 8 * endpoint + side;
    const word = this.#memory.getUint32(at, true);
    // Endpoint 0 halts only where it was armed to, until the next setup.
    const isArmed = endpoint !== 0 || (this.readUint32(register.epStallArm) & (side === 0 ? 1 : 2)) !== 0;
    if ((word & buffer.stall) !== 0 && isArmed) return 'stall';
    if ((this.readUint32(register.buffStatus) & this.#bit(endpoint, direction)) !== 0) return 'nak';
    if ((word & buffer.available) === 0) return 'nak';
    const from = endpoint === 0 ? endpointZeroAt : this.#memory.getUint32(8 * endpoint + side, true) & 0xffc0;
    return { at, word, from };
  }

  #bit(endpoint: number, direction: 'in' | 'out'): number {
    return 1 << (2 * endpoint + (direction === 'out' ? 1 : 0));
  }

  #done(endpoint: number, direction: 'in' | 'out'): void {
    const events = this.readUint32(register.buffStatus) | this.#bit(endpoint, direction);
    this.#registers.set(register.buffStatus, events);
  }
}
