import type { Interface, UsbDevice, Bytes, Clock } from '../usb/device.ts';
import { BoardError, type Cures } from '../usb/fault.ts';
import { repeat, UsbLink } from '../usb/link.ts';

const magic = 0x431fd10b;
const ids = { exclusive: 1, reboot: 2, erase: 3, write: 5, exitXip: 6, reboot2: 0xa, read: 0x84 };

/** What the status codes of a refused command mean. */
const reasons: Readonly<Record<number, string>> = {
  1: 'the boot ROM does not know the command',
  2: 'the command had a wrong length',
  3: 'the data had a wrong length',
  4: 'the board has no memory at that address',
  5: 'the address is no multiple of what the memory takes',
  6: 'another program writes to the board at the same time',
  7: 'the board is about to restart',
  9: 'the boot ROM is in a state in which it cannot do that',
  10: 'the board does not permit it (its partitions or its settings in OTP memory forbid it)',
  11: 'the boot ROM does not take that argument',
};

/** Milliseconds that commands may take; erasing 64 KB took 2.4 s at most by the data sheets of flash on such boards. */
const [commandMs, dataMs] = [3000, 10_000];

/** Where REBOOT2 goes: the flags of picoboot_constants.h. */
const [normalBoot, ramImage] = [0, 3];

const isPicoboot = ({ alternates: [first] }: Interface): boolean =>
  first?.interfaceClass === 0xff && first.interfaceSubclass === 0 && first.interfaceProtocol === 0;

/**
 * The commands of the boot ROMs of RP2040 and RP2350, picoboot.h and picoboot_constants.h of pico-sdk 2.2: 32 bytes, then
 * data in the direction of bit 7 of the command, then an empty packet the other way.
 */
export class PicobootCommands {
  readonly #link: UsbLink;
  readonly #interface: number;
  readonly #out: number;
  readonly #in: number;
  #token = 1;

  private constructor(link: UsbLink, chosen: Interface) {
    const endpoint = (direction: 'in' | 'out') =>
      chosen.alternates[0]?.endpoints.find((candidate) => candidate.direction === direction)
        ?.endpointNumber ?? 0;
    this.#link = link;
    this.#interface = chosen.interfaceNumber;
    [this.#out, this.#in] = [endpoint('out'), endpoint('in')];
  }

  /** Takes the board for itself: its drive is not served until it restarts. */
  static async open(device: UsbDevice, cures: Cures, clock: Clock): Promise<PicobootCommands> {
    const { link, chosen } = await UsbLink.open(device, isPicoboot, cures, clock);
    const commands = new PicobootCommands(link, chosen);
    try {
      await commands.#reset();
      await commands.#command('taking the board over', ids.exclusive, [1], { size: 1 });
    } catch (error) {
      await link.close();
      throw error;
    }
    return commands;
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** Lets flash be erased and written; the RP2350 needs no such thing and takes it. */
  async exitXip(): Promise<void> {
    await this.#command('preparing the flash', ids.exitXip, []);
  }

  /** Both multiples of 4096. */
  async erase(place: string, address: number, bytes: number): Promise<void> {
    await this.#command(place, ids.erase, [address, bytes]);
  }

  /** Flash must be erased before, and `address` a multiple of 256 there. */
  async write(place: string, address: number, data: Bytes): Promise<void> {
    await this.#command(place, ids.write, [address, data.length], { data });
  }

  read(place: string, address: number, bytes: number): Promise<Bytes> {
    return this.#command(place, ids.read, [address, bytes], { reads: bytes });
  }

  /** RP2040; `pc` 0 starts what is in flash. */
  async reboot(pc: number, sp: number, delayMs: number): Promise<void> {
    await this.#command('starting the program', ids.reboot, [pc, sp, delayMs], { once: true });
  }

  /** RP2350: what is in flash, or the program in RAM that lies there with its image definition. */
  async reboot2(ram: { address: number; bytes: number } | undefined, delayMs: number): Promise<void> {
    const args =
      ram === undefined ? [normalBoot, delayMs, 0, 0] : [ramImage, delayMs, ram.address, ram.bytes];
    await this.#command('starting the program', ids.reboot2, args, { once: true });
  }

  async #command(
    place: string,
    id: number,
    args: readonly number[],
    stage: { data?: Bytes; reads?: number; size?: number; once?: true } = {},
  ): Promise<Bytes> {
    const send = () => this.#send(place, id, args, stage);
    try {
      return await (stage.once === true ? send() : repeat(send, () => this.#reset()));
    } catch (error) {
      if (error instanceof BoardError && error.fault.kind === 'stalled')
        throw await this.#refusal(place, error);
      throw error;
    }
  }

  async #send(
    place: string,
    id: number,
    args: readonly number[],
    { data, reads = 0, size = 4 * args.length }: { data?: Bytes; reads?: number; size?: number },
  ): Promise<Bytes> {
    const command = new DataView(new ArrayBuffer(32));
    command.setUint32(0, magic, true);
    command.setUint32(4, this.#token++, true);
    command.setUint8(8, id);
    command.setUint8(9, size);
    command.setUint32(12, data?.length ?? reads, true);
    for (const [index, value] of args.entries()) command.setUint32(16 + 4 * index, value, true);
    await this.#link.bulkOut(place, this.#out, new Uint8Array(command.buffer), commandMs);
    if (reads > 0) {
      const read = await this.#link.bulkIn(place, this.#in, reads, dataMs);
      await this.#link.bulkOut(place, this.#out, new Uint8Array(0), commandMs);
      return read.subarray(0, reads);
    }
    if (data !== undefined) await this.#link.bulkOut(place, this.#out, data, dataMs);
    return this.#link.bulkIn(place, this.#in, 1, dataMs);
  }

  /** Why a command stalled, asked before the board forgets it. */
  async #refusal(place: string, error: BoardError): Promise<BoardError> {
    const setup = { requestType: 'vendor', recipient: 'interface', request: 0x42, value: 0 } as const;
    const answer = await this.#link.controlIn(place, { ...setup, index: this.#interface }, 16);
    await this.#reset();
    const code = answer.length < 8 ? 0 : new DataView(answer.buffer, answer.byteOffset).getUint32(4, true);
    const reason = reasons[code];
    return reason === undefined
      ? error
      : this.#link.fault({ kind: 'refused', place, reason }, { cause: error });
  }

  async #reset(): Promise<void> {
    const place = 'bringing the boot ROM back to its senses';
    await this.#link.clearHalt(place, 'in', this.#in);
    await this.#link.clearHalt(place, 'out', this.#out);
    const setup = { requestType: 'vendor', recipient: 'interface', request: 0x41, value: 0 } as const;
    await this.#link.controlOut(place, { ...setup, index: this.#interface });
  }
}
