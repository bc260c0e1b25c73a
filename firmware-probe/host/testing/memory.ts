import type { Bytes } from '../usb/device.ts';

/** Memory of a modelled chip. Flash forgets ones only by erasing: programming it twice gives what both leave. */
export class Memory {
  readonly start: number;
  readonly bytes: Bytes;
  readonly #kind: 'RAM' | 'flash';

  constructor(kind: 'RAM' | 'flash', start: number, length: number) {
    this.#kind = kind;
    this.start = start;
    this.bytes = new Uint8Array(length).fill(kind === 'flash' ? 0xff : 0);
  }

  get flash(): boolean {
    return this.#kind === 'flash';
  }

  has(address: number, length: number): boolean {
    return address >= this.start && address + length <= this.start + this.bytes.length;
  }

  read(address: number, length: number): Bytes {
    return this.bytes.slice(address - this.start, address - this.start + length);
  }

  write(address: number, data: Bytes): void {
    for (const [index, value] of data.entries()) {
      const at = address - this.start + index;
      this.bytes[at] = this.flash ? value & (this.bytes[at] ?? 0) : value;
    }
  }

  erase(address: number, length: number): void {
    this.bytes.fill(0xff, address - this.start, address - this.start + length);
  }

  /** RAM holds nothing that anybody knows after a power cycle. */
  powerUp(): void {
    if (!this.flash) this.bytes.fill(0xa5);
  }
}
