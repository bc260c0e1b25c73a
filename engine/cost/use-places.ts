/** Where the uses of blocks, groups and choices stand in a program, each with all its repetitions. */

import type { Statement } from '../../grammar/ast.ts';
import type { Region } from '../space/program/instructions.ts';

/** Instructions that a statement has become, with all its repetitions. */
export type Place = Pick<Region, 'statement' | 'file' | 'start' | 'end'>;

/** Repetitions of one use follow each other within the use that they stand in. In the order in which they begin. */
export function usePlaces(regions: readonly Region[]): Place[] {
  const places: { statement: Statement; file: string; start: number; end: number }[] = [];
  /** Those around the place where the next opens, outermost first, with what the last use in each has become. */
  const around: { end: number; last: (typeof places)[number] | undefined }[] = [
    { end: Infinity, last: undefined },
  ];
  for (const { statement, file, start, end } of regions) {
    while ((around.at(-1)?.end ?? Infinity) <= start) around.pop();
    const outer = around.at(-1);
    if (outer?.last?.statement === statement) outer.last.end = end;
    else {
      const place = { statement, file, start, end };
      places.push(place);
      if (outer !== undefined) outer.last = place;
    }
    around.push({ end, last: undefined });
  }
  return places;
}
