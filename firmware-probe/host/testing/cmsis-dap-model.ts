import type { Bytes } from '../usb/device.ts';
import type { BusClock } from '../virtual/bus-clock.ts';
import type { DeviceModel, Identity } from '../virtual/model.ts';
import type { CortexModel } from './cortex-model.ts';
import { wordBytes } from './cortex-model.ts';

/** Bits of a word on SWD: request, acknowledgement, data, parity and turns, ADIv5 section B4.2. */
const bitsOfWord = 46;
/** DAPLink writes a page of 1 KB in some milliseconds, and erases it before. */
export const pageMs = 20;
const [ok, fault] = [1, 4];

const endpoint = (endpointNumber: number, direction: 'in' | 'out') =>
  ({ endpointNumber, direction, type: 'bulk', packetSize: 64 }) as const;

/** A CMSIS-DAP v2 probe with SWD and the flash commands of DAPLink: the commands of the CMSIS-DAP documentation 2.1. */
export class CmsisDapModel implements DeviceModel {
  readonly identity: Identity = {
    vendorId: 0x0d28,
    productId: 0x0204,
    manufacturerName: 'Arm',
    productName: 'DAPLink CMSIS-DAP',
    serialNumber: '0123',
    configuration: {
      configurationValue: 1,
      interfaces: [
        {
          interfaceNumber: 0,
          alternates: [
            {
              alternateSetting: 0,
              interfaceClass: 0xff,
              interfaceSubclass: 0,
              interfaceProtocol: 0,
              interfaceName: 'CMSIS-DAP v2',
              endpoints: [endpoint(1, 'out'), endpoint(1, 'in')],
            },
          ],
        },
      ],
    },
  };
  readonly gone = false;
  readonly #clock: BusClock;
  readonly #chip: CortexModel;
  #answers: Bytes[] = [];
  #readyAt = 0;
  /** Hz. */
  #swd = 1_000_000;
  #select = 0;
  #address = 0;
  #failed = false;
  #powered = false;
  #stream: number | undefined;
  /** Debug power never comes up, as of a chip without supply. */
  dead = false;

  constructor(chip: CortexModel, clock: BusClock) {
    this.#chip = chip;
    this.#clock = clock;
  }

  powerUp(): void {
    this.#answers = [];
    this.#readyAt = 0;
    [this.#select, this.#failed, this.#powered, this.#stream] = [0, false, false, undefined];
    this.#chip.powerUp();
  }

  selectAlternate(): void {
    this.#answers = [];
  }

  clearHalt(): void {
    // It halts no endpoint.
  }

  control(): 'stall' {
    return 'stall';
  }

  bulkOut(_endpoint: number, packet: Bytes): 'ack' | 'nak' {
    if (this.#answers.length > 3) return 'nak';
    this.#answers.push(this.#answer(packet));
    return 'ack';
  }

  bulkIn(): Bytes | 'nak' {
    if (this.#clock.now() < this.#readyAt) return 'nak';
    return this.#answers.shift() ?? 'nak';
  }

  #takes(ms: number): void {
    this.#readyAt = Math.max(this.#readyAt, this.#clock.now()) + ms;
  }

  #answer(packet: Bytes): Bytes {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    const command = view.getUint8(0);
    switch (command) {
      case 0x02:
        return new Uint8Array([command, 1]);
      case 0x05:
        return this.#transfer(view);
      case 0x06:
        return this.#block(view);
      case 0x08:
        this.#failed = false;
        return new Uint8Array([command, 0]);
      case 0x11:
        this.#swd = view.getUint32(1, true);
        return new Uint8Array([command, 0]);
      case 0x03:
      case 0x04:
      case 0x0a:
      case 0x12:
        return new Uint8Array([command, 0, 0]);
      case 0x8a:
        this.#stream = 0;
        this.#chip.flash.erase(this.#chip.flash.start, this.#chip.flash.bytes.length);
        return new Uint8Array([command, 0]);
      case 0x8c:
        return this.#program(packet);
      case 0x8b:
        this.#stream = undefined;
        return new Uint8Array([command, 0]);
      case 0x89:
        this.#chip.write(0xe000ed0c, 0x05fa0004);
        return new Uint8Array([command, 0]);
      default:
        return new Uint8Array([0xff]);
    }
  }

  #program(packet: Bytes): Bytes {
    const data = packet.slice(2, 2 + (packet[1] ?? 0));
    if (this.#stream === undefined) return new Uint8Array([0x8c, 1]);
    const { flash } = this.#chip;
    flash.write(flash.start + this.#stream, data);
    if (Math.floor((this.#stream + data.length) / 1024) > Math.floor(this.#stream / 1024))
      this.#takes(pageMs);
    this.#stream += data.length;
    return new Uint8Array([0x8c, 0]);
  }

  #transfer(view: DataView<ArrayBuffer>): Bytes {
    const count = view.getUint8(2);
    const reads: number[] = [];
    let [at, done, acknowledged] = [3, 0, ok];
    for (; done < count && acknowledged === ok; done++, at += 5) {
      const request = view.getUint8(at);
      const isRead = (request & 2) !== 0;
      const result = this.#register(request, isRead ? undefined : view.getUint32(at + 1, true));
      if (result === undefined) acknowledged = fault;
      else if (isRead) reads.push(result);
    }
    return Uint8Array.of(0x05, done, acknowledged, ...reads.flatMap((value) => [...wordBytes(value)]));
  }

  #block(view: DataView<ArrayBuffer>): Bytes {
    const count = view.getUint16(2, true);
    const request = view.getUint8(4);
    const isRead = (request & 2) !== 0;
    const reads: number[] = [];
    let [done, acknowledged] = [0, ok];
    for (; done < count && acknowledged === ok; done++) {
      const result = this.#register(request, isRead ? undefined : view.getUint32(5 + 4 * done, true));
      if (result === undefined) acknowledged = fault;
      else if (isRead) reads.push(result);
    }
    return Uint8Array.of(0x06, done, 0, acknowledged, ...reads.flatMap((value) => [...wordBytes(value)]));
  }

  /** One access of a register of the debug port or of its access port; `undefined` for a fault. */
  #register(request: number, value: number | undefined): number | undefined {
    this.#takes((bitsOfWord / this.#swd) * 1000);
    const register = request & 0xc;
    if ((request & 1) === 0) return this.#debugPort(register, value);
    if (this.#failed || !this.#powered) return undefined;
    if (register === 4 && value !== undefined) this.#address = value;
    if (register !== 0xc) return 0;
    const address = this.#address;
    // The address counts up within 1 KB, ADIv5 section C2.2.2.
    this.#address = ((address & ~0x3ff) | ((address + 4) & 0x3ff)) >>> 0;
    const result =
      value === undefined ? this.#chip.read(address) : this.#chip.write(address, value) ? 0 : undefined;
    if (result === undefined) this.#failed = true;
    return result;
  }

  #debugPort(register: number, value: number | undefined): number {
    if (register === 0) {
      if (value !== undefined) this.#failed = false;
      return 0x2ba01477;
    }
    if (register === 8 && value !== undefined) this.#select = value;
    if (register !== 4 || this.#select < 0) return 0;
    if (value !== undefined) this.#powered = !this.dead && value >>> 28 !== 0;
    return this.#powered ? 0xf0000000 : 0;
  }
}
