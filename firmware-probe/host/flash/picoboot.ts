import type { Board } from '../../../device-profiles/index.ts';
import type { Clock, UsbDevice } from '../usb/device.ts';
import { type Cures, hexadecimal } from '../usb/fault.ts';
import {
  aligned,
  type Course,
  type Flasher,
  type Image,
  type Outcome,
  pieces,
  type Plan,
  planOf,
  regionsOf,
  requireFit,
  requireSame,
  type RunOptions,
  runPlan,
  sizeOf,
} from './flasher.ts';
import { PicobootCommands } from './picoboot-commands.ts';

const [sector, page] = [4096, 256];
/** Bytes of one command: erasing and programming them stays far below its time-out. */
const [eraseStep, dataStep] = [64 << 10, 16 << 10];
/** So that the answer to the order arrives before the board leaves, ms. */
const rebootDelay = 50;

const again = 'Unplug the board, hold its BOOTSEL button while you plug it in again, and start over.';
const cures = (memory: 'RAM' | 'flash'): Cures => {
  const left = memory === 'RAM' ? 'Its flash was not touched.' : 'Until then it may not start.';
  const cure = `${again} ${left}`;
  const driver =
    'Copy the .uf2 file to the drive of the board instead; this way needs the driver WinUSB on "RP2 Boot (Interface 1)".';
  return {
    unplugged: cure,
    stalled: cure,
    'timed out': cure,
    refused: cure,
    unexpected: cure,
    'no driver': driver,
  };
};

/** RP2040 and RP2350 in the boot loader that their ROM has: loads a program into RAM and starts it, or writes flash. */
export class PicobootFlasher implements Flasher {
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
      const memory = requireFit(this.#board, image);
      const overwritten = memory === 'RAM' ? image.segments : aligned(image.segments, sector);
      return planOf(this.#board, image, regionsOf(memory, overwritten));
    });
  }

  run(plan: Plan, options: RunOptions = {}): Promise<Outcome> {
    return runPlan(plan, options, async (course) => {
      const toFlash = plan.image.start === 'reset';
      const commands = await PicobootCommands.open(
        this.#device,
        cures(toFlash ? 'flash' : 'RAM'),
        this.#clock,
      );
      try {
        if (toFlash) await eraseAll(commands, plan, course);
        await writeAll(commands, plan.image, course);
        course.at('starting', 0, 1);
        await this.#start(commands, plan.image);
      } finally {
        await commands.close();
      }
    });
  }

  async #start(commands: PicobootCommands, { start, segments }: Image): Promise<void> {
    if (this.#board.mcu === 'RP2040') {
      const { pc, sp } = start === 'reset' ? { pc: 0, sp: 0 } : start;
      await commands.reboot(pc, sp, rebootDelay);
      return;
    }
    const [first, last] = [segments[0], segments.at(-1)];
    if (start === 'reset' || first === undefined || last === undefined) {
      await commands.reboot2(undefined, rebootDelay);
      return;
    }
    const bytes = last.address + last.bytes.length - first.address;
    await commands.reboot2({ address: first.address, bytes }, rebootDelay);
  }
}

async function eraseAll(commands: PicobootCommands, { overwrites }: Plan, course: Course): Promise<void> {
  await commands.exitXip();
  const total = overwrites.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { address, bytes } of overwrites) {
    for (let at = 0; at < bytes; at += eraseStep) {
      course.at('erasing', done, total);
      const size = Math.min(eraseStep, bytes - at);
      await commands.erase(`erasing the flash at ${hexadecimal(address + at)}`, address + at, size);
      done += size;
    }
  }
}

async function writeAll(commands: PicobootCommands, image: Image, course: Course): Promise<void> {
  const segments = image.start === 'reset' ? aligned(image.segments, page) : image.segments;
  const steps = segments.flatMap((segment) => [...pieces(segment, dataStep)]);
  const total = sizeOf({ ...image, segments });
  let done = 0;
  for (const { address, bytes } of steps) {
    course.at('writing', done, total);
    await commands.write(`writing at ${hexadecimal(address)}`, address, bytes);
    done += bytes.length;
  }
  done = 0;
  for (const step of steps) {
    course.at('verifying', done, total);
    const place = `reading back from ${hexadecimal(step.address)}`;
    requireSame(place, step, await commands.read(place, step.address, step.bytes.length));
    done += step.bytes.length;
  }
}
