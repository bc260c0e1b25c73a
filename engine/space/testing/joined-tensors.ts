/** Tensors of the second reading of the language, and what joining them gives. */

export type Tensor = readonly [height: number, width: number, channels: number];

/** `require` is false, or shapes do not fit. */
export class Excluded extends Error {}

/** A named `add` takes one value per channel or per pixel of either as well. */
export function broadcast(tensors: readonly Tensor[]): Tensor {
  return tensors.reduce(([height, width, channels], [h, w, c]) => {
    const isPlaces = h === height && w === width;
    if (isPlaces && (c === 1 || channels === 1)) return [height, width, Math.max(c, channels)];
    if (c !== channels) throw new Excluded();
    if (isPlaces || h * w === 1) return [height, width, channels];
    if (height * width === 1) return [h, w, c];
    throw new Excluded();
  });
}

export function join(how: 'add' | 'concat', tensors: readonly Tensor[]): Tensor {
  const [first = [0, 0, 0]] = tensors;
  const [height, width, channels] = first;
  if (tensors.some(([h, w]) => h !== height || w !== width)) throw new Excluded();
  if (how === 'concat') return [height, width, tensors.reduce((sum, one) => sum + one[2], 0)];
  if (tensors.some((one) => one[2] !== channels)) throw new Excluded();
  return first;
}
