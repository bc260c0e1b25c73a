/**
 * Frames on the wire, the same over USB and over a serial line: `version u8 | kind u8 | sequence u16 | payload | crc u32`,
 * little-endian, stuffed by COBS (Cheshire and Baker, "Consistent Overhead Byte Stuffing", 1999) and between two zeros, so
 * that a whole frame is read whatever was lost or garbled before. The checksum is CRC-32 as in Ethernet. The board's side is
 * `firmware/probe/frame.c`.
 */

import { crc32 } from 'node:zlib';

export const frameVersion = 1;
/** Most bytes of payload. */
export const mostPayload = 1024;
const around = 8;
const mostStuffed = mostPayload + around + Math.ceil((mostPayload + around) / 254) + 1;

export interface Frame {
  readonly kind: number;
  /** 0 to 65535; an answer has that of its question. */
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Without the zeros around. */
function stuffed(bytes: Uint8Array): number[] {
  const wire: number[] = [0];
  let code = 0;
  for (const byte of bytes) {
    if (byte !== 0) wire.push(byte);
    if (byte === 0 || wire.length - code === 0xff) {
      wire[code] = wire.length - code;
      code = wire.length;
      wire.push(0);
    }
  }
  wire[code] = wire.length - code;
  return wire;
}

/** `undefined` where it was not stuffed so. */
function unstuffed(wire: readonly number[]): Uint8Array<ArrayBuffer> | undefined {
  const bytes: number[] = [];
  for (let from = 0; from < wire.length;) {
    const code = wire[from] ?? 0;
    if (code === 0 || from + code > wire.length) return undefined;
    for (let i = 1; i < code; i++) bytes.push(wire[from + i] ?? 0);
    from += code;
    if (code < 0xff && from < wire.length) bytes.push(0);
  }
  return Uint8Array.from(bytes);
}

/** As it goes over the wire. @throws RangeError for more than {@link mostPayload} bytes. */
export function writeFrame({ kind, sequence, payload }: Frame): Uint8Array<ArrayBuffer> {
  if (payload.length > mostPayload) throw new RangeError(`A frame has no room for ${payload.length} bytes.`);
  const bytes = new Uint8Array(payload.length + around);
  const view = new DataView(bytes.buffer);
  bytes[0] = frameVersion;
  bytes[1] = kind;
  view.setUint16(2, sequence, true);
  bytes.set(payload, 4);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
  return Uint8Array.from([0, ...stuffed(bytes), 0]);
}

/** Frames out of what comes in pieces of any size. What is damaged, or of another version, is passed over and counted. */
export class FrameReader {
  #wire: number[] = [];
  /** Pieces between two zeros that were no frame. */
  damaged = 0;

  take(bytes: Uint8Array): Frame[] {
    const found: Frame[] = [];
    for (const byte of bytes) {
      if (byte !== 0) {
        // One more than fits is enough to know that it is none.
        if (this.#wire.length <= mostStuffed) this.#wire.push(byte);
        continue;
      }
      const wire = this.#wire;
      this.#wire = [];
      if (wire.length === 0) continue;
      const frame = wire.length > mostStuffed ? undefined : readFrame(wire);
      if (frame === undefined) this.damaged++;
      else found.push(frame);
    }
    return found;
  }
}

function readFrame(wire: readonly number[]): Frame | undefined {
  const bytes = unstuffed(wire);
  if (bytes === undefined || bytes.length < around || bytes[0] !== frameVersion) return undefined;
  const view = new DataView(bytes.buffer);
  if (view.getUint32(bytes.length - 4, true) !== crc32(bytes.subarray(0, -4))) return undefined;
  return { kind: view.getUint8(1), sequence: view.getUint16(2, true), payload: bytes.subarray(4, -4) };
}
