/** What the text can refer to without a declaration: operators, functions, and symbols of the context. */

import { operators } from '../../operators/words.ts';
import { functions } from '../functions.ts';
import { symbols } from '../symbols.ts';
import type { SymbolInfo } from '../types.ts';

function known(
  kind: SymbolInfo['kind'],
  documented: Iterable<readonly [name: string, documentation: string]>,
): ReadonlyMap<string, SymbolInfo> {
  return new Map(
    [...documented].map(([name, documentation]) => [
      name,
      { name, kind, definition: undefined, values: undefined, documentation },
    ]),
  );
}

const documentationOf = <T extends { readonly documentation: string }>(
  infos: ReadonlyMap<string, T>,
): readonly (readonly [string, string])[] =>
  [...infos].map(([name, { documentation }]) => [name, documentation]);

export const operatorInfos = known('operator', documentationOf(operators));
export const functionInfos = known('function', documentationOf(functions));
export const symbolInfos = known('symbol', symbols);
