import type { Bytes } from '../usb/device.ts';
import type { BusClock } from '../virtual/bus-clock.ts';
import type { DeviceModel, Identity, Request } from '../virtual/model.ts';
import { Memory } from './memory.ts';

/** Typical times in ms: STM32F745 data sheet (DS10916), flash characteristics, of 32 bits at once. */
export const dfuTimes: Readonly<Record<number, number>> = { 32: 250, 128: 1000, 256: 2000 };
const wordMs = 0.016;
/** What the boot loader asks the host to wait for a block: longer than it takes. */
export const blockWaitMs = 10;
export const blockBytes = 2048;

const state = { idle: 2, sync: 3, busy: 4, downloadIdle: 5, manifest: 7, uploadIdle: 9, error: 10 };
const pagesKb = [32, 32, 32, 32, 128, 256, 256, 256];

const alternate = (alternateSetting: number, interfaceName: string) => ({
  alternateSetting,
  interfaceClass: 0xfe,
  interfaceSubclass: 1,
  interfaceProtocol: 2,
  interfaceName,
  endpoints: [],
});

/** Configuration and interface (their bodies do not matter here), then the functional descriptor with 2048 bytes a block. */
const descriptors = [
  9, 2, 27, 0, 1, 1, 0, 0xc0, 50, 9, 4, 0, 0, 0, 0xfe, 1, 2, 4, 9, 0x21, 0x0b, 0xff, 0, 0, 8, 0x1a, 1,
];

/** The boot loader of an STM32F746: AN3156 over the states of USB DFU 1.1. It is strict: a host that asks too early gets an error. */
export class DfuseModel implements DeviceModel {
  readonly identity: Identity = {
    vendorId: 0x0483,
    productId: 0xdf11,
    manufacturerName: 'STMicroelectronics',
    productName: 'STM32  BOOTLOADER',
    serialNumber: '357236543131',
    configuration: {
      configurationValue: 1,
      interfaces: [
        {
          interfaceNumber: 0,
          alternates: [
            alternate(0, '@Option Bytes  /0x1FFF0000/01*032 e'),
            alternate(1, '@Internal Flash  /0x08000000/04*032Kg,01*128Kg,03*256Kg'),
          ],
        },
      ],
    },
  };
  readonly flash = new Memory('flash', 0x08000000, 1 << 20);
  readonly #clock: BusClock;
  #alternate = 0;
  #state = state.idle;
  #code = 0;
  #pointer = 0x08000000;
  /** What the next GETSTATUS carries out; gives how long it takes. */
  #pending: (() => number) | undefined;
  #readyAt = 0;
  #leavesAt = Infinity;
  /** Read protection of level 1. */
  protected = false;
  started: number | undefined;

  constructor(clock: BusClock) {
    this.#clock = clock;
  }

  get gone(): boolean {
    return this.#clock.now() >= this.#leavesAt;
  }

  powerUp(): void {
    this.#state = state.idle;
    this.#code = 0;
    this.#pending = undefined;
    this.#readyAt = 0;
    this.#leavesAt = Infinity;
  }

  selectAlternate(_interface: number, setting: number): void {
    this.#alternate = setting;
  }

  clearHalt(): void {
    // It has no endpoints but that for control.
  }

  bulkOut(): 'stall' {
    return 'stall';
  }

  bulkIn(): 'stall' {
    return 'stall';
  }

  control(request: Request, data: Bytes): Bytes | 'nak' | 'stall' {
    if (request.requestType === 'standard') {
      return request.request === 6 && request.value === 0x200 ? new Uint8Array(descriptors) : 'stall';
    }
    const early = this.#clock.now() < this.#readyAt;
    switch (request.request) {
      case 1:
        return this.#download(request.value, data);
      case 2:
        return this.#upload(request.value, request.length);
      case 3:
        if (early && this.#state === state.busy) this.#fail(14);
        return this.#status();
      case 4:
        if (this.#state === state.error) this.#state = state.idle;
        this.#code = 0;
        return new Uint8Array(0);
      case 6:
        this.#state = state.idle;
        return new Uint8Array(0);
      default:
        return 'stall';
    }
  }

  #fail(code: number): 'stall' {
    this.#code = code;
    this.#state = state.error;
    this.#pending = undefined;
    return 'stall';
  }

  #download(block: number, data: Bytes): Bytes | 'stall' {
    if (this.#state !== state.idle && this.#state !== state.downloadIdle) return this.#fail(15);
    if (this.protected) return this.#fail(11);
    const address = data.length < 5 ? 0 : new DataView(data.buffer, data.byteOffset).getUint32(1, true);
    const command = block === 0 ? data[0] : undefined;
    if (data.length === 0) {
      this.#pending = () => {
        this.#state = state.manifest;
        this.started = this.#pointer;
        return 0;
      };
    } else if (command === 0x21 && data.length === 5) {
      if (!this.flash.has(address, 1)) return this.#fail(1);
      this.#pending = () => {
        this.#pointer = address;
        return 0;
      };
    } else if (command === 0x41 && data.length === 5) {
      const page = this.#pageOf(address);
      if (page === undefined) return this.#fail(1);
      this.#pending = () => {
        this.flash.erase(page.address, page.kb << 10);
        return dfuTimes[page.kb] ?? 0;
      };
    } else if (block >= 2 && data.length <= blockBytes && this.#alternate === 1) {
      const at = this.#pointer + (block - 2) * blockBytes;
      if (!this.flash.has(at, data.length)) return this.#fail(8);
      this.#pending = () => {
        this.flash.write(at, data);
        return Math.max(blockWaitMs, (data.length / 4) * wordMs);
      };
    } else return this.#fail(15);
    this.#state = state.sync;
    return new Uint8Array(0);
  }

  #pageOf(address: number): { address: number; kb: number } | undefined {
    let start = this.flash.start;
    for (const kb of pagesKb) {
      if (address >= start && address < start + (kb << 10)) return { address: start, kb };
      start += kb << 10;
    }
    return undefined;
  }

  #upload(block: number, length: number): Bytes | 'stall' {
    if (this.#state !== state.idle && this.#state !== state.uploadIdle) return this.#fail(15);
    if (this.protected) return this.#fail(11);
    const at = this.#pointer + (block - 2) * blockBytes;
    if (block < 2 || !this.flash.has(at, length)) return this.#fail(8);
    this.#state = state.uploadIdle;
    return this.flash.read(at, length);
  }

  #status(): Bytes {
    let wait = 0;
    if (this.#pending !== undefined) {
      const work = this.#pending;
      this.#pending = undefined;
      this.#state = state.busy;
      wait = Math.ceil(work());
      this.#readyAt = this.#clock.now() + wait;
    } else if (this.#state === state.busy) this.#state = state.downloadIdle;
    const answer = new Uint8Array([this.#code, wait & 0xff, (wait >> 8) & 0xff, wait >> 16, this.#state, 0]);
    if (this.#state === state.manifest) this.#leavesAt = this.#clock.now() + 1;
    return answer;
  }
}
