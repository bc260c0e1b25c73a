/**
 * Makes examples/data/shapes/shapes.npz: small colour pictures of ten shapes, drawn by this program with a fixed seed.
 * `node engine/train/data/make/shapes.ts`
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { random, type Random } from '../../random.ts';
import { type ByteArray, writeNpz } from './npz-file.ts';

const SIZE = 32;
const PER_CLASS = { train: 20, val: 4, test: 6 } as const;
/** Of the 256 levels of a colour as many are kept, so that the file stays small. */
const LEVELS = 16;

/** Whether a point is inside; the shape reaches from -1 to 1 in both directions. */
const SHAPES: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => x * x + y * y < 1,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.8,
  (x, y) => y < 0.8 && y > 2 * Math.abs(x) - 1,
  (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.28 && Math.max(Math.abs(x), Math.abs(y)) < 1,
  (x, y) => x * x + y * y < 1 && x * x + y * y > 0.36,
  (x, y) => Math.abs(x) + Math.abs(y) < 1,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.9 && Math.floor((y + 1) * 3) % 2 === 0,
  (x, y) => x * x + y * y < 1 && (x - 0.5) ** 2 + y * y > 0.64,
  (x, y) => Math.hypot(x, y) < 0.55 + 0.45 * Math.cos(5 * Math.atan2(y, x)),
  (x, y) => Math.min(Math.abs(x - y), Math.abs(x + y)) < 0.36 && Math.max(Math.abs(x), Math.abs(y)) < 0.9,
];

function draw(inside: (x: number, y: number) => boolean, source: Random): Uint8Array {
  const colour = (): number[] => [0, 1, 2].map(() => source.int(256));
  const [front, back] = [colour(), colour()];
  // The shape stands out, whatever the colours are.
  const brighter = source.int(2);
  const radius = 7 + 6 * source.unit();
  const [left, top] = [0, 1].map(() => radius + (SIZE - 2 * radius) * source.unit());
  const turn = (source.unit() - 0.5) * 0.6;
  const out = new Uint8Array(SIZE * SIZE * 3);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const [dx, dy] = [((i % SIZE) - (left ?? 0)) / radius, (Math.floor(i / SIZE) - (top ?? 0)) / radius];
    const x = dx * Math.cos(turn) + dy * Math.sin(turn);
    const y = dy * Math.cos(turn) - dx * Math.sin(turn);
    const isInside = inside(x, y);
    for (let c = 0; c < 3; c++) {
      const base = (isInside ? front[c] : back[c]) ?? 0;
      const level = base / 2 + (isInside === (brighter === 1) ? 120 : 8) + 3 * source.normal();
      const step = 255 / (LEVELS - 1);
      out[i * 3 + c] = Math.round(Math.round(Math.max(0, Math.min(255, level)) / step) * step);
    }
  }
  return out;
}

const folder = join(import.meta.dirname, '../../../../examples/data/shapes');
mkdirSync(folder, { recursive: true });
const arrays = Object.entries(PER_CLASS).flatMap(([split, perClass]) => {
  const source = random(32, split);
  const labels = Array.from({ length: perClass * SHAPES.length }, (_, i) => i % SHAPES.length);
  const pictures = labels.map((label) => draw(SHAPES[label] ?? (() => false), source));
  return [
    [`x_${split}`, { shape: [labels.length, SIZE, SIZE, 3], values: Buffer.concat(pictures) }],
    [`y_${split}`, { shape: [labels.length], values: Uint8Array.from(labels) }],
  ] as const;
});
writeNpz(join(folder, 'shapes.npz'), new Map<string, ByteArray>(arrays));
