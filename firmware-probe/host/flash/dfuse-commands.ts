import type { AlternateInterface, Bytes, Clock, Interface, UsbDevice } from '../usb/device.ts';
import { BoardError, type Cures } from '../usb/fault.ts';
import { repeat, UsbLink } from '../usb/link.ts';

const requests = { download: 1, upload: 2, getStatus: 3, clearStatus: 4, abort: 6 };
const states = { idle: 2, downloadBusy: 4, downloadIdle: 5, manifest: 7, uploadIdle: 9, error: 10 };

/** What the status of a failed command means: USB DFU 1.1, section 6.1.2; the ROM uses "vendor" where memory is protected. */
const reasons: Readonly<Record<number, string>> = {
  1: 'the board does not take programs for that address',
  3: 'the board could not write its flash',
  4: 'the board could not erase its flash',
  6: 'the board could not program its flash',
  8: 'the board has no memory at that address',
  11: 'the flash of the board is protected',
};

/** A transfer that the boot loader answers at once, and the most that it may ask the host to wait: 256 KB took 4 s at most. */
const [promptMs, mostWaitMs] = [3000, 30_000];

interface Status {
  readonly code: number;
  readonly state: number;
  readonly waitMs: number;
}

export const isDfu = ({
  interfaceClass,
  interfaceSubclass,
  interfaceProtocol,
}: AlternateInterface): boolean =>
  interfaceClass === 0xfe && interfaceSubclass === 1 && interfaceProtocol === 2;

/**
 * The boot loader in the ROM of STM32 chips: AN3156 (requests, commands) over USB DFU 1.1 (states). A command is a DNLOAD
 * of block 0; it is carried out when its status is asked for, and the answer says how long the host must not ask again.
 */
export class DfuseCommands {
  readonly #link: UsbLink;
  readonly #interface: number;
  /** Bytes of a block, from the functional descriptor. */
  readonly blockBytes: number;

  private constructor(link: UsbLink, interfaceNumber: number, blockBytes: number) {
    this.#link = link;
    this.#interface = interfaceNumber;
    this.blockBytes = blockBytes;
  }

  /** @param alternate the setting whose name lists the flash */
  static async open(
    device: UsbDevice,
    alternate: number,
    cures: Cures,
    clock: Clock,
  ): Promise<DfuseCommands> {
    const dfu = ({ alternates }: Interface) => alternates.some(isDfu);
    const { link, chosen } = await UsbLink.open(device, dfu, cures, clock);
    try {
      await link.selectAlternate('choosing the flash', alternate);
      const commands = new DfuseCommands(link, chosen.interfaceNumber, await blockBytesOf(link));
      await commands.#idle('bringing the boot loader to rest');
      return commands;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  async erase(place: string, address: number): Promise<void> {
    await this.#command(place, [0x41, ...littleEndian(address)]);
  }

  /** All of `data`, block by block, from `address` on. */
  async write(
    place: (at: number) => string,
    address: number,
    data: Bytes,
    done: (bytes: number) => void,
  ): Promise<void> {
    await this.#pointTo(place(address), address);
    for (let at = 0, block = 2; at < data.length; at += this.blockBytes, block++) {
      done(at);
      const bytes = data.subarray(at, at + this.blockBytes);
      await this.#carryOut(place(address + at), block, bytes, () => this.#pointTo(place(address), address));
    }
  }

  async read(
    place: (at: number) => string,
    address: number,
    length: number,
    done: (bytes: number) => void,
  ): Promise<Bytes> {
    await this.#pointTo(place(address), address);
    await this.#idle(place(address));
    const data = new Uint8Array(length);
    for (let at = 0, block = 2; at < length; at += this.blockBytes, block++) {
      done(at);
      const upload = () => this.#upload(place(address + at), block, Math.min(this.blockBytes, length - at));
      const again = async () => {
        await this.#idle(place(address));
        await this.#pointTo(place(address), address);
        await this.#idle(place(address));
      };
      data.set(await this.#explained(place(address + at), () => repeat(upload, again)), at);
    }
    await this.#idle(place(address));
    return data;
  }

  /** Leaves the boot loader and starts what lies at `address`. */
  async leave(address: number): Promise<void> {
    const place = 'starting the program';
    await this.#pointTo(place, address);
    await this.#download(place, 0, new Uint8Array(0));
    const { state } = await this.#status(place);
    if (state !== states.manifest) {
      throw this.#link.fault({ kind: 'unexpected', place, detail: 'the boot loader did not leave' });
    }
  }

  async #pointTo(place: string, address: number): Promise<void> {
    await this.#command(place, [0x21, ...littleEndian(address)]);
  }

  async #command(place: string, bytes: readonly number[]): Promise<void> {
    await this.#carryOut(place, 0, new Uint8Array(bytes), () => Promise.resolve());
  }

  /** Sends a block and waits until it has been carried out; twice at most, after `prepare` in between. */
  async #carryOut(place: string, block: number, data: Bytes, prepare: () => Promise<void>): Promise<void> {
    const once = async () => {
      await this.#download(place, block, data);
      let status = await this.#status(place);
      while (status.state === states.downloadBusy) {
        await this.#link.clock.sleep(Math.min(status.waitMs, mostWaitMs));
        status = await this.#status(place);
      }
      this.#require(place, status, states.downloadIdle);
    };
    const again = async () => {
      await this.#idle(place);
      await prepare();
    };
    await this.#explained(place, () => repeat(once, again));
  }

  /** Tells why the boot loader stalls, which it says when it is asked. */
  async #explained<T>(place: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof BoardError && error.fault.kind === 'stalled') {
        const status = await this.#status(place);
        await this.#idle(place);
        this.#require(place, status, status.state);
      }
      throw error;
    }
  }

  #require(place: string, { code, state }: Status, wanted: number): void {
    if (code === 0 && state === wanted) return;
    const reason = reasons[code];
    throw this.#link.fault(
      reason === undefined
        ? { kind: 'unexpected', place, detail: `the boot loader is in state ${state} with status ${code}` }
        : { kind: 'refused', place, reason },
    );
  }

  /** From whatever state to where it takes any command. */
  async #idle(place: string): Promise<void> {
    for (let tries = 0; tries < 3; tries++) {
      const { state, waitMs } = await this.#status(place);
      if (state === states.idle) return;
      if (state === states.downloadBusy) await this.#link.clock.sleep(Math.min(waitMs, mostWaitMs));
      else await this.#request(place, state === states.error ? requests.clearStatus : requests.abort, 0);
    }
    const { state } = await this.#status(place);
    if (state === states.idle) return;
    throw this.#link.fault({ kind: 'unexpected', place, detail: `the boot loader stays in state ${state}` });
  }

  async #status(place: string): Promise<Status> {
    const answer = await this.#in(place, requests.getStatus, 0, 6);
    const [code = 0, low = 0, middle = 0, high = 0, state = 0] = answer;
    if (answer.length < 6)
      throw this.#link.fault({ kind: 'unexpected', place, detail: 'the boot loader gave no status' });
    return { code, state, waitMs: low + (middle << 8) + (high << 16) };
  }

  async #upload(place: string, block: number, length: number): Promise<Bytes> {
    const data = await this.#in(place, requests.upload, block, length);
    if (data.length === length) return data;
    throw this.#link.fault({
      kind: 'unexpected',
      place,
      detail: `only ${data.length} of ${length} bytes came`,
    });
  }

  #download(place: string, block: number, data: Bytes): Promise<void> {
    return this.#request(place, requests.download, block, data);
  }

  #in(place: string, request: number, value: number, length: number): Promise<Bytes> {
    return this.#link.controlIn(place, this.#setup(request, value), length, promptMs);
  }

  #request(place: string, request: number, value: number, data?: Bytes): Promise<void> {
    return this.#link.controlOut(place, this.#setup(request, value), data, promptMs);
  }

  #setup(request: number, value: number) {
    return { requestType: 'class', recipient: 'interface', request, value, index: this.#interface } as const;
  }
}

function littleEndian(value: number): readonly number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

/** `wTransferSize` of the functional descriptor (type 0x21, USB DFU 1.1 section 4.1.3), which has no place in WebUSB. */
async function blockBytesOf(link: UsbLink): Promise<number> {
  const place = 'reading what the boot loader can do';
  const setup = {
    requestType: 'standard',
    recipient: 'device',
    request: 6,
    value: 2 << 8,
    index: 0,
  } as const;
  const all = await link.controlIn(place, setup, 1024);
  for (let at = 0; (all[at] ?? 0) > 0; at += all[at] ?? 0) {
    if (all[at + 1] === 0x21) return (all[at + 5] ?? 0) + ((all[at + 6] ?? 0) << 8);
  }
  throw link.fault({ kind: 'unexpected', place, detail: 'the boot loader does not say how long a block is' });
}
