/** Runs layers on a probe: lays them out in its memory, runs them, and checks what they put out. */

import { BoardError } from '../usb/fault.ts';
import { outsideMemory, type Probe } from '../wire/probe.ts';
import { checksumOf } from '../../firmware/checksum.ts';
import { bytesOfArray, kernelNumber, type Call } from '../../firmware/lower/call.ts';
import type { Subject } from './subject.ts';

export interface LayerResult {
  readonly subject: Subject;
  /** Counts of the board's counter for one run of all its calls. */
  readonly counts: { readonly least: number; readonly median: number };
  /** Bytes. */
  readonly stackBytes: number;
  readonly scratchBytes: number;
}

/** Why a layer has no result, in a sentence. */
export interface LeftOut {
  readonly subject: Subject;
  readonly reason: string;
}

const alignment = 16;
/** More than this much time a value takes no core, cycles: for the time-out alone. */
const mostCyclesPerValue = 200;

/** Places in the memory of the board, one after another. */
class Layout {
  readonly #bytes: number;
  #at = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Offset of so many bytes more; `undefined` when there is no room. */
  place(bytes: number): number | undefined {
    const at = Math.ceil(this.#at / alignment) * alignment;
    if (at + bytes > this.#bytes) return undefined;
    this.#at = at + bytes;
    return at;
  }

  mark(): number {
    return this.#at;
  }

  backTo(mark: number): void {
    this.#at = mark;
  }
}

/** There is no room for it on this board. */
class NoRoom extends Error {}

function roomFor(layout: Layout, bytes: number): number {
  const at = layout.place(bytes);
  if (at === undefined) throw new NoRoom();
  return at;
}

const unsigned = (bytes: Int8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);

/**
 * Runs a layer `repeats` times after a first time that does not count.
 *
 * @throws BoardError when the board does not answer, or puts out anything else than it must
 */
export async function measureLayer(
  probe: Probe,
  subject: Subject,
  repeats: number,
): Promise<LayerResult | LeftOut> {
  const layout = new Layout(probe.facts.memoryBytes);
  try {
    const inputsAt: number[] = [];
    for (const input of subject.inputs) {
      const at = roomFor(layout, input.length);
      await probe.write(at, unsigned(input));
      inputsAt.push(at);
    }
    const sum = { least: 0, median: 0 };
    let [stackBytes, scratchBytes] = [0, 0];
    for (const { calls, expected } of subject.outputs) {
      const mark = layout.mark();
      const outAt = roomFor(layout, expected.length);
      let checksum: number | undefined;
      for (const call of calls) {
        const run = await placeCall(probe, layout, call, inputsAt);
        const mostMs = ((repeats + 1) * subject.work * mostCyclesPerValue * 1000) / probe.facts.clockHz;
        const measured = await probe.run(
          `running ${subject.title}`,
          { ...run, repeats, outAt, outBytes: expected.length },
          mostMs,
        );
        sum.least += measured.least;
        sum.median += measured.median;
        stackBytes = Math.max(stackBytes, measured.stackBytes);
        scratchBytes = Math.max(scratchBytes, measured.scratchBytes);
        checksum = measured.checksum;
      }
      if (subject.isExact && checksum !== undefined && checksum !== checksumOf(expected)) {
        const detail = 'the board computed something else than the network means';
        const cure = 'Load the probe anew; if it happens again, report it with the board and the layer.';
        throw new BoardError({ kind: 'unexpected', place: `running ${subject.title}`, detail, cure });
      }
      layout.backTo(mark);
    }
    return { subject, counts: sum, stackBytes, scratchBytes };
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    const bytes = probe.facts.memoryBytes;
    return { subject, reason: `It does not fit into the ${bytes} bytes that the probe has for a layer.` };
  }
}

/** There is no room for it, or none for the scratch memory that its kernel asks for. */
const isTooLarge = (error: unknown): boolean =>
  error instanceof NoRoom ||
  (error instanceof BoardError && error.fault.kind === 'refused' && error.fault.reason === outsideMemory);

/** Writes what a call reads; what it wrote for the call before is written over. */
async function placeCall(probe: Probe, layout: Layout, call: Call, inputsAt: readonly number[]) {
  const mark = layout.mark();
  const arraysAt: number[] = [];
  for (const array of Object.values(call.arrays)) {
    const bytes = bytesOfArray(array);
    const at = roomFor(layout, bytes.length);
    await probe.write(at, bytes);
    arraysAt.push(at);
  }
  const places: number[] = [];
  for (const input of call.inputs) {
    if (typeof input === 'number') places.push(inputsAt[input] ?? 0);
    else {
      const at = roomFor(layout, input.length);
      await probe.write(at, unsigned(input));
      places.push(at);
    }
  }
  const words = Int32Array.from([...Object.values(call.numbers), ...arraysAt]);
  const layerAt = roomFor(layout, words.byteLength);
  await probe.write(layerAt, new Uint8Array(words.buffer));
  // The kernel says how much it needs; the probe refuses when that is more than is left.
  const scratchAt = roomFor(layout, 0);
  layout.backTo(mark);
  const [first = 0, second = first] = places;
  return {
    kernel: kernelNumber(call.kernel),
    layerAt,
    inputsAt: [first, second] as const,
    scratchAt,
  };
}
