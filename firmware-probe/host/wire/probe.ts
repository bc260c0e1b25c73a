import { type Frame, FrameReader, mostPayload, writeFrame } from './frame.ts';
import type { Wire } from './wire.ts';

/** What may be asked, in the numbers of `firmware/probe/protocol.h`. */
const kind = { hello: 1, write: 2, read: 3, run: 4, machine: 5, leave: 6, answer: 0x80, refused: 0xff };

export type CounterSource = 'CYCCNT' | 'SysTick' | 'MCYCLE';
export type Place = 'flash' | 'SRAM';

/** What a probe says of the board that it runs on. */
export interface ProbeFacts {
  /** As in the manifest of the images. */
  readonly chip: string;
  readonly counter: CounterSource;
  /** Which kernels were compiled in: plain C, with the DSP extension, with Helium. */
  readonly kernels: 'plain' | 'dsp' | 'helium';
  readonly codeIn: Place;
  readonly dataIn: Place;
  readonly caches: readonly ('instructions' | 'data' | 'flash')[];
  /** Of the core and of its counter. */
  readonly clockHz: number;
  /** Bytes of memory for layers, weights and activations. */
  readonly memoryBytes: number;
  /** Sixteen hexadecimal digits; `undefined` where chips are not told apart. */
  readonly serial: string | undefined;
}

/** A kernel to run, with what lies where in the memory: byte offsets from its start. */
export interface Run {
  /** Number of the kernel. */
  readonly kernel: number;
  /** 1 to 32. */
  readonly repeats: number;
  /** Bytes of the output, of which the checksum is. */
  readonly outBytes: number;
  readonly layerAt: number;
  readonly inputsAt: readonly [number, number];
  readonly outAt: number;
  readonly scratchAt: number;
}

export interface Measured {
  /** Counts of the counter for one run: the least and the median of the repeats. */
  readonly least: number;
  readonly median: number;
  /** Bytes of stack that the kernel stood on. */
  readonly stackBytes: number;
  /** Bytes of scratch memory that the kernel asked for. */
  readonly scratchBytes: number;
  /** FNV-1a of the output, 32 bits. */
  readonly checksum: number;
}

/** Classes of instruction that a loop is made of, in the numbers of `firmware/probe/machine.h`. */
export const machineLoops = [
  'empty',
  'add',
  'load',
  'load used',
  'load byte',
  'load many',
  'store',
  'branch',
  'multiply',
  'multiply long',
  'multiply dual',
  'saturate',
  'divide',
  'vector load',
  'vector multiply',
] as const;
export type MachineLoop = (typeof machineLoops)[number];
/** Instructions of the class in one round of a loop. */
export const unrolled = 32;

/** Why a probe refuses a layer that needs more memory than there is. */
export const outsideMemory = 'the layer does not lie in the memory of the board';

const refusals: Readonly<Record<number, string>> = {
  1: 'the probe has no such kernel or loop',
  2: 'the probe did not understand the question',
  3: outsideMemory,
  4: 'the processor faulted while the layer ran',
};

/** A board answers at once but for what it measures. */
const promptMs = 1000;
const mostTries = 3;
/** Of a `write`: what is left of a frame beside the offset. */
const writeStep = mostPayload - 4;

const u32 = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What the probe is asked, typed. Whatever goes wrong is a {@link BoardError}. */
export class Probe {
  readonly #questions: Questions;
  readonly facts: ProbeFacts;

  private constructor(questions: Questions, facts: ProbeFacts) {
    this.#questions = questions;
    this.facts = facts;
  }

  /** Asks who is there. */
  static async greet(wire: Wire): Promise<Probe> {
    const questions = new Questions(wire);
    const answer = await questions.ask('greeting the probe', kind.hello, new Uint8Array(0), promptMs, 40);
    return new Probe(questions, factsOf(answer));
  }

  /** @param at byte offset in the memory */
  async write(at: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; done += writeStep) {
      const part = bytes.subarray(done, done + writeStep);
      await this.#questions.ask(
        'writing to the board',
        kind.write,
        joined(u32(at + done), part),
        promptMs,
        0,
      );
    }
  }

  async read(at: number, count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let done = 0; done < count; done += mostPayload) {
      const length = Math.min(mostPayload, count - done);
      const question = joined(u32(at + done), Uint8Array.of(length & 0xff, length >> 8));
      const view = await this.#questions.ask('reading from the board', kind.read, question, promptMs, length);
      parts.push(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    }
    return joined(...parts);
  }

  /** @param mostMs the longest that all repeats may take */
  async run(place: string, run: Run, mostMs: number): Promise<Measured> {
    const { kernel, repeats, outBytes, layerAt, inputsAt, outAt, scratchAt } = run;
    const question = joined(
      Uint8Array.of(kernel, repeats),
      u32(outBytes, layerAt, ...inputsAt, outAt, scratchAt),
    );
    const answer = await this.#questions.ask(place, kind.run, question, promptMs + mostMs, 20);
    const [least = 0, median = 0, stackBytes = 0, scratchBytes = 0, checksum = 0] = [0, 4, 8, 12, 16].map(
      (at) => answer.getUint32(at, true),
    );
    return { least, median, stackBytes, scratchBytes, checksum };
  }

  /** Counts for `rounds` of a loop; `undefined` where the core has no such instruction. */
  async machine(loop: MachineLoop, rounds: number): Promise<number | undefined> {
    const place = `measuring "${loop}"`;
    const question = joined(Uint8Array.of(machineLoops.indexOf(loop)), u32(rounds));
    const answer = await this.#questions.exchange(place, kind.machine, question, promptMs);
    if (answer.kind === kind.refused && answer.payload[0] === 1) return undefined;
    return this.#questions.checked(place, kind.machine, answer, 4).getUint32(0, true);
  }

  /** Sends the board back to its boot loader, and closes. */
  async leave(): Promise<void> {
    await this.#questions.ask('leaving the probe', kind.leave, new Uint8Array(0), promptMs, 0);
    await this.close();
  }

  close(): Promise<void> {
    return this.#questions.close();
  }
}

/** Questions with their answers over a wire that may lose either. */
class Questions {
  readonly #wire: Wire;
  readonly #reader = new FrameReader();
  #sequence = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  /** The payload of the answer. @param length bytes that it must have */
  async ask(
    place: string,
    question: number,
    payload: Uint8Array,
    timeoutMs: number,
    length: number,
  ): Promise<DataView> {
    return this.checked(place, question, await this.exchange(place, question, payload, timeoutMs), length);
  }

  checked(place: string, question: number, { kind: found, payload }: Frame, length: number): DataView {
    if (found === kind.refused) {
      const reason = refusals[payload[0] ?? 0] ?? 'the probe refused';
      throw this.#wire.fault({ kind: 'refused', place, reason });
    }
    if (found !== question + kind.answer || payload.length !== length) {
      throw this.#wire.fault({
        kind: 'unexpected',
        place,
        detail: 'the probe gave another answer than was asked for',
      });
    }
    return new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  }

  /** Every question can be asked again: it does the same then. What answers an earlier one is passed over. */
  async exchange(place: string, question: number, payload: Uint8Array, timeoutMs: number): Promise<Frame> {
    const { clock } = this.#wire;
    for (let tries = 0; tries < mostTries; tries++) {
      const sequence = (this.#sequence = (this.#sequence + 1) & 0xffff);
      await this.#wire.send(place, writeFrame({ kind: question, sequence, payload }));
      const latest = clock.now() + timeoutMs;
      const damaged = this.#reader.damaged;
      for (let left = timeoutMs; left > 0; left = latest - clock.now()) {
        const frames = this.#reader.take(await this.#wire.receive(place, left));
        const answer = frames.find((frame) => frame.sequence === sequence);
        if (answer !== undefined) return answer;
        // The answer was garbled on its way: no use in waiting for it.
        if (this.#reader.damaged > damaged) break;
      }
    }
    throw this.#wire.fault({ kind: 'timed out', place, afterMs: mostTries * timeoutMs });
  }
}

function factsOf(answer: DataView): ProbeFacts {
  const counters: readonly CounterSource[] = ['CYCCNT', 'SysTick', 'MCYCLE'];
  const [counter, kernels, codeIn, dataIn, caches] = [0, 1, 2, 3, 4].map((at) => answer.getUint8(at));
  const bytes = (at: number, count: number): Uint8Array =>
    new Uint8Array(answer.buffer, answer.byteOffset + at, count);
  const serial = Array.from(bytes(16, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const placeOf = (place: number | undefined): Place => (place === 0 ? 'flash' : 'SRAM');
  return {
    chip: new TextDecoder().decode(bytes(24, 16)).replace(/\0.*$/s, ''),
    counter: counters[counter ?? 1] ?? 'SysTick',
    kernels: kernels === 2 ? 'helium' : kernels === 1 ? 'dsp' : 'plain',
    codeIn: placeOf(codeIn),
    dataIn: placeOf(dataIn),
    caches: (['instructions', 'data', 'flash'] as const).filter(
      (_, bit) => ((caches ?? 0) & (1 << bit)) !== 0,
    ),
    clockHz: answer.getUint32(8, true),
    memoryBytes: answer.getUint32(12, true),
    serial: /^0*$/.test(serial) ? undefined : serial,
  };
}
