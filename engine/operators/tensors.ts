/** What an activation tensor is: a shape without the batch, and a number format. */

/**
 * `[height, width, channels]` for feature maps, `[features]` for vectors, any other rank as operators make them. All
 * entries are >= 1, but for a tensor of a `.tflite` that holds nothing, such as what an operator without an output puts
 * out: `[0]`.
 */
export type Shape = readonly number[];

/** `int64` stands for whatever takes eight bytes: only a `.tflite` holds it. */
export type DType = 'int8' | 'uint8' | 'int16' | 'int32' | 'int64' | 'float32';

/** `[height, width]` */
export type Pair = readonly [number, number];

export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** More elements (or channels, or units) than a 32-bit microcontroller or TFLite's integers can address. */
export const MOST_ELEMENTS = 2 ** 31;

export const bytesPerElement: Readonly<Record<DType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float32: 4,
};

/** Elements of a shape; 1 for the empty shape of a scalar. */
export function elementsOf(shape: Shape): number {
  let elements = 1;
  for (const extent of shape) elements *= extent;
  return elements;
}

/** `96x96x1`, as the language writes it. */
export function shapeText(shape: Shape): string {
  return shape.join('x');
}
