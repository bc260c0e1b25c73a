/** Number formats of a `.tflite`, and the nearest that a network can say. */

import type { DType } from '../space/network.ts';
import { tensorType } from './schema.ts';

interface NumberFormat {
  /** The nearest by size that a network can say. */
  readonly dtype: DType;
  /** Whether that is the format itself. */
  readonly exact: boolean;
  readonly name: string;
}

/** Those that a network can say, and the nearest by size of the others. */
const exactFormats = ['int8', 'uint8', 'int16', 'int32', 'float32'] as const;
const nearestFormats = {
  int64: 'int64',
  uint64: 'int64',
  float64: 'int64',
  complex64: 'int64',
  complex128: 'int64',
  uint32: 'int32',
  resource: 'int32',
  variant: 'int32',
  uint16: 'int16',
  float16: 'int16',
  bfloat16: 'int16',
  bool: 'uint8',
  int4: 'uint8',
  uint4: 'uint8',
  int2: 'uint8',
  string: 'uint8',
} as const;

const formats: ReadonlyMap<number, NumberFormat> = new Map<number, NumberFormat>([
  ...exactFormats.map((name) => [tensorType[name], { dtype: name, exact: true, name }] as const),
  ...Object.entries(nearestFormats).map(
    ([name, dtype]) =>
      [tensorType[name as keyof typeof nearestFormats], { dtype, exact: false, name }] as const,
  ),
]);

export function formatOf(type: number): NumberFormat {
  return formats.get(type) ?? { dtype: 'int32', exact: false, name: `type ${type}` };
}
