import type {
  Bytes,
  Configuration,
  Direction,
  InResult,
  OutResult,
  Setup,
  UsbDevice,
} from '../usb/device.ts';
import { type BusClock, packetsPerFrame } from './bus-clock.ts';
import type { DeviceModel } from './model.ts';

/** What goes wrong at one transfer; transfers count from 0 since the device was plugged in. */
export interface Mishap {
  readonly transfer: number;
  /** `silence`: the device neither takes nor gives anything; `stall`: it halts the endpoint. */
  readonly kind: 'unplug' | 'stall' | 'silence';
  /** Packets of the transfer that pass before, 0 when absent; after the last, the host does not hear that it passed. */
  readonly afterPackets?: number;
}

const packetSize = 64;

/** What Rust's side of `usb` throws has this code, whatever happened. */
class NativeError extends Error {
  readonly code = 'GenericFailure';
}

/**
 * A device model behind the interface of `usb` 3.1.0, with its manners where they leave the W3C's: a stall, a time-out and an
 * unplugged device are thrown; a transfer without a time-out has 1000 ms; `controlTransferOut` wants data even where there
 * are none; bulk and control transfers tell the same in different words; a second transfer of a busy endpoint is refused; a
 * configuration cannot be selected while an interface is claimed; what is asked for is rounded up to whole packets. (Seen
 * with `usb` 3.1.0 on Linux 6.1; the words of control transfers are those of its source.)
 */
export class VirtualUsbDevice implements UsbDevice {
  readonly #model: DeviceModel;
  readonly #clock: BusClock;
  readonly #mishaps: readonly Mishap[];
  readonly #claimed = new Set<number>();
  readonly #busy = new Set<string>();
  #attached = true;
  #permitted = true;
  /** Control requests, bulk transfers and cleared halts since it was plugged in. */
  transfers = 0;
  /** Whether a mishap came about: a transfer may end before. */
  happened = false;
  opened = false;

  constructor(model: DeviceModel, clock: BusClock, mishaps: readonly Mishap[] = []) {
    this.#model = model;
    this.#clock = clock;
    this.#mishaps = mishaps;
  }

  get vendorId(): number {
    return this.#model.identity.vendorId;
  }

  get productId(): number {
    return this.#model.identity.productId;
  }

  get manufacturerName(): string {
    return this.#model.identity.manufacturerName;
  }

  get productName(): string {
    return this.#model.identity.productName;
  }

  get serialNumber(): string {
    return this.#model.identity.serialNumber;
  }

  get configuration(): Configuration {
    return this.#model.identity.configuration;
  }

  get attached(): boolean {
    return this.#attached && !this.#model.gone;
  }

  unplug(): void {
    this.#attached = false;
  }

  /** From now on the system refuses to open it. */
  forbid(): void {
    this.#permitted = false;
  }

  async open(): Promise<void> {
    await Promise.resolve();
    if (!this.attached) throw new NativeError('open error: device disconnected (errno 19)');
    if (!this.#permitted) throw new NativeError('open error: permission denied (errno 13)');
    this.opened = true;
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.opened = false;
    this.#claimed.clear();
  }

  async selectConfiguration(): Promise<void> {
    await this.#usable('selectConfiguration');
    if (this.#claimed.size > 0) {
      throw new NativeError('selectConfiguration error: device is busy (errno 16)');
    }
  }

  async claimInterface(interfaceNumber: number): Promise<void> {
    await this.#usable('claimInterface');
    if (this.#claimed.has(interfaceNumber)) {
      throw new NativeError('claimInterface error: interface is busy (errno 16)');
    }
    this.#claimed.add(interfaceNumber);
  }

  async releaseInterface(interfaceNumber: number): Promise<void> {
    await this.#usable('releaseInterface');
    if (!this.#claimed.delete(interfaceNumber)) throw new NativeError('releaseInterface error: not claimed');
  }

  async selectAlternateInterface(interfaceNumber: number, alternate: number): Promise<void> {
    await this.#once('selectAlternateInterface', 'control', 1000, () => {
      this.#model.selectAlternate(interfaceNumber, alternate);
      return new Uint8Array(0);
    });
  }

  async clearHalt(direction: Direction, endpoint: number): Promise<void> {
    await this.#once('clearHalt', `${direction} ${endpoint}`, 1000, () => {
      this.#model.clearHalt(direction, endpoint);
      return new Uint8Array(0);
    });
  }

  async reset(): Promise<void> {
    await this.#usable('reset');
    this.#claimed.clear();
    this.#model.powerUp();
  }

  async controlTransferIn(setup: Setup, length: number, timeoutMs = 1000): Promise<InResult> {
    const nothing = new Uint8Array(0);
    const data = await this.#once('controlTransferIn', 'control', timeoutMs, () =>
      this.#model.control({ ...setup, direction: 'in', length }, nothing),
    );
    return { status: 'ok', data: viewOf(data.subarray(0, length)) };
  }

  async controlTransferOut(setup: Setup, data: Bytes, timeoutMs = 1000): Promise<OutResult> {
    const copy = new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
    this.#pass(copy.length);
    await this.#once('controlTransferOut', 'control', timeoutMs, () =>
      this.#model.control({ ...setup, direction: 'out', length: copy.length }, copy),
    );
    return { status: 'ok', bytesWritten: copy.length };
  }

  async transferIn(endpoint: number, length: number, timeoutMs = 1000): Promise<InResult> {
    const whole = Math.ceil(length / packetSize) * packetSize;
    const data = new Uint8Array(whole);
    let filled = 0;
    await this.#transfer('transferIn', `in ${endpoint}`, timeoutMs, () => {
      const packet = this.#model.bulkIn(endpoint, packetSize);
      if (typeof packet === 'string') return packet;
      data.set(packet, filled);
      filled += packet.length;
      return packet.length < packetSize || filled === whole ? 'end' : 'more';
    });
    return { status: 'ok', data: viewOf(data.slice(0, filled)) };
  }

  async transferOut(endpoint: number, data: Bytes, timeoutMs = 1000): Promise<OutResult> {
    const copy = data.slice();
    let taken = 0;
    await this.#transfer('transferOut', `out ${endpoint}`, timeoutMs, () => {
      const packet = copy.slice(taken, taken + packetSize);
      const answer = this.#model.bulkOut(endpoint, packet);
      if (answer !== 'ack') return answer;
      taken += packet.length;
      return taken === copy.length ? 'end' : 'more';
    });
    return { status: 'ok', bytesWritten: taken };
  }

  /** A control request: a packet each for setup and status, and those of its data. */
  async #once(
    name: string,
    queue: string,
    timeoutMs: number,
    work: () => Bytes | 'nak' | 'stall',
  ): Promise<Bytes> {
    let data: Bytes = new Uint8Array(0);
    this.#pass(1);
    await this.#transfer(name, queue, timeoutMs, () => {
      const answer = work();
      if (typeof answer === 'string') return answer;
      data = answer;
      this.#pass(data.length);
      return 'end';
    });
    return data;
  }

  /** Packets of so many bytes. */
  #pass(bytes: number): void {
    for (let passed = 0; passed < bytes; passed += packetSize) this.#clock.packet();
  }

  async #transfer(
    name: string,
    queue: string,
    timeoutMs: number,
    packet: () => 'nak' | 'stall' | 'more' | 'end',
  ): Promise<void> {
    await this.#usable(name);
    if (this.#busy.has(queue)) throw new NativeError(`${name} error: endpoint not found`);
    this.#busy.add(queue);
    try {
      await this.#run(name, timeoutMs, packet);
    } finally {
      this.#busy.delete(queue);
    }
  }

  async #run(name: string, timeoutMs: number, packet: () => 'nak' | 'stall' | 'more' | 'end'): Promise<void> {
    const index = this.transfers++;
    const mishap = this.#mishaps.find(({ transfer }) => transfer === index);
    const start = this.#clock.now();
    let passed = 0;
    let ended = false;
    for (let tokens = 1; ; tokens++) {
      // Other transfers have their turn in every frame.
      if (tokens % packetsPerFrame === 0) await Promise.resolve();
      const due = mishap !== undefined && passed >= (mishap.afterPackets ?? 0) ? mishap.kind : undefined;
      this.happened ||= due !== undefined;
      if (due === 'unplug') this.unplug();
      if (!this.attached) throw failure(name, 'unplug');
      if (due === 'stall') throw failure(name, 'stall');
      if (due === 'silence') await this.#clock.sleep(timeoutMs);
      if (ended && due === undefined) return;
      if (this.#clock.now() - start >= timeoutMs) throw failure(name, 'silence');
      this.#clock.packet();
      // A device that keeps the host waiting for long is asked once a frame, for the sake of whoever waits for a test.
      if (tokens - passed > 1000) await this.#clock.sleep(1);
      const answer = packet();
      if (answer === 'stall') throw failure(name, 'stall');
      ended = answer === 'end';
      if (answer !== 'nak') passed++;
    }
  }

  async #usable(name: string): Promise<void> {
    await Promise.resolve();
    if (!this.attached) throw failure(name, 'unplug');
    if (!this.opened) throw new NativeError(`${name} error: invalid state`);
  }
}

/** Bulk transfers tell the name of what went wrong, all others its description. */
function failure(name: string, kind: Mishap['kind']): NativeError {
  const words = {
    unplug: ['Disconnected', 'device disconnected'],
    stall: ['Stall', 'endpoint stalled'],
    silence: ['Cancelled', 'transfer was cancelled'],
  } as const;
  const [bulk, other] = words[kind];
  return new NativeError(`${name} error: ${name === 'transferIn' || name === 'transferOut' ? bulk : other}`);
}

/** `usb` gives a view of a buffer of its own. */
function viewOf(data: Bytes): DataView<ArrayBuffer> {
  return new DataView(data.slice().buffer);
}
