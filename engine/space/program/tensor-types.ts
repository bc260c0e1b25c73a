/** Shapes with their number format, numbered so that walks compare them by one integer. */

import { bytesPerElement, type DType, elementsOf, type Shape } from '../../operators/tensors.ts';

export interface TensorType {
  /** From 1. */
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly elements: number;
  readonly bytes: number;
}

export class TensorTypes {
  private readonly byKey = new Map<string | number, TensorType>();
  private readonly list: TensorType[] = [];

  of(shape: Shape, dtype: DType): TensorType {
    const key = keyOf(shape, dtype);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const elements = elementsOf(shape);
    const type: TensorType = {
      id: this.list.length + 1,
      shape,
      dtype,
      elements,
      bytes: elements * bytesPerElement[dtype],
    };
    this.byKey.set(key, type);
    this.list.push(type);
    return type;
  }

  /** Throws `RangeError` for an id that {@link of} has not given. */
  get(id: number): TensorType {
    const type = this.list[id - 1];
    if (type === undefined) throw new RangeError(`There is no tensor type ${id}.`);
    return type;
  }
}

const dtypes: readonly DType[] = ['int8', 'uint8', 'int16', 'int32', 'float32'];

/** A number for the common case, since this is on the way of every keystroke: 3 + 15 + 15 + 20 bits. */
function keyOf(shape: Shape, dtype: DType): number | string {
  const [height = 0, width = 0, channels = 0] = shape;
  if (shape.length === 3 && height < 2 ** 15 && width < 2 ** 15 && channels < 2 ** 20) {
    return ((dtypes.indexOf(dtype) * 2 ** 15 + height) * 2 ** 15 + width) * 2 ** 20 + channels;
  }
  return `${dtype}:${shape.join('x')}`;
}
