import { ESPLoader, Transport } from 'esptool-js';
import type { Board } from '../../../device-profiles/index.ts';
import { BoardError, boardError, type Cures, hexadecimal } from '../usb/fault.ts';
import type { WebSerialPort } from './esp-port.ts';
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

/** What the ROM speaks at after a reset. */
const baudRate = 115_200;
/** Resets into the boot loader that are tried. */
const attempts = 3;
/** The most that the ROM takes in one packet, bytes. */
const blockBytes = 0x1800;
/** Longest that `esptool-js` waits for an answer, ms. */
const answerMs = 3000;

const again =
  'Unplug the board, hold its BOOT button while you plug it in again, and start over. Its flash was not touched.';
const cures: Cures = { unplugged: again, 'timed out': again, unexpected: again };

const silent = { clean: () => undefined, write: () => undefined, writeLine: () => undefined };

/** Its traces go to the console whatever it is told. */
class QuietTransport extends Transport {
  override trace(): void {
    // Nobody reads them.
  }
}

/**
 * ESP32 chips through the serial boot loader of their ROM: loads a program into RAM, reads every word back, and starts it.
 * The loader is `esptool-js`; the stub that it would upload is not needed, since flash is not touched.
 */
export class EspFlasher implements Flasher {
  readonly #port: WebSerialPort;
  readonly #board: Board;

  constructor(port: WebSerialPort, board: Board) {
    this.#port = port;
    this.#board = board;
  }

  plan(image: Image): Promise<Plan> {
    return Promise.resolve().then(() => {
      requireFit(this.#board, image);
      if (image.start === 'reset') {
        const reason = 'this way loads programs into RAM only';
        throw boardError(
          { kind: 'unfit', place: `preparing the program "${image.name}"`, reason },
          {
            unfit: this.#board.flashing,
          },
        );
      }
      return planOf(this.#board, image, regionsOf('RAM', aligned(image.segments, 4)));
    });
  }

  run(plan: Plan, options: RunOptions = {}): Promise<Outcome> {
    return runPlan(plan, options, async (course) => {
      const transport = new QuietTransport(this.#port);
      const loader = new ESPLoader({
        transport,
        baudrate: baudRate,
        romBaudrate: baudRate,
        terminal: silent,
      });
      try {
        await this.#at('connecting to the boot loader', () => loader.detectChip('default_reset', attempts));
        this.#requireChip(loader.chip.CHIP_NAME);
        await this.#load(loader, plan.image, course);
      } finally {
        await this.#port.close().catch(() => undefined);
      }
    });
  }

  #requireChip(found: string): void {
    const { name, mcu } = this.#board;
    if (found === mcu) return;
    const reason = `the chip says that it is an ${found}, and the ${name} has the ${mcu}`;
    throw boardError({ kind: 'unfit', place: 'asking the chip which it is', reason });
  }

  async #load(loader: ESPLoader, image: Image, course: Course): Promise<void> {
    const segments = aligned(image.segments, 4);
    const total = sizeOf({ ...image, segments });
    let done = 0;
    for (const segment of segments) {
      const { address, bytes } = segment;
      const blocks = [...pieces(segment, blockBytes)];
      course.at('writing', done, total);
      await this.#at(`writing at ${hexadecimal(address)}`, () =>
        loader.memBegin(bytes.length, blocks.length, blockBytes, address),
      );
      for (const [index, block] of blocks.entries()) {
        course.at('writing', done, total);
        await this.#at(`writing at ${hexadecimal(block.address)}`, () => loader.memBlock(block.bytes, index));
        done += block.bytes.length;
      }
    }
    done = 0;
    for (const word of segments.flatMap((segment) => [...pieces(segment, 4)])) {
      course.at('verifying', done, total);
      const place = `reading back from ${hexadecimal(word.address)}`;
      const value = await this.#at(place, () => loader.readReg(word.address));
      requireSame(place, word, new Uint8Array([0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff)));
      done += 4;
    }
    const { start } = image;
    course.at('starting', 0, 1);
    if (start !== 'reset') await this.#at('starting the program', () => loader.memFinish(start.pc));
  }

  /** Makes an error with a place of what `esptool-js` throws, which has words and no kinds. */
  async #at<T>(place: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof BoardError) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      if (this.#port.lost) throw boardError({ kind: 'unplugged', place }, cures, { cause: error });
      const mute = /stopped|No serial data|Failed to connect|Timeout/i.test(detail);
      throw boardError(
        mute ? { kind: 'timed out', place, afterMs: answerMs } : { kind: 'unexpected', place, detail },
        cures,
        { cause: error },
      );
    }
  }
}
