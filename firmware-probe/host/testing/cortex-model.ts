import type { Bytes } from '../usb/device.ts';
import { Memory } from './memory.ts';

/** A Cortex-M chip as a debug probe sees it: memories, an identity, and the debug registers of its core. */
export class CortexModel {
  readonly ram = new Memory('RAM', 0x20000000, 128 << 10);
  readonly flash: Memory;
  readonly #identity: { readonly address: number; readonly value: number };
  #debug = false;
  #halted = false;
  #catchReset = false;
  #transfer = 0;
  readonly core = new Map<number, number>();
  vectors = 0;
  /** Where it was let go by the debugger, or `flash` when it runs its own program. */
  running: number | 'flash' | undefined = 'flash';

  constructor(flashAt: number, identity: { readonly address: number; readonly value: number }) {
    this.flash = new Memory('flash', flashAt, 256 << 10);
    this.#identity = identity;
  }

  powerUp(): void {
    this.ram.powerUp();
    [this.#debug, this.#halted, this.#catchReset] = [false, false, false];
    this.#reset();
  }

  #reset(): void {
    this.core.clear();
    this.vectors = 0;
    this.#halted = this.#debug && this.#catchReset;
    this.running = this.#halted ? undefined : 'flash';
  }

  /** `undefined` where the bus answers with an error. */
  read(address: number): number | undefined {
    const memory = this.#memory(address);
    if (memory !== undefined) {
      return new DataView(memory.read(address, 4).buffer).getUint32(0, true);
    }
    switch (address) {
      case this.#identity.address:
        return this.#identity.value;
      case 0xe000edf0:
        return (1 << 16) | (this.#halted ? 1 << 17 : 0) | (this.#debug ? 1 : 0);
      case 0xe000edf8:
        return this.#transfer;
      default:
        return undefined;
    }
  }

  write(address: number, value: number): boolean {
    const memory = this.#memory(address);
    if (memory !== undefined) {
      if (memory.flash) return false;
      memory.write(address, wordBytes(value));
      return true;
    }
    switch (address) {
      case 0xe000ed08:
        this.vectors = value >>> 0;
        return true;
      case 0xe000ed0c:
        if (value >>> 16 === 0x05fa && (value & 4) !== 0) this.#reset();
        return true;
      case 0xe000edf0:
        if (value >>> 16 === 0xa05f) this.#control(value);
        return true;
      case 0xe000edf4:
        if ((value & (1 << 16)) !== 0) this.core.set(value & 0x7f, this.#transfer);
        return true;
      case 0xe000edf8:
        this.#transfer = value >>> 0;
        return true;
      case 0xe000edfc:
        this.#catchReset = (value & 1) !== 0;
        return true;
      default:
        return false;
    }
  }

  #control(value: number): void {
    this.#debug = (value & 1) !== 0;
    const halt = this.#debug && (value & 2) !== 0;
    if (this.#halted && !halt) this.running = this.core.get(15) ?? 'flash';
    if (halt) this.running = undefined;
    this.#halted = halt;
  }

  #memory(address: number): Memory | undefined {
    return [this.ram, this.flash].find((memory) => memory.has(address, 4));
  }
}

export function wordBytes(value: number): Bytes {
  const data = new DataView(new ArrayBuffer(4));
  data.setUint32(0, value, true);
  return new Uint8Array(data.buffer);
}
