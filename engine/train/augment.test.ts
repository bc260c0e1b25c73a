import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { augment } from './augment.ts';
import { random } from './random.ts';

const SHAPE = [4, 5, 2];
const SIZE = 40;
const picture = () => Float32Array.from({ length: SIZE }, (_, i) => i + 1);

/** `picture` moved and mirrored, by the definition. */
function moved(down: number, right: number, flipped: boolean): Float32Array {
  const from = picture();
  const out = new Float32Array(SIZE).fill(-1);
  for (let h = 0; h < 4; h++)
    for (let w = 0; w < 5; w++)
      for (let c = 0; c < 2; c++) {
        const column = flipped ? 4 - (w - right) : w - right;
        const row = h - down;
        if (row >= 0 && row < 4 && column >= 0 && column < 5)
          out[(h * 5 + w) * 2 + c] = from[(row * 5 + column) * 2 + c] ?? NaN;
      }
  return out;
}

it('moves by at most the shift and mirrors about half', () => {
  const possible = [-1, 0, 1].flatMap((down) =>
    [-1, 0, 1].flatMap((right) => [false, true].map((flipped) => moved(down, right, flipped).join())),
  );
  const seen = new Set<string>();
  const source = random(1);
  for (let i = 0; i < 400; i++) {
    const values = picture();
    augment(values, SHAPE, { shift: 1, mirror: true }, -1, source);
    assert.ok(possible.includes(values.join()));
    seen.add(values.join());
  }
  assert.equal(seen.size, possible.length);
});

it('treats each image of a batch by itself and depends on the seed alone', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), (seed, count) => {
      const run = () => {
        const values = Float32Array.from({ length: count * SIZE }, (_, i) => Math.floor(i / SIZE) + 1);
        augment(values, SHAPE, { shift: 2, mirror: true }, 0, random(seed));
        return values;
      };
      const values = run();
      assert.deepEqual(values, run());
      values.forEach((v, i) => assert.ok(v === 0 || v === Math.floor(i / SIZE) + 1));
    }),
  );
});

it('leaves images alone when it is off', () => {
  const values = picture();
  augment(values, SHAPE, { shift: 0, mirror: false }, 0, random(1));
  assert.deepEqual(values, picture());
});
