/**
 * Makes examples/data/people: grey pictures with and without a person, drawn by this program with a fixed seed, in
 * folders as people sort them. `node engine/train/data/make/people.ts`
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { random, type Random } from '../../random.ts';

const SIZE = 96;
const PER_CLASS = { train: 40, val: 8, test: 12 } as const;
const LEVELS = 16;

type Inside = (x: number, y: number) => boolean;

const disc =
  (x0: number, y0: number, r: number): Inside =>
  (x, y) =>
    (x - x0) ** 2 + (y - y0) ** 2 < r * r;
const box =
  (x0: number, y0: number, x1: number, y1: number): Inside =>
  (x, y) =>
    x > x0 && x < x1 && y > y0 && y < y1;
/** A limb or a post, from one point to another. */
const bar =
  (x0: number, y0: number, x1: number, y1: number, r: number): Inside =>
  (x, y) => {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const at = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
    return (x - x0 - at * dx) ** 2 + (y - y0 - at * dy) ** 2 < r * r;
  };
const any =
  (...parts: readonly Inside[]): Inside =>
  (x, y) =>
    parts.some((part) => part(x, y));

/** Of height 1, feet at (0, 0), `y` upwards. */
function person(source: Random): Inside {
  const stride = 0.06 + 0.08 * source.unit();
  const [left, right] = [0.1 + 0.2 * source.unit(), 0.1 + 0.2 * source.unit()];
  return any(
    disc(0, 0.9, 0.08),
    bar(0, 0.78, 0, 0.5, 0.1),
    bar(0, 0.5, -stride, 0, 0.045),
    bar(0, 0.5, stride, 0, 0.045),
    bar(-0.08, 0.76, -left, 0.48, 0.035),
    bar(0.08, 0.76, right, 0.5, 0.035),
  );
}

/** What stands about where no person is: a tree, a lamp, a chair, a house. */
const THINGS: readonly ((source: Random) => Inside)[] = [
  (source) => any(bar(0, 0, 0, 0.5, 0.05), disc(0, 0.72, 0.2 + 0.08 * source.unit())),
  () => any(bar(0, 0, 0, 0.9, 0.02), bar(0, 0.9, 0.18, 0.9, 0.02), disc(0.2, 0.86, 0.06)),
  () =>
    any(
      box(-0.2, 0, -0.14, 0.4),
      box(0.14, 0, 0.2, 0.4),
      box(-0.2, 0.36, 0.2, 0.44),
      box(-0.2, 0.4, -0.13, 0.9),
    ),
  () => any(box(-0.3, 0, 0.3, 0.5), (x, y) => y >= 0.5 && y < 0.95 - Math.abs(x) * 1.3),
];

function draw(withPerson: boolean, source: Random): Uint8Array {
  const horizon = 40 + 30 * source.unit();
  const [sky, ground] = [120 + source.int(120), 40 + source.int(90)];
  const things = Array.from({ length: 1 + source.int(2) }, () => THINGS[source.int(THINGS.length)]?.(source));
  const placed = [...things, ...(withPerson ? [person(source)] : [])].map((inside) => ({
    inside: inside ?? (() => false),
    height: 40 + 35 * source.unit(),
    x: 16 + (SIZE - 32) * source.unit(),
    foot: horizon + 4 + (SIZE - horizon - 6) * source.unit(),
    shade: source.int(2) === 0 ? 10 + source.int(50) : 190 + source.int(60),
  }));
  return Uint8Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    let level = y < horizon ? sky - y / 3 : ground + (y - horizon) / 2;
    for (const { inside, height, x: left, foot, shade } of placed) {
      if (inside((x - left) / height, (foot - y) / height)) level = shade;
    }
    const step = 255 / (LEVELS - 1);
    return Math.round(
      Math.max(0, Math.min(LEVELS - 1, Math.round((level + 4 * source.normal()) / step))) * step,
    );
  });
}

const root = join(import.meta.dirname, '../../../../examples/data/people');
for (const [split, perClass] of Object.entries(PER_CLASS)) {
  const source = random(96, split);
  for (const name of ['nobody', 'person']) {
    const folder = join(root, split, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (let i = 0; i < perClass; i++) {
      const image = new PNG({ width: SIZE, height: SIZE });
      draw(name === 'person', source).forEach((level, at) =>
        image.data.fill(level, at * 4, at * 4 + 3).fill(255, at * 4 + 3, at * 4 + 4),
      );
      const bytes = PNG.sync.write(image, { colorType: 0, inputHasAlpha: true, deflateLevel: 9 });
      writeFileSync(join(folder, `${String(i).padStart(2, '0')}.png`), bytes);
    }
  }
}
