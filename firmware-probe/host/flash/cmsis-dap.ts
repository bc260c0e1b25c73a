import dapjs from 'dapjs';
import type { Bytes, Clock, Interface, UsbDevice } from '../usb/device.ts';
import { asBoardError, boardError, type Cures } from '../usb/fault.ts';
import { repeat, UsbLink } from '../usb/link.ts';
import type { MemoryAccess } from './memory-access.ts';

const packetBytes = 64;
/** Answers come at once, but DAPLink's to a page of flash, ms. */
const answerMs = 3000;
/** Longest that connecting may take: `dapjs` itself asks for ever whether the chip has power, ms. */
const connectMs = 5000;
const swdHz = 4_000_000;
/** The address of an access port counts up within 1 KB only, ADIv5 section C2.2.2. */
const stepBytes = 1024;

export const cures: Cures = {
  unplugged: 'Plug the debug probe in again, and start over.',
  unexpected: 'Check the wires between the debug probe and the board, and its power; then start over.',
  'timed out': 'Check the wires between the debug probe and the board, and its power; then start over.',
};

const isCmsisDap = ({ alternates: [first] }: Interface): boolean =>
  first?.interfaceClass === 0xff &&
  first.endpoints.length >= 2 &&
  /^(?:$|.*CMSIS-DAP)/.test(first.interfaceName ?? '');

/** What `dapjs` wants of a transport: a packet out, a packet in. */
class Packets {
  readonly packetSize = packetBytes;
  readonly #link: UsbLink;
  readonly #out: number;
  readonly #in: number;
  #first: unknown;
  #asked = 0;
  place = '';
  /** Of the clock, after which nothing is sent any more. */
  deadline = Infinity;

  constructor(link: UsbLink, chosen: Interface) {
    const endpoint = (direction: 'in' | 'out') =>
      chosen.alternates[0]?.endpoints.find((one) => one.direction === direction)?.endpointNumber ?? 0;
    this.#link = link;
    [this.#out, this.#in] = [endpoint('out'), endpoint('in')];
  }

  // The link is open already, and is closed by whoever opened it.
  open = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();

  async write(data: ArrayBuffer | ArrayBufferView): Promise<void> {
    const bytes = new Uint8Array((data instanceof ArrayBuffer ? data : data.buffer) as ArrayBuffer);
    await this.#kept(async () => {
      if (this.#link.clock.now() > this.deadline) {
        throw boardError({ kind: 'timed out', place: this.place, afterMs: connectMs }, cures);
      }
      // Connecting takes some 20 packets; beyond that `dapjs` asks for the chip's power without a pause.
      if (this.deadline < Infinity && ++this.#asked > 40) await this.#link.clock.sleep(10);
      await this.#link.bulkOut(this.place, this.#out, bytes.subarray(0, packetBytes), answerMs);
    });
  }

  async read(): Promise<DataView> {
    const packet = await this.#kept(() => this.#link.bulkIn(this.place, this.#in, packetBytes, answerMs));
    return new DataView(packet.slice().buffer);
  }

  async #kept<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#first ??= error;
      throw error;
    }
  }

  /**
   * Does something at a place. After an error `dapjs` goes on talking to the probe, and what it throws in the end is what that
   * came to; the error is the first one.
   */
  async during<T>(place: string, work: () => Promise<T>): Promise<T> {
    this.place = place;
    this.#first = undefined;
    this.#asked = 0;
    try {
      return await work();
    } catch (error) {
      throw asBoardError(this.#first ?? error, place, cures, answerMs);
    }
  }

  drain(): Promise<void> {
    return this.#link.drain(this.place, this.#in);
  }
}

/**
 * Memory behind a CMSIS-DAP v2 probe, through `dapjs`, of which nothing is used that waits by itself: `CortexM.halt` and its
 * like throw from a timer, which nobody can catch.
 */
export class CmsisDapAccess implements MemoryAccess {
  readonly stepBytes = stepBytes;
  readonly clock: Clock;
  readonly #link: UsbLink;
  readonly #packets: Packets;
  #probe: InstanceType<typeof dapjs.DAPLink>;
  #port: InstanceType<typeof dapjs.ADI>;

  private constructor(link: UsbLink, packets: Packets) {
    this.#link = link;
    this.#packets = packets;
    this.clock = link.clock;
    this.#probe = new dapjs.DAPLink(packets, undefined, swdHz);
    this.#port = new dapjs.ADI(this.#probe);
  }

  static async open(device: UsbDevice, clock: Clock): Promise<CmsisDapAccess> {
    const { link, chosen } = await UsbLink.open(device, isCmsisDap, cures, clock);
    const access = new CmsisDapAccess(link, new Packets(link, chosen));
    try {
      await access.#again();
      return access;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    try {
      await this.#packets.during('letting go of the chip', () => this.#port.disconnect());
    } finally {
      await this.#link.close();
    }
  }

  async read(place: string, address: number, bytes: number): Promise<Bytes> {
    const words = await this.#guarded(place, () => this.#port.readBlock(address, bytes / 4));
    return new Uint8Array(words.buffer as ArrayBuffer, words.byteOffset, bytes);
  }

  async write(place: string, address: number, data: Bytes): Promise<void> {
    const words = new Uint32Array(data.slice().buffer);
    await this.#guarded(place, () => this.#port.writeBlock(address, words));
  }

  /** By the commands of DAPLink. */
  async programFlash(data: Bytes, done: (bytes: number) => void): Promise<void> {
    const report = (share: number) => done(Math.round(share * data.length));
    this.#probe.on('progress', report);
    await this.#packets.during('writing the flash', () => this.#probe.flash(data.slice().buffer));
    // With its own target gone through a reset, the probe has to be connected anew.
    await this.#again();
  }

  /** From the start: `dapjs` remembers registers that the probe may have forgotten. */
  async #again(): Promise<void> {
    await this.#packets.during('connecting to the chip', async () => {
      await this.#packets.drain();
      this.#probe = new dapjs.DAPLink(this.#packets, undefined, swdHz);
      this.#port = new dapjs.ADI(this.#probe);
      this.#packets.deadline = this.clock.now() + connectMs;
      await this.#port.connect();
      this.#packets.deadline = Infinity;
    });
  }

  #guarded<T>(place: string, work: () => Promise<T>): Promise<T> {
    const once = () => this.#packets.during(place, work);
    return repeat(once, () => this.#again());
  }
}
