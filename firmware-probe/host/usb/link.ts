import { asBoardError, boardError, type BareFault, type BoardError, type Cures } from './fault.ts';
import type {
  Bytes,
  Clock,
  Configuration,
  Direction,
  InResult,
  Interface,
  OutResult,
  Setup,
  UsbDevice,
} from './device.ts';

/** A transfer that a board answers at once. */
const promptMs = 1000;
/** Packets that a device holds at most for a host that has gone. */
const mostStale = 128;

const bytesOf = ({ data }: InResult): Bytes =>
  data === undefined
    ? new Uint8Array(0)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();

/**
 * One open interface of a device, as flashers use it: every transfer has a place (for its error) and a time-out, transfers
 * of one endpoint wait for each other (`usb` refuses a second), and whatever goes wrong is a {@link BoardError}.
 *
 * No transfer is repeated here: after a time-out nobody knows how much of it arrived. A protocol repeats whole commands,
 * after its own way of putting the board into a known state ({@link repeat}).
 */
export class UsbLink {
  readonly #device: UsbDevice;
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #cures: Cures;
  readonly #interface: number;
  readonly clock: Clock;

  private constructor(device: UsbDevice, cures: Cures, clock: Clock, interfaceNumber: number) {
    this.#device = device;
    this.#cures = cures;
    this.clock = clock;
    this.#interface = interfaceNumber;
  }

  /**
   * Opens the device and claims one interface; gives both, the interface with its endpoints.
   *
   * @param choose which of the interfaces; `undefined` when none is right
   */
  static async open(
    device: UsbDevice,
    choose: (candidate: Interface) => boolean,
    cures: Cures,
    clock: Clock,
  ): Promise<{ readonly link: UsbLink; readonly chosen: Interface }> {
    const place = 'opening the board';
    try {
      await device.open();
      // Selecting what is selected fails on Linux as soon as anybody has claimed an interface.
      if (configurationOf(device) === undefined) await device.selectConfiguration(1);
      const chosen = device.configuration?.interfaces.find(choose);
      if (chosen === undefined) {
        throw boardError(
          { kind: 'unfit', place, reason: 'the device has no interface to program it' },
          cures,
        );
      }
      await device.claimInterface(chosen.interfaceNumber);
      return { link: new UsbLink(device, cures, clock, chosen.interfaceNumber), chosen };
    } catch (error) {
      await device.close().catch(() => undefined);
      throw asBoardError(error, place, cures, promptMs);
    }
  }

  /** A fault of the protocol above, with its cure. */
  fault(bare: BareFault, options?: ErrorOptions): BoardError {
    return boardError(bare, this.#cures, options);
  }

  controlIn(place: string, setup: Setup, length: number, timeoutMs = promptMs): Promise<Bytes> {
    return this.#transfer('control', place, timeoutMs, async () =>
      bytesOf(checked(await this.#device.controlTransferIn(setup, length, timeoutMs))),
    );
  }

  /** `data` may be empty, which is a request without a data stage. */
  async controlOut(
    place: string,
    setup: Setup,
    data: Bytes = new Uint8Array(0),
    timeoutMs = promptMs,
  ): Promise<void> {
    await this.#transfer('control', place, timeoutMs, async () =>
      checked(await this.#device.controlTransferOut(setup, data, timeoutMs)),
    );
  }

  /** At most `length` bytes; fewer end the transfer. `usb` may give more than asked, up to a whole packet. */
  bulkIn(place: string, endpoint: number, length: number, timeoutMs = promptMs): Promise<Bytes> {
    return this.#transfer(`in ${endpoint}`, place, timeoutMs, async () =>
      bytesOf(checked(await this.#device.transferIn(endpoint, length, timeoutMs))),
    );
  }

  /** All of `data`, which may be empty (a packet without bytes). A full last packet is not followed by an empty one. */
  async bulkOut(place: string, endpoint: number, data: Bytes, timeoutMs = promptMs): Promise<void> {
    await this.#transfer(`out ${endpoint}`, place, timeoutMs, async () => {
      const { bytesWritten } = checked(await this.#device.transferOut(endpoint, data, timeoutMs));
      if (bytesWritten !== data.length) {
        const detail = `only ${bytesWritten} of ${data.length} bytes were taken`;
        throw this.fault({ kind: 'unexpected', place, detail });
      }
    });
  }

  /** Takes away answers that nobody waits for any more, until none has come for 20 ms. */
  async drain(place: string, endpoint: number): Promise<void> {
    try {
      for (let packets = 0; packets < mostStale; packets++) await this.bulkIn(place, endpoint, 64, 20);
    } catch (error) {
      if (asBoardError(error, place, this.#cures, 20).fault.kind !== 'timed out') throw error;
    }
  }

  async clearHalt(place: string, direction: Direction, endpoint: number): Promise<void> {
    await this.#transfer(`${direction} ${endpoint}`, place, promptMs, () =>
      this.#device.clearHalt(direction, endpoint),
    );
  }

  async selectAlternate(place: string, alternate: number): Promise<void> {
    await this.#transfer('control', place, promptMs, () =>
      this.#device.selectAlternateInterface(this.#interface, alternate),
    );
  }

  /** Gives the device back; whether it is still there does not matter. */
  async close(): Promise<void> {
    await this.#device.releaseInterface(this.#interface).catch(() => undefined);
    await this.#device.close().catch(() => undefined);
  }

  async #transfer<T>(queue: string, place: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    const result = (this.#queues.get(queue) ?? Promise.resolve()).then(work);
    this.#queues.set(
      queue,
      result.catch(() => undefined),
    );
    try {
      return await result;
    } catch (error) {
      throw asBoardError(error, place, this.#cures, timeoutMs);
    }
  }
}

/** `usb` throws where the W3C gives nothing. */
function configurationOf(device: UsbDevice): Configuration | undefined {
  try {
    return device.configuration ?? undefined;
  } catch (error) {
    if (error instanceof Error && error.message.includes('not configured')) return undefined;
    throw error;
  }
}

/** The W3C's way of saying what `usb` throws. */
function checked<T extends InResult | OutResult>(result: T): T {
  if (result.status === 'stall') throw new Error('transfer error: Stall');
  if (result.status === 'babble') throw new Error('the board sent more than it was asked for');
  return result;
}

/**
 * Does a command at most twice. It must do the same when it is done again; between the two, `recover` brings the board to
 * where it takes commands. What no repetition helps is thrown at once.
 */
export async function repeat<T>(command: () => Promise<T>, recover: () => Promise<void>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    const { kind } = asBoardError(error, '', {}, 0).fault;
    if (kind !== 'stalled' && kind !== 'timed out') throw error;
    await recover();
    return await command();
  }
}
