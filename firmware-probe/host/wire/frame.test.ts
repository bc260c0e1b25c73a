import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Frame, FrameReader, mostPayload, writeFrame } from './frame.ts';

/** Zeros and runs of 254 are where stuffing has its corners. */
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ maxLength, size: 'max' }).map((list) => list.map((byte) => (byte < 60 ? 0 : byte)));

const frames: fc.Arbitrary<Frame> = fc.record({
  kind: fc.integer({ min: 0, max: 255 }),
  sequence: fc.integer({ min: 0, max: 65535 }),
  payload: fc.oneof(bytes(mostPayload), fc.constant(new Uint8Array(mostPayload).fill(7))),
});

const same = (found: readonly Frame[], ...expected: readonly Frame[]): void => {
  const plain = (list: readonly Frame[]) => list.map((frame) => ({ ...frame, payload: [...frame.payload] }));
  assert.deepEqual(plain(found), plain(expected));
};

test('a frame comes back whatever is in it and however it is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 3 }), fc.integer({ min: 1, max: 200 }), (list, step) => {
      const wire = Buffer.concat(list.map(writeFrame));
      const reader = new FrameReader();
      const found: Frame[] = [];
      for (let at = 0; at < wire.length; at += step) found.push(...reader.take(wire.subarray(at, at + step)));
      same(found, ...list);
      assert.equal(reader.damaged, 0);
    }),
  );
});

test('between its zeros a frame has none, and no payload is too long by a byte', () => {
  const wire = writeFrame({ kind: 1, sequence: 0, payload: new Uint8Array(mostPayload) });
  assert.deepEqual([wire.indexOf(0), wire.indexOf(0, 1)], [0, wire.length - 1]);
  assert.throws(
    () => writeFrame({ kind: 1, sequence: 0, payload: new Uint8Array(mostPayload + 1) }),
    RangeError,
  );
});

test('after anything that is no frame, or is a damaged one, the next frame is read', () => {
  const damage = fc.array(
    fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('flip', 'drop', 'double', 'zero', 'cut'),
      bit: fc.nat(7),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(frames, damage, frames, (before, list, after) => {
      let wire = [...writeFrame(before)];
      for (const { at, kind, bit } of list) {
        const place = at % Math.max(1, wire.length);
        const byte = wire[place] ?? 0;
        if (kind === 'flip') wire[place] = byte ^ (1 << bit);
        else if (kind === 'zero') wire[place] = 0;
        else if (kind === 'drop') wire.splice(place, 1);
        else if (kind === 'double') wire.splice(place, 0, byte);
        else wire = wire.slice(0, place);
      }
      const reader = new FrameReader();
      const early = reader.take(Uint8Array.from(wire));
      // What was damaged does not pass for another frame: CRC-32 finds every burst of up to 32 bits, and the rest but for one in 2^32.
      for (const frame of early) same([frame], before);
      same(reader.take(writeFrame(after)).slice(-1), after);
    }),
    { numRuns: Number(process.env['FUZZ'] ?? 2000) },
  );
});

test('what never ends is not kept', () => {
  const reader = new FrameReader();
  assert.deepEqual(reader.take(new Uint8Array(1 << 20).fill(1)), []);
  same(reader.take(writeFrame({ kind: 2, sequence: 3, payload: Uint8Array.of(4) })), {
    kind: 2,
    sequence: 3,
    payload: Uint8Array.of(4),
  });
  assert.equal(reader.damaged, 1);
});
