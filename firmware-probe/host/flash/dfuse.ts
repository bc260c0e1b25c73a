import type { Board } from '../../../device-profiles/index.ts';
import type { AlternateInterface, Clock, UsbDevice } from '../usb/device.ts';
import { asBoardError, boardError, type Cures, hexadecimal } from '../usb/fault.ts';
import { DfuseCommands, isDfu } from './dfuse-commands.ts';
import { type FlashPage, flashPages } from './dfuse-layout.ts';
import {
  aligned,
  type Flasher,
  type Image,
  type Outcome,
  type Plan,
  planOf,
  requireFit,
  requireSame,
  type RunOptions,
  runPlan,
  sizeOf,
} from './flasher.ts';

/** Bytes that flash is programmed in at once, of the chip with the most: 256 bits, reference manual RM0433 (STM32H7). */
const flashWord = 32;

const again =
  'Unplug the board, set BOOT0 high (its button or jumper), plug it in again and start over. Until then it may not start.';
const cures: Cures = {
  unplugged: again,
  stalled: again,
  'timed out': again,
  unexpected: again,
  refused:
    'Remove the protection of the flash with STM32CubeProgrammer, which erases all of it, or choose another board.',
  'no driver':
    'Install the driver that comes with STM32CubeProgrammer, or WinUSB with Zadig, and start over.',
};

interface Flash {
  readonly alternate: number;
  readonly pages: readonly FlashPage[];
}

/** STM32 in the boot loader that its ROM has: erases the pages that a program touches, writes and reads them back. */
export class DfuseFlasher implements Flasher {
  readonly #device: UsbDevice;
  readonly #board: Board;
  readonly #clock: Clock;

  constructor(device: UsbDevice, board: Board, clock: Clock) {
    this.#device = device;
    this.#board = board;
    this.#clock = clock;
  }

  plan(image: Image): Promise<Plan> {
    return Promise.resolve().then(() => {
      const pages = this.#touched(image);
      // Any STM32 has the USB identity of this boot loader: nothing but a person knows which board it is.
      const before = `The board that is attached must be the ${this.#board.name}: its boot loader does not say which it is.`;
      const regions = pages.map(({ address, bytes }) => ({ memory: 'flash', address, bytes }) as const);
      return planOf(this.#board, image, regions, before);
    });
  }

  run(plan: Plan, options: RunOptions = {}): Promise<Outcome> {
    return runPlan(plan, options, async (course) => {
      const { image, overwrites } = plan;
      const commands = await DfuseCommands.open(this.#device, this.#flash().alternate, cures, this.#clock);
      try {
        const total = overwrites.reduce((sum, { bytes }) => sum + bytes, 0);
        let done = 0;
        for (const { address, bytes } of overwrites) {
          course.at('erasing', done, total);
          await commands.erase(`erasing the page at ${hexadecimal(address)}`, address);
          done += bytes;
        }
        const segments = aligned(image.segments, flashWord);
        const all = sizeOf({ ...image, segments });
        for (const stage of ['writing', 'verifying'] as const) {
          done = 0;
          for (const segment of segments) {
            const { address, bytes } = segment;
            const report = (at: number) => course.at(stage, done + at, all);
            if (stage === 'writing') {
              await commands.write((at) => `writing at ${hexadecimal(at)}`, address, bytes, report);
            } else {
              const place = (at: number) => `reading back from ${hexadecimal(at)}`;
              requireSame(place(address), segment, await commands.read(place, address, bytes.length, report));
            }
            done += bytes.length;
          }
        }
        course.at('starting', 0, 1);
        await commands.leave(Number(this.#board.flash.address));
      } finally {
        await commands.close();
      }
    });
  }

  #flash(): Flash {
    const place = 'reading the layout of the flash';
    const alternates = this.#alternates(place);
    for (const { alternateSetting, interfaceName, ...rest } of alternates) {
      const pages = flashPages(interfaceName ?? '');
      if (!isDfu({ ...rest, alternateSetting }) || pages === undefined) continue;
      if (pages[0]?.address === Number(this.#board.flash.address))
        return { alternate: alternateSetting, pages };
    }
    throw boardError(
      { kind: 'unfit', place, reason: `the device has no flash that fits the ${this.#board.name}` },
      cures,
    );
  }

  /** `usb` opens the device for this, which may not be permitted. */
  #alternates(place: string): readonly AlternateInterface[] {
    try {
      return this.#device.configuration?.interfaces.flatMap((one) => one.alternates) ?? [];
    } catch (error) {
      throw asBoardError(error, place, cures, 0);
    }
  }

  /** @throws BoardError for an image that does not fit the board, or for pages that must not be written */
  #touched(image: Image): readonly FlashPage[] {
    const place = `preparing the program "${image.name}"`;
    const unfit = (reason: string) => boardError({ kind: 'unfit', place, reason });
    const { name, flash } = this.#board;
    if (requireFit(this.#board, image) === 'RAM') throw unfit('this boot loader writes flash only');
    const { pages } = this.#flash();
    const size = pages.reduce((sum, { bytes }) => sum + bytes, 0);
    // The boot loader of a family may list more than a chip has, never less.
    if (size < flash.bytes)
      throw unfit(`the chip has ${size >> 10} KB of flash, and the ${name} has ${flash.bytes >> 10} KB`);
    const touched = pages.filter((page) =>
      image.segments.some(
        ({ address, bytes }) => address < page.address + page.bytes && address + bytes.length > page.address,
      ),
    );
    const forbidden = touched.find(({ readable, erasable, writable }) => !(readable && erasable && writable));
    if (forbidden !== undefined) {
      const reason = `the flash at ${hexadecimal(forbidden.address)} is protected against writing`;
      throw boardError({ kind: 'refused', place, reason }, cures);
    }
    return touched;
  }
}
