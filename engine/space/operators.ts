/** The operator catalogue: what each layer takes, with the words that hovers and completion show. */

import { elementwise } from './operators/elementwise.ts';
import type { OperatorInfo } from './operators/info.ts';
import { joining } from './operators/joining.ts';
import { later } from './operators/later.ts';
import { reshaping } from './operators/reshaping.ts';
import { weighted } from './operators/weighted.ts';

export type { OperatorInfo, OperatorParameter, ValueKind } from './operators/info.ts';
export { commonParameters } from './operators/parameters.ts';

const list: readonly OperatorInfo[] = [...weighted, ...reshaping, ...joining, ...elementwise, ...later];

export const operators: ReadonlyMap<string, OperatorInfo> = new Map(list.map((info) => [info.name, info]));

/** Words with a meaning of their own in values, such as `valid`; not names of anything. */
export const valueWords: ReadonlySet<string> = new Set([
  ...list.flatMap((info) =>
    [...info.parameters, ...(info.operand ? [info.operand] : [])].flatMap((p) => p.words ?? []),
  ),
  'true',
  'false',
]);

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
