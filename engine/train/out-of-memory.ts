/** A training that needs more memory than there is. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';

  /** @param bytes that were wanted at once, where that is known */
  constructor(bytes?: number, options?: ErrorOptions) {
    const wanted = bytes === undefined ? '' : ` (${String(Math.ceil(bytes / 2 ** 20))} MB wanted at once)`;
    super(
      `Training ran out of memory${wanted}. Write a smaller \`batch\`, or add a constraint on macs or ram.`,
      options,
    );
  }
}

/**
 * The same error, or {@link OutOfMemory} where that is what it means: inside of WebAssembly a failed allocation shows
 * as an access to memory that is not there, in JavaScript as an array that cannot be made.
 */
export function explainMemory(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const inWasm = error.name === 'RuntimeError' && /memory|unreachable|abort/i.test(error.message);
  const inJavaScript =
    error instanceof RangeError && /allocation|array length|out of bounds/i.test(error.message);
  return inWasm || inJavaScript ? new OutOfMemory(undefined, { cause: error }) : error;
}
