/** Options of operators as the schema has them, for files that no row of an operator writes: see `schema.ts`. */

export const conv2d = { padding: 0, strideW: 1, strideH: 2, dilationW: 4, dilationH: 5 } as const;
export const fullyConnected = { keepNumDims: 2 } as const;

/** `Padding` */
export const padding = { same: 0, valid: 1 } as const;

/** Members of the union `BuiltinOptions`. */
export const optionsType = { conv2d: 1, if: 92 } as const;
