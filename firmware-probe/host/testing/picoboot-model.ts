import type { Bytes } from '../usb/device.ts';
import type { BusClock } from '../virtual/bus-clock.ts';
import type { DeviceModel, Identity, Request } from '../virtual/model.ts';
import { Memory } from './memory.ts';

/** Of the flash on a Pico, W25Q16JV data sheet (2021), table 9.6: typical times in ms, of 4 KB and of 256 bytes. */
export const flashTimes = { eraseSector: 45, programPage: 0.4 };

const [bulkOut, bulkIn] = [3, 4];
const status = { ok: 0, unknown: 1, length: 3, address: 4, alignment: 5, denied: 10 };
const noBytes: Bytes = new Uint8Array(0);

const identity = (productId: number, productName: string): Identity => ({
  vendorId: 0x2e8a,
  productId,
  manufacturerName: 'Raspberry Pi',
  productName,
  serialNumber: 'E0C9120000000001',
  configuration: {
    configurationValue: 1,
    interfaces: [
      {
        interfaceNumber: 0,
        alternates: [
          {
            alternateSetting: 0,
            interfaceClass: 8,
            interfaceSubclass: 6,
            interfaceProtocol: 0x50,
            endpoints: [
              { endpointNumber: 1, direction: 'in', type: 'bulk', packetSize: 64 },
              { endpointNumber: 2, direction: 'out', type: 'bulk', packetSize: 64 },
            ],
          },
        ],
      },
      {
        interfaceNumber: 1,
        alternates: [
          {
            alternateSetting: 0,
            interfaceClass: 0xff,
            interfaceSubclass: 0,
            interfaceProtocol: 0,
            endpoints: [
              { endpointNumber: bulkOut, direction: 'out', type: 'bulk', packetSize: 64 },
              { endpointNumber: bulkIn, direction: 'in', type: 'bulk', packetSize: 64 },
            ],
          },
        ],
      },
    ],
  },
});

interface Command {
  readonly id: number;
  readonly address: number;
  readonly size: number;
  readonly transfer: number;
  /** Bytes of its data stage so far. */
  done: number;
}

/**
 * The boot ROM of an RP2040 or RP2350 behind its PICOBOOT interface. Commands, status codes: picoboot.h of pico-sdk 2.2. That
 * a bad command is taken and both endpoints halt then, so that the host finds out where it waits for the answer, is what the
 * RP2040's ROM (B1) did in an emulator.
 */
export class PicobootModel implements DeviceModel {
  readonly identity: Identity;
  readonly flash: Memory;
  readonly ram: Memory;
  readonly #chip: 'RP2040' | 'RP2350';
  readonly #clock: BusClock;
  #command: Command | undefined;
  #expects: 'command' | 'data' | 'acknowledgement' = 'command';
  #answer: Bytes | undefined;
  #halted = false;
  #status = 0;
  #readyAt = 0;
  #leavesAt = Infinity;
  /** What a REBOOT said: where to go on, or the kind of a REBOOT2. */
  rebooted:
    | { readonly pc: number; readonly sp: number }
    | { readonly kind: number; readonly base: number }
    | undefined;
  /** Refuses to change flash, as a chip does whose partition table says so. */
  locked = false;
  /** Flips the lowest bit of what is written here. */
  wornAt: number | undefined;

  constructor(chip: 'RP2040' | 'RP2350', clock: BusClock) {
    this.#chip = chip;
    this.#clock = clock;
    this.identity = chip === 'RP2040' ? identity(3, 'RP2 Boot') : identity(0xf, 'RP2350 Boot');
    this.flash = new Memory('flash', 0x10000000, 2 << 20);
    this.ram = new Memory('RAM', 0x20000000, chip === 'RP2040' ? 264 << 10 : 520 << 10);
  }

  get gone(): boolean {
    return this.#clock.now() >= this.#leavesAt;
  }

  powerUp(): void {
    this.#reset();
    this.ram.powerUp();
    this.#leavesAt = Infinity;
    this.#readyAt = 0;
    this.rebooted = undefined;
  }

  selectAlternate(): void {
    this.#reset();
  }

  clearHalt(): void {
    this.#halted = false;
  }

  control(request: Request): Bytes | 'stall' {
    if (request.requestType !== 'vendor' || request.index !== 1) return 'stall';
    if (request.request === 0x41) {
      this.#reset();
      return noBytes;
    }
    if (request.request !== 0x42) return 'stall';
    const answer = new DataView(new ArrayBuffer(16));
    answer.setUint32(4, this.#status, true);
    answer.setUint8(8, this.#command?.id ?? 0);
    return new Uint8Array(answer.buffer);
  }

  bulkOut(endpoint: number, packet: Bytes): 'ack' | 'nak' | 'stall' {
    if (endpoint !== bulkOut || this.#halted) return 'stall';
    if (this.#clock.now() < this.#readyAt) return 'nak';
    if (this.#expects === 'acknowledgement') this.#expects = 'command';
    else {
      const code = this.#expects === 'command' ? this.#begin(packet) : this.#take(packet);
      if (code !== status.ok) this.#fail(code);
    }
    return 'ack';
  }

  bulkIn(endpoint: number, length: number): Bytes | 'nak' | 'stall' {
    if (endpoint !== bulkIn || this.#halted) return 'stall';
    if (this.#answer === undefined || this.#clock.now() < this.#readyAt) return 'nak';
    const packet = this.#answer.slice(0, length);
    this.#answer = this.#answer.length > length ? this.#answer.slice(length) : undefined;
    return packet;
  }

  #reset(): void {
    this.#command = undefined;
    this.#expects = 'command';
    this.#answer = undefined;
    this.#halted = false;
    this.#status = status.ok;
  }

  /** Taken, and found out where the host waits for the answer. */
  #fail(code: number): void {
    this.#status = code;
    this.#halted = true;
    this.#expects = 'command';
    this.#answer = undefined;
  }

  #memory(address: number, length: number): Memory | undefined {
    return [this.flash, this.ram].find((memory) => memory.has(address, length));
  }

  #begin(packet: Bytes): number {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    if (packet.length !== 32 || view.getUint32(0, true) !== 0x431fd10b) return status.unknown;
    const argument = (index: number) => view.getUint32(16 + 4 * index, true);
    const command: Command = {
      id: view.getUint8(8),
      address: argument(0),
      size: argument(1),
      transfer: view.getUint32(12, true),
      done: 0,
    };
    this.#command = command;
    this.#status = status.ok;
    switch (command.id) {
      case 1:
      case 6:
        this.#answer = noBytes;
        return status.ok;
      case 2:
        if (this.#chip !== 'RP2040') return status.unknown;
        this.rebooted = { pc: command.address, sp: command.size };
        return this.#leave(argument(2));
      case 0xa:
        if (this.#chip !== 'RP2350') return status.unknown;
        this.rebooted = { kind: command.address & 0xf, base: argument(2) };
        return this.#leave(command.size);
      case 3:
        return this.#erase(command);
      case 5:
        return this.#write(command);
      case 0x84: {
        const memory = this.#memory(command.address, command.size);
        if (memory === undefined) return status.address;
        if (command.transfer !== command.size) return status.length;
        this.#answer = memory.read(command.address, command.size);
        this.#expects = 'acknowledgement';
        return status.ok;
      }
      default:
        return status.unknown;
    }
  }

  #leave(delayMs: number): number {
    this.#answer = noBytes;
    this.#leavesAt = this.#clock.now() + delayMs;
    return status.ok;
  }

  #erase({ address, size }: Command): number {
    if (address % 4096 !== 0 || size % 4096 !== 0) return status.alignment;
    if (!this.flash.has(address, size)) return status.address;
    if (this.locked) return status.denied;
    this.flash.erase(address, size);
    this.#readyAt = this.#clock.now() + (size / 4096) * flashTimes.eraseSector;
    this.#answer = noBytes;
    return status.ok;
  }

  #write({ address, size, transfer }: Command): number {
    const memory = this.#memory(address, size);
    if (memory === undefined) return status.address;
    if (transfer !== size) return status.length;
    if (memory.flash && address % 256 !== 0) return status.alignment;
    if (memory.flash && this.locked) return status.denied;
    this.#expects = 'data';
    return status.ok;
  }

  #take(packet: Bytes): number {
    const command = this.#command;
    if (command === undefined) return status.unknown;
    const address = command.address + command.done;
    const memory = this.#memory(address, packet.length);
    if (memory === undefined) return status.length;
    const worn = packet.map((value, index) => (address + index === this.wornAt ? value ^ 1 : value));
    memory.write(address, worn);
    command.done += packet.length;
    const ended = command.done >= command.size;
    if (memory.flash && (ended || command.done % 256 === 0)) {
      this.#readyAt = this.#clock.now() + flashTimes.programPage;
    }
    if (ended) {
      this.#expects = 'command';
      this.#answer = noBytes;
    }
    return status.ok;
  }
}
