/** The values that a name can have, as one line. */

import type { SymbolInfo } from '../../engine/space/types.ts';

const mostShown = 6;

/** `0.25 | 0.375 | 0.5`, shortened in the middle; `undefined` when nothing is known. */
export function valuesOf(symbol: SymbolInfo): string | undefined {
  const { values } = symbol;
  if (values === undefined || values.length === 0) return undefined;
  if (values.length <= mostShown) return values.map(readable).join(' | ');
  const first = values.slice(0, mostShown - 2).map(readable);
  return `${first.join(' | ')} | … | ${readable(values[values.length - 1] ?? '')}`;
}

/** Six digits tell apart every value a person writes; the rest is rounding of the computer. */
function readable(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : value;
}
