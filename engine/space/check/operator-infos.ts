/** Operators as symbols that the text can refer to. */

import { operators } from '../../operators/words.ts';
import type { SymbolInfo } from '../types.ts';

export const operatorInfos = new Map<string, SymbolInfo>(
  [...operators.values()].map(({ name, documentation }) => [
    name,
    { name, kind: 'operator', definition: undefined, values: undefined, documentation },
  ]),
);
