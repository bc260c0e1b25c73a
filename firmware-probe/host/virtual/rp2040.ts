import { ConsoleLogger, LogLevel, Simulator } from 'rp2040js';
import type { Bytes, Clock, Configuration, Setup } from '../usb/device.ts';
import { configurationOf } from '../usb/descriptors.ts';
import type { DeviceModel, Identity, Request } from './model.ts';
import { Rp2040Usb } from './rp2040-usb.ts';

const ramAt = 0x20000000;
const usbController = 0x50110;
/** Instructions between two looks at the bus. */
const atOnce = 64;
/** Longest that the firmware may take to answer a control request, ms: USB 2.0, 9.2.6.4. */
const mostControlMs = 500;
const descriptor = { device: 1, configuration: 2, string: 3 };

/** What the firmware does not do in time, or does against the rules of the bus. */
export class VirtualBoardError extends Error {
  override readonly name = 'VirtualBoardError';
}

/**
 * An RP2040 in which an image runs that was loaded into its SRAM, as its boot ROM would do it; cycles are those that ARM's
 * manual gives a Cortex-M0+ (rp2040js). It knows no wait states of flash, no contention and no second core. To the bus it is
 * what its firmware says.
 */
export class VirtualRp2040 implements DeviceModel {
  readonly #clock: Clock;
  readonly #image: Bytes;
  #simulator!: Simulator;
  #usb!: Rp2040Usb;
  /** Bus time at which the core stands, ms. */
  #now = 0;
  identity: Identity;

  /** @param image loaded at the start of SRAM: stack pointer, entry, ... @throws VirtualBoardError when it is no device of USB */
  constructor(image: Uint8Array, clock: Clock) {
    // Not slice(): that of a Buffer copies nothing.
    this.#image = Uint8Array.from(image);
    this.#clock = clock;
    this.identity = this.#start();
  }

  get gone(): boolean {
    return !this.#usb.isAttached;
  }

  powerUp(): void {
    this.identity = this.#start();
  }

  control(request: Request, data: Bytes): Bytes | 'stall' {
    const kinds = { standard: 0, class: 1, vendor: 2 };
    const recipients = { device: 0, interface: 1, endpoint: 2, other: 3 };
    const kind =
      (request.direction === 'in' ? 0x80 : 0) |
      (kinds[request.requestType] << 5) |
      recipients[request.recipient];
    return this.#control(kind, request, request.length, data);
  }

  bulkOut(endpoint: number, packet: Bytes): 'ack' | 'nak' | 'stall' {
    this.#catchUp();
    return this.#usb.out(endpoint, packet);
  }

  bulkIn(endpoint: number): Bytes | 'nak' | 'stall' {
    this.#catchUp();
    return this.#usb.in(endpoint);
  }

  clearHalt(direction: 'in' | 'out', endpoint: number): void {
    const index = endpoint | (direction === 'in' ? 0x80 : 0);
    this.#control(0x02, { request: 1, value: 0, index }, 0, new Uint8Array(0));
  }

  selectAlternate(interfaceNumber: number, alternate: number): void {
    this.#control(0x01, { request: 11, value: alternate, index: interfaceNumber }, 0, new Uint8Array(0));
  }

  /** Starts the image and enumerates it, as a host does. */
  #start(): Identity {
    this.#simulator = new Simulator();
    const { rp2040 } = this.#simulator;
    rp2040.logger = new ConsoleLogger(LogLevel.Error, true);
    this.#usb = new Rp2040Usb(rp2040.usbDPRAMView);
    rp2040.peripherals[usbController] = this.#usb;
    // The controller that came with it would answer as soon as a buffer is handed over.
    rp2040.usbCtrl.DPRAMUpdated = () => undefined;
    rp2040.sram.set(this.#image);
    const image = new DataView(this.#image.buffer);
    rp2040.core.VTOR = ramAt;
    rp2040.core.SP = image.getUint32(0, true);
    rp2040.core.PC = image.getUint32(4, true) & ~1;
    this.#now = this.#clock.now();
    this.#runUntil('showing itself', () => this.#usb.isAttached);
    this.#usb.reset();
    return this.#enumerate();
  }

  #enumerate(): Identity {
    const device = this.#descriptor(descriptor.device, 0, 18);
    this.#control(0x00, { request: 5, value: 1, index: 0 }, 0, new Uint8Array(0));
    const head = this.#descriptor(descriptor.configuration, 0, 9);
    const whole = this.#descriptor(descriptor.configuration, 0, head.getUint16(2, true));
    const configuration: Configuration = configurationOf(whole);
    this.#control(
      0x00,
      { request: 9, value: configuration.configurationValue, index: 0 },
      0,
      new Uint8Array(0),
    );
    return {
      vendorId: device.getUint16(8, true),
      productId: device.getUint16(10, true),
      manufacturerName: this.#string(device.getUint8(14)),
      productName: this.#string(device.getUint8(15)),
      serialNumber: this.#string(device.getUint8(16)),
      configuration,
    };
  }

  #descriptor(type: number, index: number, length: number): DataView<ArrayBuffer> {
    const value = (type << 8) | index;
    const data = this.#control(0x80, { request: 6, value, index: 0 }, length, new Uint8Array(0));
    if (data === 'stall') throw new VirtualBoardError(`The firmware has no descriptor ${type}.`);
    return new DataView(data.buffer);
  }

  #string(index: number): string {
    if (index === 0) return '';
    const view = this.#descriptor(descriptor.string, index, 255);
    return new TextDecoder('utf-16le').decode(view.buffer.slice(2));
  }

  #control(
    kind: number,
    { request, value, index }: Pick<Setup, 'request' | 'value' | 'index'>,
    length: number,
    data: Bytes,
  ): Bytes | 'stall' {
    const setup = new DataView(new ArrayBuffer(8));
    setup.setUint8(0, kind);
    setup.setUint8(1, request);
    setup.setUint16(2, value, true);
    setup.setUint16(4, index, true);
    setup.setUint16(6, length, true);
    this.#usb.setup(new Uint8Array(setup.buffer));
    this.#runUntil('taking a request', () => !this.#usb.isSetupPending);
    if ((kind & 0x80) === 0) {
      for (let at = 0; at < length; at += 64) {
        const packet = data.subarray(at, at + 64);
        if (this.#token('taking data', () => this.#usb.out(0, packet)) === 'stall') return 'stall';
      }
      const status = this.#token('finishing a request', () => this.#usb.in(0));
      return status === 'stall' ? 'stall' : new Uint8Array(0);
    }
    const found: number[] = [];
    for (;;) {
      const packet = this.#token('answering a request', () => this.#usb.in(0));
      if (typeof packet === 'string') return 'stall';
      found.push(...packet);
      if (packet.length < 64 || found.length >= length) break;
    }
    this.#token('finishing a request', () => this.#usb.out(0, new Uint8Array(0)));
    return Uint8Array.from(found);
  }

  /** The same token again and again, until it gets another answer than `nak`. */
  #token<T>(place: string, token: () => T | 'nak'): T {
    let answer: T | 'nak' = 'nak';
    this.#runUntil(place, () => (answer = token()) !== 'nak');
    return answer as T;
  }

  #runUntil(place: string, holds: () => boolean): void {
    const latest = this.#now + mostControlMs;
    while (!holds()) {
      this.#step();
      if (this.#now > latest) throw new VirtualBoardError(`The firmware hangs while ${place}.`);
    }
  }

  #catchUp(): void {
    const until = this.#clock.now();
    while (this.#now < until) this.#step();
  }

  #step(): void {
    const { clock, rp2040 } = this.#simulator;
    const { core } = rp2040;
    const before = clock.nanos;
    for (let i = 0; i < atOnce; i++) clock.tick((core.executeInstruction() * 1e9) / rp2040.clkSys);
    this.#now += (clock.nanos - before) / 1e6;
  }
}
