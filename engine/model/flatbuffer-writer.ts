/**
 * Writes FlatBuffers tables from field numbers, on top of the `flatbuffers` library's Builder.
 *
 * Vectors of numbers and equal tables of them are written once and shared: a model repeats its shapes, and
 * above all the zero points of its per-channel weights (8 bytes a channel, all zero). FlatBuffers allows any
 * number of references to one object.
 */

import { Builder } from 'flatbuffers';

export type FieldValue =
  | { readonly type: 'int8' | 'int32' | 'float32'; readonly value: number; readonly default?: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'offset'; readonly value: number };

/** Field number to value. */
export type Fields = readonly (readonly [number, FieldValue])[];

export const int8 = (value: number): FieldValue => ({ type: 'int8', value });
export const bool = (value: boolean): FieldValue => ({ type: 'bool', value });
export const float32 = (value: number): FieldValue => ({ type: 'float32', value });
export const offset = (value: number): FieldValue => ({ type: 'offset', value });
/** A value equal to the schema's default is not stored. */
export const int32 = (value: number, schemaDefault = 0): FieldValue => ({
  type: 'int32',
  value,
  default: schemaDefault,
});

const vectors = {
  int32: { bytes: 4, add: (builder: Builder, value: number) => builder.addInt32(value) },
  int64: { bytes: 8, add: (builder: Builder, value: number) => builder.addInt64(BigInt(value)) },
  float32: { bytes: 4, add: (builder: Builder, value: number) => builder.addFloat32(value) },
};

type AddNumber = (builder: Builder, id: number, value: number, schemaDefault: number) => void;

const numbers: Readonly<Record<'int8' | 'int32' | 'float32', AddNumber>> = {
  int8: (builder, ...field) => builder.addFieldInt8(...field),
  int32: (builder, ...field) => builder.addFieldInt32(...field),
  float32: (builder, ...field) => builder.addFieldFloat32(...field),
};

/** Weights and other constants begin at multiples of this, so that kernels can read them in place. */
const dataAlignment = 16;

export class FlatbufferWriter {
  readonly #builder = new Builder(1 << 16);
  readonly #shared = new Map<string, number>();

  string(text: string): number {
    return this.#builder.createString(text);
  }

  vector(type: keyof typeof vectors, values: ArrayLike<number>): number {
    return this.#once(`${type}[${Array.from(values).join()}]`, () => {
      const { bytes, add } = vectors[type];
      this.#builder.startVector(bytes, values.length, bytes);
      for (let index = values.length - 1; index >= 0; index--) add(this.#builder, values[index] ?? 0);
      return this.#builder.endVector();
    });
  }

  /** Opaque bytes, aligned to 16 bytes in the finished file. */
  data(bytes: Uint8Array): number {
    const builder = this.#builder;
    builder.startVector(1, bytes.length, dataAlignment);
    builder.pad(bytes.length);
    const buffer = builder.dataBuffer();
    buffer.bytes().set(bytes, buffer.capacity() - builder.offset());
    return builder.endVector();
  }

  offsets(offsets: readonly number[]): number {
    this.#builder.startVector(4, offsets.length, 4);
    for (const each of [...offsets].reverse()) this.#builder.addOffset(each);
    return this.#builder.endVector();
  }

  table(fields: Fields): number {
    const builder = this.#builder;
    builder.startObject(Math.max(0, ...fields.map(([id]) => id + 1)));
    for (const [id, field] of fields) {
      if (field.type === 'offset') builder.addFieldOffset(id, field.value, 0);
      else if (field.type === 'bool') builder.addFieldInt8(id, Number(field.value), 0);
      else numbers[field.type](builder, id, field.value, field.default ?? 0);
    }
    return builder.endObject();
  }

  /** A table that an equal one may stand for. */
  sharedTable(fields: Fields): number {
    return this.#once(JSON.stringify(fields), () => this.table(fields));
  }

  finish(root: number, identifier: string): Uint8Array {
    this.#builder.finish(root, identifier);
    return this.#builder.asUint8Array().slice();
  }

  #once(key: string, write: () => number): number {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const written = write();
    this.#shared.set(key, written);
    return written;
  }
}
