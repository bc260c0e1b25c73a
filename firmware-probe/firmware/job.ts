/** A job for the runner (`harness/runner.c`), and what it prints. */

import { bytesOfArray, kernelNumber, type Call } from './lower/call.ts';

export interface JobCase {
  /** Runs that are counted together; 0 asks for the output itself. */
  readonly repeats: number;
  readonly inputs: readonly Int8Array[];
  readonly outputBytes: number;
  /** All write the same output. */
  readonly calls: readonly Call[];
}

const words = (...numbers: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(numbers).buffer);

function padded(bytes: Uint8Array): Uint8Array {
  const filled = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  filled.set(bytes);
  return filled;
}

function encodeCase({ repeats, inputs, outputBytes, calls }: JobCase): readonly Uint8Array[] {
  // Constants that a call reads come behind the inputs.
  const all = [...inputs];
  const positionOf = (input: number | Int8Array): number =>
    typeof input === 'number' ? input : all.push(input) - 1;
  const heads = calls.map(({ kernel, numbers, arrays, inputs: [first = 0, second = 0] }) => {
    const own = Object.values(numbers);
    const sizes = Object.values(arrays).map((array) => bytesOfArray(array).length);
    const at = [first, second].map(positionOf);
    return words(kernelNumber(kernel), ...at, own.length, sizes.length, ...own, ...sizes);
  });
  return [
    words(repeats, outputBytes, all.length, calls.length, ...all.map(({ length }) => length)),
    ...heads,
    ...all.map((input) => padded(bytesOfArray(input))),
    ...calls.flatMap(({ arrays }) => Object.values(arrays).map((array) => padded(bytesOfArray(array)))),
  ];
}

export const encodeJob = (cases: readonly JobCase[]): Uint8Array => Buffer.concat(cases.flatMap(encodeCase));

export interface CaseResult {
  readonly instructions: number;
  /** FNV-1a, 32 bits, hexadecimal without leading zeros. */
  readonly checksum: string;
  readonly scratchBytes: number;
  readonly output?: Int8Array;
}

/** Throws an `Error` with the line that is no result. */
export function readResults(text: string): readonly CaseResult[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const match = /^(\d+) ([0-9a-f]+) (\d+)(?: ([0-9a-f,]+))?$/.exec(line);
      if (match === null) throw new Error(`The runner printed: ${line}`);
      const [, instructions = '', checksum = '', scratch = '', output] = match;
      return {
        instructions: Number(instructions),
        checksum,
        scratchBytes: Number(scratch),
        ...(output === undefined
          ? {}
          : { output: Int8Array.from(output.split(','), (hex) => parseInt(hex, 16)) }),
      };
    });
}
