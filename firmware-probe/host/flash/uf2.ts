import type { Board } from '../../../device-profiles/index.ts';
import type { Bytes, Clock } from '../usb/device.ts';
import { BoardError, boardError, type Cures, hexadecimal } from '../usb/fault.ts';
import type { Drive } from './drive.ts';
import {
  aligned,
  type Flasher,
  type Image,
  type Outcome,
  type Plan,
  planOf,
  regionsOf,
  requireFit,
  type RunOptions,
  runPlan,
  sizeOf,
} from './flasher.ts';
import { payloadBytes, uf2Of } from './uf2-format.ts';

const sector = 4096;
/** The ROM restarts the board one second after the last block; a slow system notices later, ms. */
const [restartMs, lookMs] = [15_000, 100];

const again = 'Unplug the board, hold its BOOTSEL button while you plug it in again, and start over.';
const cures: Cures = { unplugged: again, 'timed out': again, unexpected: again };

/** What `INFO_UF2.TXT` says the board is. */
export function boardIdOf(info: string): string | undefined {
  return /^Board-ID:\s*(\S+)/m.exec(info)?.[1];
}

/**
 * Copies a program onto the drive of a UF2 boot loader, as a person would: the way without a driver. Nothing can be read back
 * from such a drive; its board restarts when it has every block, and that is all that is known.
 */
export class Uf2Flasher implements Flasher {
  readonly #drive: Drive;
  readonly #board: Board;
  readonly #clock: Clock;

  constructor(drive: Drive, board: Board, clock: Clock) {
    this.#drive = drive;
    this.#board = board;
    this.#clock = clock;
  }

  async plan(image: Image): Promise<Plan> {
    const { uf2 } = this.#board;
    const place = `preparing the program "${image.name}"`;
    const unfit = (reason: string) => boardError({ kind: 'unfit', place, reason }, cures);
    const id = boardIdOf((await this.#drive.info()) ?? '');
    if (uf2 === undefined || id !== uf2.boardId) {
      throw unfit(
        `the drive ${this.#drive.place} is not that of a ${this.#board.name} (its Board-ID is ${id ?? 'missing'})`,
      );
    }
    const memory = requireFit(this.#board, image);
    const [first] = image.segments;
    // The ROM goes on at the lowest address: RP2040 data sheet, section 2.8.4.2.
    if (image.start !== 'reset' && first !== undefined && image.start.pc >>> 1 !== first.address >>> 1) {
      throw unfit(
        `a program that is copied must start with its first instruction, at ${hexadecimal(first.address)}`,
      );
    }
    return planOf(
      this.#board,
      image,
      regionsOf(memory, memory === 'RAM' ? image.segments : aligned(image.segments, sector)),
      `The file nasturtium.uf2 will be copied to the drive ${this.#drive.place}.`,
    );
  }

  run(plan: Plan, options: RunOptions = {}): Promise<Outcome> {
    return runPlan(
      plan,
      options,
      async (course) => {
        const { image } = plan;
        const segments = aligned(image.segments, payloadBytes);
        course.at('writing', 0, sizeOf({ ...image, segments }));
        await this.#copy(uf2Of(segments, Number(this.#board.uf2?.family)));
        for (let waited = 0; (await this.#drive.info()) !== undefined; waited += lookMs) {
          if (waited >= restartMs) {
            throw boardError(
              { kind: 'timed out', place: 'waiting for the board to restart', afterMs: waited },
              cures,
            );
          }
          await this.#clock.sleep(lookMs);
        }
      },
      'taken',
    );
  }

  async #copy(file: Bytes): Promise<void> {
    const place = `copying to ${this.#drive.place}`;
    try {
      await this.#drive.write('nasturtium.uf2', file);
    } catch (error) {
      if (error instanceof BoardError) throw error;
      const gone = (await this.#drive.info()) === undefined;
      const detail = error instanceof Error ? error.message : String(error);
      throw boardError(gone ? { kind: 'unplugged', place } : { kind: 'unexpected', place, detail }, cures, {
        cause: error,
      });
    }
  }
}
