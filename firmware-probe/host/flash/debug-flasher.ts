import type { Board } from '../../../device-profiles/index.ts';
import { boardError, hexadecimal } from '../usb/fault.ts';
import { haltAtReset, runFlash, startAt } from './core-debug.ts';
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
  type Segment,
  sizeOf,
} from './flasher.ts';
import { type MemoryAccess, readWord } from './memory-access.ts';

/** What is between two parts of a program in flash that a probe takes as one piece, at most, bytes. */
const word = 4;

/**
 * A board behind a debug probe: loads a program into RAM, sets stack and program counter, and lets the core run; the flash is
 * not touched. Where the probe writes flash itself, it can be told to. The chip must say first that it is the board's.
 */
export class DebugFlasher implements Flasher {
  readonly #board: Board;
  readonly #connect: () => Promise<MemoryAccess>;
  readonly #writesFlash: boolean;

  constructor(board: Board, connect: () => Promise<MemoryAccess>, writesFlash: boolean) {
    this.#board = board;
    this.#connect = connect;
    this.#writesFlash = writesFlash;
  }

  plan(image: Image): Promise<Plan> {
    return Promise.resolve().then(() => {
      const place = `preparing the program "${image.name}"`;
      const unfit = (reason: string) => boardError({ kind: 'unfit', place, reason });
      const { name, chipId, flash } = this.#board;
      const memory = requireFit(this.#board, image);
      if (chipId === undefined)
        throw unfit(`the profile of the ${name} does not say how its chip is told ("chipId")`);
      if (memory === 'RAM')
        return planOf(this.#board, image, regionsOf('RAM', aligned(image.segments, word)));
      if (!this.#writesFlash) throw unfit('this debug probe loads programs into RAM only');
      const [first] = image.segments;
      if (first?.address !== Number(flash.address))
        throw unfit('a program for this probe must begin where the flash does');
      // How much more the probe erases is known to it alone.
      return planOf(this.#board, image, regionsOf('flash', [wholeOf(image.segments)]));
    });
  }

  run(plan: Plan, options: RunOptions = {}): Promise<Outcome> {
    return runPlan(plan, options, async (course) => {
      const access = await this.#connect();
      try {
        await this.#requireChip(access);
        await load(access, plan.image, course);
      } catch (error) {
        // What was halted goes on with its own program, where it can still be reached.
        await runFlash(access).catch(() => undefined);
        await access.close().catch(() => undefined);
        throw error;
      }
      await access.close();
    });
  }

  async #requireChip(access: MemoryAccess): Promise<void> {
    const { chipId, name, mcu } = this.#board;
    if (chipId === undefined) return;
    const place = 'asking the chip which it is';
    const value = (await readWord(access, place, Number(chipId.address))) & Number(chipId.mask);
    if (value >>> 0 === Number(chipId.value)) return;
    const reason = `the chip says that it is ${hexadecimal(value >>> 0)}, and the ${mcu} of the ${name} would say ${chipId.value}`;
    throw boardError({ kind: 'unfit', place, reason });
  }
}

/** From the first byte to the last, with what erased flash holds in between. */
function wholeOf(segments: readonly Segment[]): Segment {
  const start = segments[0]?.address ?? 0;
  const last = segments.at(-1);
  const length = last === undefined ? 0 : last.address + last.bytes.length - start;
  const bytes = new Uint8Array(Math.ceil(length / word) * word).fill(0xff);
  for (const segment of segments) bytes.set(segment.bytes, segment.address - start);
  return { address: start, bytes };
}

async function load(access: MemoryAccess, image: Image, course: Course): Promise<void> {
  const { start } = image;
  const segments = start === 'reset' ? [wholeOf(image.segments)] : aligned(image.segments, word);
  const total = sizeOf({ ...image, segments });
  const steps = segments.flatMap((segment) => [...pieces(segment, access.stepBytes)]);
  course.at('writing', 0, total);
  if (start === 'reset') {
    for (const { bytes } of segments) {
      await access.programFlash?.(bytes, (done) => course.at('writing', done, total));
    }
    await haltAtReset(access);
  } else {
    await haltAtReset(access);
    let done = 0;
    for (const { address, bytes } of steps) {
      course.at('writing', done, total);
      await access.write(`writing at ${hexadecimal(address)}`, address, bytes);
      done += bytes.length;
    }
  }
  let done = 0;
  for (const step of steps) {
    course.at('verifying', done, total);
    const place = `reading back from ${hexadecimal(step.address)}`;
    requireSame(place, step, await access.read(place, step.address, step.bytes.length));
    done += step.bytes.length;
  }
  course.at('starting', 0, 1);
  await (start === 'reset' ? runFlash(access) : startAt(access, start, segments[0]?.address ?? 0));
}
