import type { Duplex } from 'node:stream';
import { systemClock, type Bytes, type Clock } from '../usb/device.ts';
import { BoardError, boardError, type BareFault, type Cures } from '../usb/fault.ts';
import type { UsbLink } from '../usb/link.ts';

/** Bytes to a probe and from it, whatever carries them. */
export interface Wire {
  readonly clock: Clock;
  send(place: string, bytes: Bytes): Promise<void>;
  /** What comes next, at least a byte; nothing when none came in time. */
  receive(place: string, timeoutMs: number): Promise<Uint8Array>;
  fault(bare: BareFault): BoardError;
  close(): Promise<void>;
}

const nothing = new Uint8Array(0);

/** Bulk endpoints of the probe's interface. */
export class UsbWire implements Wire {
  readonly #link: UsbLink;
  readonly #in: number;
  readonly #out: number;

  constructor(link: UsbLink, endpoints: { readonly in: number; readonly out: number }) {
    this.#link = link;
    this.#in = endpoints.in;
    this.#out = endpoints.out;
  }

  get clock(): Clock {
    return this.#link.clock;
  }

  send(place: string, bytes: Bytes): Promise<void> {
    return this.#link.bulkOut(place, this.#out, bytes);
  }

  async receive(place: string, timeoutMs: number): Promise<Uint8Array> {
    try {
      return await this.#link.bulkIn(place, this.#in, 2048, timeoutMs);
    } catch (error) {
      if (error instanceof BoardError && error.fault.kind === 'timed out') return nothing;
      throw error;
    }
  }

  fault(bare: BareFault): BoardError {
    return this.#link.fault(bare);
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** A serial line, or what stands for one. */
export class StreamWire implements Wire {
  readonly clock = systemClock;
  readonly #stream: Duplex;
  readonly #cures: Cures;
  readonly #come: Uint8Array[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(stream: Duplex, cures: Cures = {}) {
    this.#stream = stream;
    this.#cures = cures;
    stream.on('data', (bytes: Uint8Array) => {
      this.#come.push(bytes);
      this.#wake();
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    stream.on('close', end).on('end', end).on('error', end);
  }

  async send(place: string, bytes: Bytes): Promise<void> {
    if (this.#ended) throw this.fault({ kind: 'unplugged', place });
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(bytes, (error) => {
        if (error) reject(this.fault({ kind: 'unplugged', place }));
        else resolve();
      });
    });
  }

  async receive(place: string, timeoutMs: number): Promise<Uint8Array> {
    if (this.#come.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = () => undefined;
    }
    const bytes = this.#come.shift();
    if (bytes === undefined && this.#ended) throw this.fault({ kind: 'unplugged', place });
    return bytes ?? nothing;
  }

  fault(bare: BareFault): BoardError {
    return boardError(bare, this.#cures);
  }

  close(): Promise<void> {
    this.#stream.destroy();
    return Promise.resolve();
  }
}
