/**
 * Reads FlatBuffers tables from bytes that nobody vouches for.
 *
 * The JavaScript library of FlatBuffers has no verifier: an offset that points outside the file reads as
 * garbage. Here every access goes through a DataView, which throws, every vector must lie inside the file, and
 * the elements handed out are counted, since a small file can point at one long vector a million times.
 */

/** What helps against a damaged file, unless its error knows better. */
const usualCure = 'Copy the file again, or convert the model anew.';

/** The bytes are not a FlatBuffers file of the expected kind. `message` is in full sentences: cause and cure. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';

  constructor(cause: string, cure: string = usualCure) {
    super(`${cause} ${cure}`);
  }
}

/** A well-formed file that shares nothing hands out at most its own length; sharing earns some slack. */
const readAllowance = (fileBytes: number) => 8 * fileBytes + 65_536;

/** Whether the identifier of a kind of FlatBuffers file stands at bytes 4 to 7. */
export const hasIdentifier = (bytes: Uint8Array, identifier: string): boolean =>
  bytes.byteLength >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === identifier;

class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  #allowance: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#allowance = readAllowance(bytes.byteLength);
  }

  spend(amount: number): void {
    this.#allowance -= amount;
    if (this.#allowance < 0) {
      throw new MalformedFile('The file refers to the same data over and over, which no converter writes.');
    }
  }

  /** Runs `read` at a place, turning an access outside the file into a {@link MalformedFile}. */
  checked<T>(at: number, read: (view: DataView, at: number) => T): T {
    try {
      return read(this.view, at);
    } catch (error) {
      if (error instanceof RangeError) {
        const bytes = this.bytes.byteLength;
        throw new MalformedFile(
          `The file is cut off or damaged: it refers to byte ${at}, and it has ${bytes} bytes.`,
        );
      }
      throw error;
    }
  }
}

/** Bytes of the file, from the first up to, but not with, the last. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** One table. Fields are read by number; a field that is not stored reads as its default. */
export class FlatTable {
  readonly #source: Source;
  readonly #position: number;
  readonly #vtable: number;
  readonly #vtableBytes: number;

  private constructor(source: Source, position: number) {
    source.spend(1);
    this.#source = source;
    this.#position = position;
    this.#vtable = position - source.checked(position, (view, at) => view.getInt32(at, true));
    this.#vtableBytes = source.checked(this.#vtable, (view, at) => view.getUint16(at, true));
  }

  /** The root table. Throws a {@link MalformedFile} when `identifier` does not stand at bytes 4 to 7. */
  static root(bytes: Uint8Array, identifier: string): FlatTable {
    if (!hasIdentifier(bytes, identifier)) {
      throw new MalformedFile(
        `This is not a TensorFlow Lite model: bytes 5 to 8 of a model read "${identifier}".`,
        'Choose a .tflite file that a converter has written.',
      );
    }
    const source = new Source(bytes);
    return new FlatTable(
      source,
      source.checked(0, (view, at) => view.getUint32(at, true)),
    );
  }

  /** Where the elements of a list stand; empty when absent. */
  placeOf(id: number, elementBytes: number): Place {
    const { start, length } = this.#list(id, elementBytes);
    return { start, end: start + length * elementBytes };
  }

  int8(id: number): number {
    return this.#scalar(id, 0, (view, at) => view.getInt8(at));
  }

  bool(id: number): boolean {
    return this.int8(id) !== 0;
  }

  int32(id: number, schemaDefault = 0): number {
    return this.#scalar(id, schemaDefault, (view, at) => view.getInt32(at, true));
  }

  float32(id: number): number {
    return this.#scalar(id, 0, (view, at) => view.getFloat32(at, true));
  }

  uint64(id: number): number {
    return this.#scalar(id, 0, (view, at) => Number(view.getBigUint64(at, true)));
  }

  string(id: number): string {
    return new TextDecoder().decode(this.bytes(id));
  }

  /** Empty when absent. */
  bytes(id: number): Uint8Array {
    const { start, length } = this.#vector(id, 1);
    return this.#source.bytes.subarray(start, start + length);
  }

  int32s(id: number): Int32Array {
    const { start, length } = this.#vector(id, 4);
    return Int32Array.from({ length }, (_, index) => this.#source.view.getInt32(start + 4 * index, true));
  }

  float32s(id: number): Float32Array {
    const { start, length } = this.#vector(id, 4);
    return Float32Array.from({ length }, (_, index) => this.#source.view.getFloat32(start + 4 * index, true));
  }

  int64s(id: number): number[] {
    const { start, length } = this.#vector(id, 8);
    return Array.from({ length }, (_, index) =>
      Number(this.#source.view.getBigInt64(start + 8 * index, true)),
    );
  }

  table(id: number): FlatTable | undefined {
    const at = this.#at(id);
    return at === 0 ? undefined : new FlatTable(this.#source, this.#follow(at));
  }

  tables(id: number): FlatTable[] {
    const { start, length } = this.#vector(id, 4);
    return Array.from({ length }, (_, index) => new FlatTable(this.#source, this.#follow(start + 4 * index)));
  }

  /** Where the field is stored; 0 when it is not. */
  #at(id: number): number {
    const slot = 4 + 2 * id;
    if (slot + 2 > this.#vtableBytes) return 0;
    const inTable = this.#source.checked(this.#vtable + slot, (view, at) => view.getUint16(at, true));
    return inTable === 0 ? 0 : this.#position + inTable;
  }

  #scalar(id: number, schemaDefault: number, read: (view: DataView, at: number) => number): number {
    const at = this.#at(id);
    return at === 0 ? schemaDefault : this.#source.checked(at, read);
  }

  #follow(at: number): number {
    return at + this.#source.checked(at, (view) => view.getUint32(at, true));
  }

  /** The same for elements that are handed out, which are counted. */
  #vector(id: number, elementBytes: number): { start: number; length: number } {
    const found = this.#list(id, elementBytes);
    this.#source.spend(found.length);
    return found;
  }

  #list(id: number, elementBytes: number): { start: number; length: number } {
    const at = this.#at(id);
    if (at === 0) return { start: 0, length: 0 };
    const start = this.#follow(at);
    const length = this.#source.checked(start, (view) => view.getUint32(start, true));
    if (start + 4 + length * elementBytes > this.#source.bytes.byteLength) {
      throw new MalformedFile(
        `The file is cut off or damaged: the list at byte ${start} is longer than the file.`,
      );
    }
    return { start: start + 4, length };
  }
}
