import { ReadableStream, type ReadableStreamDefaultController, WritableStream } from 'node:stream/web';
import type { WebSerialPort } from '../flash/esp-port.ts';
import type { Bytes } from '../usb/device.ts';
import { Memory } from './memory.ts';

const [end, escape, escapedEnd, escapedEscape] = [0xc0, 0xdb, 0xdc, 0xdd];
/** One byte with its start and stop bit at 115,200 baud, ms. */
export const byteMs = 10_000 / 115_200;
/** `IMAGE_CHIP_ID` of the ESP32-C3, in its answer about security. */
export const c3 = 5;

/**
 * The boot loader in the ROM of an ESP32-C3 on a serial line: SLIP packets and commands of Espressif's documentation of the
 * serial protocol (esptool 4, "Serial Protocol"). Time is that of the timers, which a test may own.
 */
export class EspModel implements WebSerialPort {
  readonly ram = new Memory('RAM', 0x3fc80000, 320 << 10);
  readonly chip: number;
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  lost = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #downloading = false;
  #lines = { dtr: false, rts: false };
  #incoming: number[] = [];
  #load: { at: number; next: number } | undefined;
  /** Where the program was started. */
  started: number | undefined;
  /** Packets that have come in, and the one at which the cable is pulled. */
  packets = 0;
  pullAt = Infinity;
  /** The packet that is not answered. */
  muteAt = Infinity;
  wornAt: number | undefined;

  constructor(chip = c3) {
    this.chip = chip;
  }

  /** Plugged in anew; nobody pulls any more. */
  powerUp(): void {
    this.ram.powerUp();
    [this.lost, this.#downloading, this.started, this.#load] = [false, false, undefined, undefined];
    [this.packets, this.pullAt, this.muteAt] = [0, Infinity, Infinity];
  }

  getInfo(): { readonly usbVendorId: number; readonly usbProductId: number } {
    return { usbVendorId: 0x10c4, usbProductId: 0xea60 };
  }

  open(): Promise<void> {
    if (this.lost) return Promise.reject(new Error('No such file or directory'));
    this.#incoming = [];
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      cancel: () => void (this.#controller = undefined),
    });
    this.writable = new WritableStream<Uint8Array>({ write: (chunk) => this.#receive(chunk) });
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#controller?.close();
    [this.readable, this.writable, this.#controller] = [null, null, undefined];
    return Promise.resolve();
  }

  /** The two transistors of a board: RTS alone holds the chip in reset, and DTR when that ends asks for the boot loader. */
  setSignals(signals: Parameters<WebSerialPort['setSignals']>[0]): Promise<void> {
    const before = this.#lines;
    const { dataTerminalReady: dtr = before.dtr, requestToSend: rts = before.rts } = signals;
    this.#lines = { dtr, rts };
    if (before.rts && !before.dtr && !rts) [this.#downloading, this.#load] = [dtr, undefined];
    return Promise.resolve();
  }

  async #receive(chunk: Uint8Array): Promise<void> {
    // As the port of the system, it takes what it can send to nobody.
    if (this.lost) return;
    await new Promise((resolve) => setTimeout(resolve, chunk.length * byteMs));
    for (const byte of chunk) {
      if (byte !== end) this.#incoming.push(byte);
      else if (this.#incoming.length > 0) this.#packet(new Uint8Array(unescape(this.#incoming.splice(0))));
    }
  }

  #packet(packet: Bytes): void {
    if (!this.#downloading) return;
    const index = this.packets++;
    if (index === this.pullAt) this.#pull();
    else if (index !== this.muteAt) this.#command(packet);
  }

  #pull(): void {
    this.lost = true;
    this.#controller?.close();
    this.#controller = undefined;
  }

  #command(packet: Bytes): void {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    const command = view.getUint8(1);
    const argument = (index: number) => view.getUint32(8 + 4 * index, true);
    switch (command) {
      case 0x08:
        for (let times = 0; times < 8; times++) this.#answer(command, 0x20120707);
        return;
      case 0x14: {
        const data = new Uint8Array(20);
        data[12] = this.chip;
        this.#answer(command, 0, data);
        return;
      }
      case 0x0a:
        this.#answer(command, this.#word(argument(0)));
        return;
      case 0x05:
        this.#load = { at: argument(3), next: 0 };
        this.#answer(command, 0, undefined, this.ram.has(argument(3), argument(0)) ? 0 : 1);
        return;
      case 0x07: {
        const data = packet.slice(24);
        const fits = data.reduce((sum, byte) => sum ^ byte, 0xef) === view.getUint32(4, true);
        const load = this.#load;
        if (load === undefined || load.next !== argument(1) || !fits) {
          this.#answer(command, 0, undefined, 1);
          return;
        }
        const at = load.at;
        this.ram.write(
          at,
          data.map((byte, index) => (at + index === this.wornAt ? byte ^ 1 : byte)),
        );
        this.#load = { at: at + data.length, next: load.next + 1 };
        this.#answer(command, 0);
        return;
      }
      case 0x06:
        this.started = argument(1);
        this.#answer(command, 0);
        this.#downloading = false;
        return;
      default:
        this.#answer(command, 0, undefined, 1);
    }
  }

  #word(address: number): number {
    if (this.ram.has(address, 4)) return new DataView(this.ram.read(address, 4).buffer).getUint32(0, true);
    // By which chips are told that do not answer about security, `CHIP_DETECT_MAGIC_VALUE` of esptool.
    return address === 0x40001000 ? 0x6921506f : 0;
  }

  #answer(command: number, value: number, data: Bytes = new Uint8Array(0), failed = 0): void {
    const answer = new DataView(new ArrayBuffer(8));
    answer.setUint8(0, 1);
    answer.setUint8(1, command);
    answer.setUint16(2, data.length + 4, true);
    answer.setUint32(4, value, true);
    // The status of a ROM has four bytes; the second is why.
    const bytes = [...new Uint8Array(answer.buffer), ...data, failed, failed === 0 ? 0 : 6, 0, 0];
    const slip = bytes.flatMap((byte) =>
      byte === end ? [escape, escapedEnd] : byte === escape ? [escape, escapedEscape] : [byte],
    );
    const controller = this.#controller;
    setTimeout(() => {
      if (this.#controller === controller) controller?.enqueue(Uint8Array.of(end, ...slip, end));
    }, slip.length * byteMs);
  }
}

function unescape(bytes: readonly number[]): number[] {
  const plain: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== escape) plain.push(byte);
    else plain.push(bytes[++at] === escapedEnd ? end : escape);
  }
  return plain;
}
