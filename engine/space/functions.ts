/** The functions that expressions can call. */

export interface FunctionInfo {
  readonly name: string;
  readonly parameters: readonly string[];
  /** The last parameter may be repeated. */
  readonly variadic: boolean;
  readonly documentation: string;
  readonly apply: (...values: number[]) => number | boolean | readonly number[];
}

/**
 * The nearest multiple of 8, at least 8 and never below 90 % of `x`: `_make_divisible` of MobileNetV2
 * (Sandler et al. 2018, reference implementation in tensorflow/models).
 */
export function round8(x: number): number {
  const rounded = Math.max(8, Math.floor((x + 4) / 8) * 8);
  return rounded < 0.9 * x ? rounded + 8 : rounded;
}

/** The multiple of `n` nearest to `x`, at least `n`. */
function divisible(x: number, n: number): number {
  return Math.max(n, Math.round(x / n) * n);
}

const list: readonly FunctionInfo[] = [
  {
    name: 'round8',
    parameters: ['x'],
    variadic: false,
    documentation:
      'The nearest multiple of 8, at least 8 and never below 90 % of `x`: the channel rule of MobileNetV2.',
    apply: round8,
  },
  {
    name: 'round',
    parameters: ['x'],
    variadic: false,
    documentation: 'The nearest integer.',
    apply: Math.round,
  },
  {
    name: 'floor',
    parameters: ['x'],
    variadic: false,
    documentation: 'The greatest integer not above `x`.',
    apply: Math.floor,
  },
  {
    name: 'ceil',
    parameters: ['x'],
    variadic: false,
    documentation: 'The least integer not below `x`.',
    apply: Math.ceil,
  },
  {
    name: 'min',
    parameters: ['a', 'b'],
    variadic: true,
    documentation: 'The least of its arguments.',
    apply: Math.min,
  },
  {
    name: 'max',
    parameters: ['a', 'b'],
    variadic: true,
    documentation: 'The greatest of its arguments.',
    apply: Math.max,
  },
  {
    name: 'abs',
    parameters: ['x'],
    variadic: false,
    documentation: 'The value without its sign.',
    apply: Math.abs,
  },
  {
    name: 'log',
    parameters: ['x'],
    variadic: false,
    documentation: 'The natural logarithm.',
    apply: Math.log,
  },
  {
    name: 'dims',
    parameters: ['height', 'width'],
    variadic: true,
    documentation: 'Dimensions from numbers: `dims(k, 1)` is a kernel of `k` rows and one column.',
    apply: (...values) => values,
  },
  {
    name: 'divisible',
    parameters: ['x', 'n'],
    variadic: false,
    documentation: 'The multiple of `n` nearest to `x`, at least `n`.',
    apply: divisible,
  },
];

export const functions: ReadonlyMap<string, FunctionInfo> = new Map(list.map((info) => [info.name, info]));
