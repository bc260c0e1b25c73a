import type { Bytes, Clock, Interface, UsbDevice } from '../usb/device.ts';
import type { BoardError, Cures } from '../usb/fault.ts';
import { repeat, UsbLink } from '../usb/link.ts';
import type { MemoryAccess } from './memory-access.ts';

const [version, debug, dfu, mode, versionEx] = [0xf1, 0xf2, 0xf3, 0xf5, 0xfb];
const [readMemory, writeMemory, leaveDebug, enter, lastStatus] = [0x07, 0x08, 0x21, 0x30, 0x3e];
const [setClockV2, setClockV3, overSwd] = [0x43, 0x61, 0xa3];
const [dfuMode, leaveDfu] = [0, 7];
/** Firmware older than that reports faults of memory in another way: `STLINK_F_HAS_GETLASTRWSTATUS2` of OpenOCD. */
const oldestJtag = 15;
/** The address of an access port counts up within 1 KB only, ADIv5 section C2.2.2. */
const stepBytes = 1024;
const answerMs = 3000;
/** kHz on SWD: the most that an ST-LINK/V2-1 has, and what a V3 takes over short wires. */
const [swdDivisor, swdKhz] = [0, 8000];

const cures: Cures = {
  unplugged: 'Plug the board in again (its connector marked ST-LINK), and start over.',
  refused: 'Check the power of the board and its jumpers to the ST-LINK, and start over.',
  unfit: 'Update the firmware of the ST-LINK with STM32CubeProgrammer, or choose the board that is attached.',
  'no driver': 'Install the driver of ST-LINK (STSW-LINK009) from st.com, and start over.',
};

/** Answers to commands: OpenOCD names them `STLINK_DEBUG_ERR_*` and `STLINK_SWD_*`. */
const reasons: Readonly<Record<number, string>> = {
  0x09: 'no chip answers',
  0x10: 'the chip was too busy to answer',
  0x11: 'the chip has nothing at that address',
  0x12: 'the chip has nothing at that address',
  0x14: 'the chip was too busy to answer',
  0x15: 'the chip refuses to be debugged',
  0x16: 'no chip answers',
  0x81: 'the chip refuses to be debugged',
};
const fine = 0x80;

const isStLink = ({ alternates: [first] }: Interface): boolean =>
  first?.interfaceClass === 0xff && first.endpoints.filter(({ type }) => type === 'bulk').length >= 2;

/**
 * Memory behind the ST-LINK/V2-1 or V3 of a Nucleo or Discovery board. ST has published no protocol; commands, answers and
 * their lengths are as in OpenOCD's `src/jtag/drivers/stlink_usb.c` (2024): 16 bytes out, data either way, and a status that
 * must be asked for.
 */
export class StLinkAccess implements MemoryAccess {
  readonly stepBytes = stepBytes;
  readonly clock: Clock;
  readonly #link: UsbLink;
  readonly #out: number;
  readonly #in: number;

  private constructor(link: UsbLink, chosen: Interface) {
    const endpoint = (direction: 'in' | 'out') =>
      chosen.alternates[0]?.endpoints.find((one) => one.direction === direction)?.endpointNumber ?? 0;
    this.#link = link;
    this.clock = link.clock;
    [this.#out, this.#in] = [endpoint('out'), endpoint('in')];
  }

  static async open(device: UsbDevice, clock: Clock): Promise<StLinkAccess> {
    const { link, chosen } = await UsbLink.open(device, isStLink, cures, clock);
    const access = new StLinkAccess(link, chosen);
    try {
      await access.#connect();
      return access;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    try {
      await this.#checked('letting go of the chip', [debug, leaveDebug]);
    } finally {
      await this.#link.close();
    }
  }

  read(place: string, address: number, bytes: number): Promise<Bytes> {
    return this.#again(place, async () => {
      const data = await this.#ask(
        place,
        [debug, readMemory, ...words(address), bytes & 0xff, bytes >> 8],
        bytes,
      );
      await this.#requireDone(place);
      return data;
    });
  }

  async write(place: string, address: number, data: Bytes): Promise<void> {
    await this.#again(place, async () => {
      const { length } = data;
      await this.#send(place, [debug, writeMemory, ...words(address), length & 0xff, length >> 8]);
      await this.#link.bulkOut(place, this.#out, data, answerMs);
      await this.#requireDone(place);
    });
  }

  /** Reading and writing again does the same; between the two, the probe is asked to start anew. */
  #again<T>(place: string, work: () => Promise<T>): Promise<T> {
    return repeat(work, async () => {
      await this.#link.clearHalt(place, 'in', this.#in);
      await this.#link.clearHalt(place, 'out', this.#out);
      await this.#link.drain(place, this.#in);
      await this.#connect();
    });
  }

  async #connect(): Promise<void> {
    const place = 'connecting to the chip';
    const [first = 0, second = 0] = await this.#ask(place, [version], 6);
    const generation = first >> 4;
    let jtag = ((first & 0xf) << 2) | (second >> 6);
    if (generation >= 3) jtag = (await this.#ask(place, [versionEx], 12))[2] ?? 0;
    if (generation < 3 && jtag < oldestJtag) {
      throw this.#link.fault({
        kind: 'unfit',
        place,
        reason: `the firmware of the ST-LINK is too old (V${generation}.J${jtag})`,
      });
    }
    const [now] = await this.#ask(place, [mode], 2);
    if (now === dfuMode) await this.#send(place, [dfu, leaveDfu]);
    await (generation >= 3
      ? this.#checked(place, [debug, setClockV3, 0, 0, ...words(swdKhz)], 8)
      : this.#checked(place, [debug, setClockV2, swdDivisor, 0]));
    await this.#checked(place, [debug, enter, overSwd]);
  }

  /** A command that answers with its status. */
  async #checked(place: string, command: readonly number[], length = 2): Promise<void> {
    this.#require(place, await this.#ask(place, command, length));
  }

  async #requireDone(place: string): Promise<void> {
    this.#require(place, await this.#ask(place, [debug, lastStatus], 12));
  }

  #require(place: string, [status = 0]: Bytes): void {
    if (status !== fine) throw this.#refusal(place, status);
  }

  #refusal(place: string, status: number): BoardError {
    const reason = reasons[status] ?? `the ST-LINK answered with status ${status}`;
    return this.#link.fault({ kind: 'refused', place, reason });
  }

  async #ask(place: string, command: readonly number[], length: number): Promise<Bytes> {
    await this.#send(place, command);
    const answer = await this.#link.bulkIn(place, this.#in, length, answerMs);
    if (answer.length >= length) return answer.subarray(0, length);
    throw this.#link.fault({
      kind: 'unexpected',
      place,
      detail: `only ${answer.length} of ${length} bytes came`,
    });
  }

  #send(place: string, command: readonly number[]): Promise<void> {
    const bytes = new Uint8Array(16);
    bytes.set(command);
    return this.#link.bulkOut(place, this.#out, bytes, answerMs);
  }
}

function words(value: number): readonly number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}
