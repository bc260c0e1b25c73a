/**
 * What all ways of putting a program onto a board have in common: an image, a plan that a person confirms, and an outcome
 * that claims no more than was seen.
 */

import type { Board } from '../../../device-profiles/index.ts';
import { BoardError, boardError, type Fault, hexadecimal } from '../usb/fault.ts';
import type { Bytes } from '../usb/device.ts';

export interface Segment {
  readonly address: number;
  readonly bytes: Bytes;
}

/** A program as it lies in a board's memory. */
export interface Image {
  /** For people: `probe`. */
  readonly name: string;
  /** Chips that it runs on, by the start of their name: `RP2040`, `STM32F446`. */
  readonly chip: string;
  /** In rising order of addresses, none over another. */
  readonly segments: readonly Segment[];
  /** Where it starts: a program in RAM says its first instruction and its stack, one in flash is found by the chip. */
  readonly start: { readonly pc: number; readonly sp: number } | 'reset';
}

export interface Region {
  readonly memory: 'RAM' | 'flash';
  readonly address: number;
  readonly bytes: number;
}

/** What will be done to a board. */
export interface Plan {
  readonly board: Board;
  readonly image: Image;
  /** What is overwritten, whole pages where flash is erased by pages. */
  readonly overwrites: readonly Region[];
  /** All of it in words, as a question to a person: full sentences. */
  readonly words: string;
}

const confirmedPlans = new WeakSet<Plan>();

/** To be called when a person has read {@link Plan.words} and agreed. */
export function confirm(plan: Plan): void {
  confirmedPlans.add(plan);
}

export type Stage = 'connecting' | 'erasing' | 'writing' | 'verifying' | 'starting';

export interface Progress {
  readonly stage: Stage;
  /** Bytes of this stage. */
  readonly done: number;
  readonly total: number;
}

export interface RunOptions {
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * `running`: everything was written, and the board took the order to start it. It was read back the same, or else merely
 * `taken`, by a board from which nothing can be read: what runs there must be asked what it is. In every other case `left`
 * says what the board holds: what it held before, part of the program, or all of it, verified, but not seen to start.
 */
export type Outcome =
  | { readonly kind: 'running'; readonly bytes: number; readonly verified: 'read back' | 'taken' }
  | {
      readonly kind: 'failed';
      readonly left: 'untouched' | 'partly written' | 'verified';
      readonly fault: Fault;
      /** A full sentence with cause, place and cure. */
      readonly message: string;
    };

export interface Flasher {
  /** Changes nothing. @throws BoardError for an image that does not belong onto the board */
  plan(image: Image): Promise<Plan>;
  /** @throws Error for a plan that nobody confirmed; whatever the board does is an outcome */
  run(plan: Plan, options?: RunOptions): Promise<Outcome>;
}

/** How far a run has come, told by what does the work. */
export class Course {
  readonly #options: RunOptions;
  left: Exclude<Outcome, { kind: 'running' }>['left'] = 'untouched';

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** @throws BoardError when it was cancelled */
  at(stage: Stage, done: number, total: number): void {
    if (stage === 'starting') this.left = 'verified';
    if (this.#options.signal?.aborted === true) {
      throw boardError({ kind: 'cancelled', place: `${stage} the program` });
    }
    if (stage === 'erasing' || stage === 'writing') this.left = 'partly written';
    this.#options.progress?.({ stage, done, total });
  }
}

/** @throws Error for a plan that nobody confirmed */
export async function runPlan(
  plan: Plan,
  options: RunOptions,
  work: (course: Course) => Promise<void>,
  verified: 'read back' | 'taken' = 'read back',
): Promise<Outcome> {
  if (!confirmedPlans.has(plan))
    throw new Error('Nobody has confirmed what this overwrites. Ask with the words of the plan first.');
  const course = new Course(options);
  try {
    await work(course);
    return { kind: 'running', bytes: sizeOf(plan.image), verified };
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    const { left } = course;
    const known =
      left === 'verified'
        ? 'All of the program was written and verified, but it was not seen to start. '
        : '';
    return { kind: 'failed', left, fault: error.fault, message: `${known}${error.message}` };
  }
}

export function sizeOf({ segments }: Image): number {
  return segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/**
 * The same bytes from and to multiples of `unit`, where segments that share a unit are one; what is added between and around
 * them is what erased flash holds.
 */
export function aligned(segments: readonly Segment[], unit: number): readonly Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    const shared = last !== undefined && segment.address < last.address + last.bytes.length;
    const start = shared ? last.address : segment.address - (segment.address % unit);
    const units = Math.ceil((segment.address + segment.bytes.length - start) / unit);
    const bytes = new Uint8Array(units * unit).fill(0xff);
    if (shared) bytes.set(last.bytes);
    bytes.set(segment.bytes, segment.address - start);
    result.splice(shared ? -1 : result.length, 1, { address: start, bytes });
  }
  return result;
}

/** Pieces of at most `most` bytes. */
export function* pieces({ address, bytes }: Segment, most: number): Generator<Segment> {
  for (let at = 0; at < bytes.length; at += most) {
    yield { address: address + at, bytes: bytes.subarray(at, at + most) };
  }
}

/** @throws BoardError where `read` is not `written` */
export function requireSame(place: string, written: Segment, read: Bytes): void {
  const at = written.bytes.findIndex((value, index) => read[index] !== value);
  if (at >= 0) throw boardError({ kind: 'differs', place, address: written.address + at });
}

/** The board's memory that holds all of a segment. */
export function memoryOf(board: Board, { address, bytes }: Segment): 'RAM' | 'flash' | undefined {
  const { flash, sram } = board;
  const within = (start: number, size: number) => address >= start && address + bytes.length <= start + size;
  if (flash.address !== undefined && within(Number(flash.address), flash.bytes)) return 'flash';
  // Banks that follow each other may hold one segment.
  const banks = sram
    .filter((bank) => bank.address !== undefined && bank.access !== 'external')
    .map((bank) => ({ start: Number(bank.address), end: Number(bank.address) + bank.bytes }))
    .sort((a, b) => a.start - b.start);
  let covered = banks.find(({ start, end }) => address >= start && address < end)?.end;
  for (const { start, end } of banks) if (start === covered) covered = end;
  return covered !== undefined && address + bytes.length <= covered ? 'RAM' : undefined;
}

/**
 * The memory that an image goes to.
 *
 * @throws BoardError where the board has another chip or has no such memory
 */
export function requireFit(board: Board, image: Image): 'RAM' | 'flash' {
  const place = `preparing the program "${image.name}"`;
  const unfit = (reason: string) => boardError({ kind: 'unfit', place, reason });
  if (!board.mcu.startsWith(image.chip)) {
    throw unfit(`the program is for the ${image.chip}, and the ${board.name} has the ${board.mcu}`);
  }
  const kinds = new Set(image.segments.map((segment) => memoryOf(board, segment)));
  const [first] = kinds;
  if (kinds.size === 1 && first !== undefined && (first === 'RAM') === (image.start !== 'reset'))
    return first;
  const at = image.segments[0];
  throw unfit(
    at === undefined
      ? 'the program is empty'
      : `the ${board.name} has no memory for all of the program, which begins at ${hexadecimal(at.address)}`,
  );
}

export function regionsOf(memory: Region['memory'], segments: readonly Segment[]): readonly Region[] {
  return segments.map(({ address, bytes }) => ({ memory, address, bytes: bytes.length }));
}

const kilobytes = (bytes: number): string =>
  bytes < 1024 ? `${bytes} bytes` : `${Math.ceil(bytes / 1024)} KB`;

/** `words` for the usual two cases; `before` is a sentence that a protocol puts in front. */
export function planOf(board: Board, image: Image, overwrites: readonly Region[], before = ''): Plan {
  const ofMemory = (memory: Region['memory']) => overwrites.filter((region) => region.memory === memory);
  const [flash, ram] = [ofMemory('flash'), ofMemory('RAM')];
  const bytes = (regions: readonly Region[]) =>
    kilobytes(regions.reduce((sum, region) => sum + region.bytes, 0));
  const ranges = (regions: readonly Region[]) =>
    regions
      .map(({ address, bytes: length }) => `${hexadecimal(address)} to ${hexadecimal(address + length - 1)}`)
      .join(', ');
  const words =
    flash.length > 0
      ? `"${image.name}" will overwrite ${bytes(flash)} of the flash of the ${board.name} (${ranges(flash)}). ` +
        'The program that is on the board now will be lost.'
      : `"${image.name}" will be loaded into ${bytes(ram)} of RAM of the ${board.name} and started. ` +
        'The flash stays as it is: the board runs its own program again after it has been unplugged.';
  return { board, image, overwrites, words: before === '' ? words : `${before} ${words}` };
}
