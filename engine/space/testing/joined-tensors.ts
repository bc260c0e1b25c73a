/** Tensors of the second reading of the language, and what joining them gives. */

export type Tensor = readonly [height: number, width: number, channels: number];

/** `require` is false, or shapes do not fit. */
export class Excluded extends Error {}

/** A named `add` takes one value per channel as well. */
export function broadcast(tensors: readonly Tensor[]): Tensor {
  const large = tensors.find(([height, width]) => height * width > 1);
  if (large === undefined) return join('add', tensors);
  const isOnePixel = ([height, width, channels]: Tensor): boolean =>
    height * width === 1 && channels === large[2];
  return join('add', [large, ...tensors.filter((each) => !isOnePixel(each))]);
}

export function join(how: 'add' | 'concat', tensors: readonly Tensor[]): Tensor {
  const [first = [0, 0, 0]] = tensors;
  const [height, width, channels] = first;
  if (tensors.some(([h, w]) => h !== height || w !== width)) throw new Excluded();
  if (how === 'concat') return [height, width, tensors.reduce((sum, one) => sum + one[2], 0)];
  if (tensors.some((one) => one[2] !== channels)) throw new Excluded();
  return first;
}
