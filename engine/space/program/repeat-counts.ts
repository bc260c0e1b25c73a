/** How often a repeat can run its statement. */

import type { Expression } from '../../../grammar/ast.ts';
import { finding } from '../problems/catalogue.ts';
import type { Body } from './body.ts';
import { possibleValues } from './possible-values.ts';
import type { Compiled } from './compile.ts';
import type { Elaborator } from './elaborate.ts';
import { CHOICE_LIMIT } from './ranges.ts';
import { valueText } from '../../operators/values.ts';

/** More repetitions than a network has layers. */
const REPEAT_LIMIT = 256;

/** The counts a repeat can take, in ascending order. */
export function repeatCounts(
  elaborator: Elaborator,
  count: Compiled,
  expression: Expression,
  body: Body,
): readonly number[] {
  const values = possibleValues(count, CHOICE_LIMIT);
  if (values === undefined) {
    elaborator.report(
      finding('value/not-constant', { what: 'number of repetitions' }),
      body.file.file,
      expression,
    );
    elaborator.doubt();
    return [1];
  }
  const counts: number[] = [];
  for (const value of values) {
    if (value === undefined) continue;
    if (typeof value !== 'number' || value < 0 || value > REPEAT_LIMIT) {
      const count = typeof value === 'number' ? value : 0;
      const found =
        typeof value === 'number' && value > REPEAT_LIMIT
          ? finding('range/too-large', { what: 'repeat', count, limit: REPEAT_LIMIT })
          : finding('range/empty', { low: '0', high: valueText(value) });
      elaborator.report(found, body.file.file, expression);
      elaborator.doubt();
      return [1];
    }
    counts.push(Math.round(value));
  }
  if (counts.length === 0) elaborator.doubt();
  return counts.length === 0 ? [1] : counts.sort((a, b) => a - b);
}
