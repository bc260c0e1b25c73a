import type { Drive } from '../flash/drive.ts';
import type { Bytes } from '../usb/device.ts';
import type { BusClock } from '../virtual/bus-clock.ts';
import { Memory } from './memory.ts';
import { flashTimes } from './picoboot-model.ts';

/** Time from the last block to the restart, ms, and packets of a block of mass storage beside its 512 bytes. */
export const [restartMs, framingPackets] = [1000, 2];

/** The drive of an RP2040: takes blocks of its family in any order, and restarts the board when it has them all. */
export class Uf2Model implements Drive {
  readonly place = '/media/you/RPI-RP2';
  readonly flash = new Memory('flash', 0x10000000, 2 << 20);
  readonly ram = new Memory('RAM', 0x20000000, 264 << 10);
  readonly #clock: BusClock;
  readonly #erased = new Set<number>();
  readonly #blocks = new Set<number>();
  #attached = true;
  #leavesAt = Infinity;
  started: number | undefined;
  /** Blocks since it was plugged in after which the cable is pulled. */
  pullAfter = Infinity;
  /** Refuses files, as a full or broken drive does. */
  full = false;

  constructor(clock: BusClock) {
    this.#clock = clock;
  }

  get #there(): boolean {
    return this.#attached && this.#clock.now() < this.#leavesAt;
  }

  powerUp(): void {
    this.#attached = true;
    this.#leavesAt = Infinity;
    this.#blocks.clear();
    this.#erased.clear();
    this.ram.powerUp();
    this.pullAfter = Infinity;
  }

  info(): Promise<string | undefined> {
    const text = 'UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n';
    return Promise.resolve(this.#there ? text : undefined);
  }

  async write(_name: string, bytes: Bytes): Promise<void> {
    await Promise.resolve();
    if (this.full) throw new Error('ENOSPC: no space left on device, write');
    for (let at = 0, count = 0; at < bytes.length; at += 512, count++) {
      if (count >= this.pullAfter) this.#attached = false;
      if (!this.#there) throw new Error('EIO: i/o error, write');
      this.#take(new DataView(bytes.buffer, bytes.byteOffset + at, 512));
    }
    if (this.pullAfter === bytes.length / 512) this.#attached = false;
    if (!this.#there) throw new Error('ENODEV: no such device, fsync');
  }

  #take(block: DataView<ArrayBuffer>): void {
    for (let packet = 0; packet < 8 + framingPackets; packet++) this.#clock.packet();
    const field = (offset: number) => block.getUint32(offset, true);
    const magic = field(0) === 0x0a324655 && field(4) === 0x9e5d5157 && field(508) === 0x0ab16f30;
    if (!magic || (field(8) & 0x2000) === 0 || field(28) !== 0xe48bff56) return;
    const [address, size, index, total] = [field(12), field(16), field(20), field(24)];
    const memory = [this.flash, this.ram].find((one) => one.has(address, size));
    if (memory === undefined || size !== 256 || address % 256 !== 0) return;
    if (memory.flash) this.#erase(address - (address % 4096));
    memory.write(
      address,
      new Uint8Array(block.buffer.slice(block.byteOffset + 32, block.byteOffset + 32 + size)),
    );
    this.#blocks.add(index);
    if (this.#blocks.size === total) {
      this.started = memory.start;
      this.#leavesAt = this.#clock.now() + restartMs;
    }
  }

  #erase(sector: number): void {
    if (!this.#erased.has(sector)) {
      this.#erased.add(sector);
      this.flash.erase(sector, 4096);
      void this.#clock.sleep(flashTimes.eraseSector);
    }
    void this.#clock.sleep(flashTimes.programPage);
  }
}
