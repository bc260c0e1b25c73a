import type { Bytes } from '../usb/device.ts';
import type { BusClock } from '../virtual/bus-clock.ts';
import type { DeviceModel, Identity } from '../virtual/model.ts';
import type { CortexModel } from './cortex-model.ts';
import { wordBytes } from './cortex-model.ts';

/** Bits of a word on SWD, ADIv5 section B4.2, and the clock, Hz. */
export const [bitsOfWord, swdHz] = [46, 4_000_000];
const [fine, apFault, noChip] = [0x80, 0x11, 0x09];

const identity = (productId: number): Identity => ({
  vendorId: 0x0483,
  productId,
  manufacturerName: 'STMicroelectronics',
  productName: productId === 0x374b ? 'STM32 STLink' : 'STLINK-V3',
  serialNumber: '066CFF505550887267',
  configuration: {
    configurationValue: 1,
    interfaces: [
      {
        interfaceNumber: 0,
        alternates: [
          {
            alternateSetting: 0,
            interfaceClass: 0xff,
            interfaceSubclass: 0xff,
            interfaceProtocol: 0xff,
            interfaceName: 'ST-Link Debug',
            endpoints: [
              { endpointNumber: 1, direction: 'in', type: 'bulk', packetSize: 64 },
              { endpointNumber: 1, direction: 'out', type: 'bulk', packetSize: 64 },
              { endpointNumber: 2, direction: 'in', type: 'bulk', packetSize: 64 },
            ],
          },
        ],
      },
    ],
  },
});

/**
 * The ST-LINK of a Nucleo board: commands of 16 bytes as in OpenOCD's `stlink_usb.c`. It is strict: what is no command, and
 * memory before debugging was entered, halts its endpoint.
 */
export class StLinkModel implements DeviceModel {
  readonly identity: Identity;
  readonly gone = false;
  readonly #clock: BusClock;
  readonly #chip: CortexModel;
  readonly #generation: 2 | 3;
  #answer: Bytes | undefined;
  #data: { address: number; length: number; taken: number[] } | undefined;
  #status = fine;
  #debugging = false;
  #inDfu = true;
  #readyAt = 0;
  /** Version of its debugging, `J` in the names of releases. */
  jtag = 40;
  absent = false;

  constructor(generation: 2 | 3, chip: CortexModel, clock: BusClock) {
    this.#generation = generation;
    this.#chip = chip;
    this.#clock = clock;
    this.identity = identity(generation === 2 ? 0x374b : 0x374e);
  }

  powerUp(): void {
    [this.#answer, this.#data, this.#status] = [undefined, undefined, fine];
    [this.#debugging, this.#inDfu, this.#readyAt] = [false, true, 0];
    this.#chip.powerUp();
  }

  selectAlternate(): void {
    this.clearHalt();
  }

  clearHalt(): void {
    this.#data = undefined;
  }

  control(): 'stall' {
    return 'stall';
  }

  bulkOut(_endpoint: number, packet: Bytes): 'ack' | 'stall' {
    if (this.#data !== undefined) return this.#take(packet);
    return packet.length === 16 ? this.#command(packet) : 'stall';
  }

  bulkIn(_endpoint: number, length: number): Bytes | 'nak' {
    if (this.#answer === undefined || this.#clock.now() < this.#readyAt) return 'nak';
    const packet = this.#answer.slice(0, length);
    this.#answer = this.#answer.length > length ? this.#answer.slice(length) : undefined;
    return packet;
  }

  #wire(words: number): void {
    this.#readyAt = this.#clock.now() + (words * bitsOfWord * 1000) / swdHz;
  }

  #take(packet: Bytes): 'ack' {
    const data = this.#data;
    if (data === undefined) return 'ack';
    data.taken.push(...packet);
    if (data.taken.length < data.length) return 'ack';
    this.#data = undefined;
    this.#status = fine;
    this.#wire(data.length / 4);
    const view = new DataView(new Uint8Array(data.taken).buffer);
    for (let at = 0; at < data.length; at += 4) {
      if (!this.#chip.write(data.address + at, view.getUint32(at, true))) this.#status = apFault;
    }
    return 'ack';
  }

  #reply(...bytes: readonly number[]): 'ack' {
    this.#answer = new Uint8Array(bytes);
    return 'ack';
  }

  #command(packet: Bytes): 'ack' | 'stall' {
    const [group = 0, command = 0] = packet;
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    switch (group) {
      case 0xf1:
        return this.#reply(
          (this.#generation << 4) | (this.jtag >> 2),
          (this.jtag & 3) << 6,
          0x83,
          4,
          0x4b,
          0x37,
        );
      case 0xfb:
        return this.#generation === 3
          ? this.#reply(3, 0, this.jtag, 0, 0, 0, 0, 0, 0x83, 4, 0x4e, 0x37)
          : 'stall';
      case 0xf5:
        return this.#reply(this.#inDfu ? 0 : 1, 0);
      case 0xf3:
        if (command === 7) this.#inDfu = false;
        return 'ack';
      case 0xf2:
        return this.#inDfu ? 'stall' : this.#debug(command, view);
      default:
        return 'stall';
    }
  }

  #debug(command: number, view: DataView<ArrayBuffer>): 'ack' | 'stall' {
    const [address, length] = [view.getUint32(2, true), view.getUint16(6, true)];
    switch (command) {
      case 0x43:
        return this.#generation === 2 ? this.#reply(fine, 0) : 'stall';
      case 0x61:
        return this.#generation === 3 ? this.#reply(fine, 0, 0, 0, 0, 0, 0, 0) : 'stall';
      case 0x30:
        this.#debugging = !this.absent;
        return this.#reply(this.absent ? noChip : fine, 0);
      case 0x21:
        this.#debugging = false;
        return this.#reply(fine, 0);
      case 0x3e:
        return this.#reply(this.#status, ...Array.from({ length: 11 }, () => 0));
      case 0x07:
        if (!this.#debugging) return 'stall';
        return this.#read(address, length);
      case 0x08:
        if (!this.#debugging) return 'stall';
        this.#data = { address, length, taken: [] };
        return 'ack';
      default:
        return 'stall';
    }
  }

  #read(address: number, length: number): 'ack' {
    this.#status = fine;
    const words = Array.from({ length: length / 4 }, (_, index) => this.#chip.read(address + 4 * index));
    if (words.includes(undefined)) this.#status = apFault;
    this.#wire(words.length);
    return this.#reply(...words.flatMap((word) => [...wordBytes(word ?? 0)]));
  }
}
