/** Names that every expression may read. */

/** Symbols that expressions may read without a definition. */
export const symbols: ReadonlyMap<string, string> = new Map([
  [
    'in',
    'Channels of the tensor that arrives here. In the condition of a `skip`, of what comes over the skip connection.',
  ],
  ['height', 'Height of the tensor that arrives here.'],
  ['width', 'Width of the tensor that arrives here.'],
  ['classes', 'Number of classes of the dataset.'],
]);
