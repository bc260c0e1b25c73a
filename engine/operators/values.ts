/** Values of expressions while a walk goes through a space. */

/** `undefined`: not known, because something before it is broken; already reported. */
export type Value = number | boolean | string | readonly number[] | undefined;

export function valueText(value: Value): string {
  if (value === undefined) return 'unknown';
  return isDims(value) ? value.join('x') : String(value);
}

export function isDims(value: Value): value is readonly number[] {
  return typeof value === 'object';
}

/** What a person would call the kind of a value. */
export function describeValue(value: Value): string {
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return 'a condition (true or false)';
  if (typeof value === 'string') return `the word "${value}"`;
  return isDims(value) ? `the dimensions ${valueText(value)}` : 'not known';
}

/** `3` and `3x3` are equal where a pair is meant. */
export function equalValues(left: Value, right: Value): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (isDims(left) || isDims(right)) {
    const length = isDims(left) ? left.length : isDims(right) ? right.length : 0;
    const spread = (value: Value): readonly Value[] =>
      isDims(value) ? value : Array.from({ length }, () => value);
    const [a, b] = [spread(left), spread(right)];
    return a.length === b.length && a.every((extent, index) => extent === b[index]);
  }
  return left === right;
}

/** Removes the noise of binary fractions, so that 0.1 * 3 is shown and compared as 0.3. */
export function tidy(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}
