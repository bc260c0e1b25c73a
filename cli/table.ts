/** Aligned columns for a terminal. */

import { visibleLine } from '../engine/space/index.ts';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Lines without trailing blanks; the first is the header. Cells may hold any text but styles. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns.map((column) => column.title), ...rows].map((row) => row.map(visibleLine));
  const widths = columns.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)));
  return all.map((row) =>
    columns
      .map((column, index) => {
        const cell = row[index] ?? '';
        const width = widths[index] ?? 0;
        return column.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
