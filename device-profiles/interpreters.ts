/** Interpreters that several runtimes share: what they keep of a model, as data. */

import tflmCmsisNn from './interpreters/tflm-cmsis-nn.json' with { type: 'json' };
import tflmEspNn from './interpreters/tflm-esp-nn.json' with { type: 'json' };
import tflm from './interpreters/tflm.json' with { type: 'json' };
import type { Interpreter, InterpreterMemory } from './types.ts';

export const interpreters = [tflm, tflmCmsisNn, tflmEspNn] as readonly unknown[] as readonly Interpreter[];

/** With what it has of its base. Its own rules come first. */
export interface WholeInterpreter extends Interpreter {
  readonly memory: readonly InterpreterMemory[];
}

/** @throws Error for one that does not exist: the schema lists those that do. */
export function interpreterNamed(id: string): WholeInterpreter {
  const own = interpreters.find((each) => each.id === id);
  if (own === undefined) throw new Error(`There is no interpreter "${id}".`);
  const base = own.base === undefined ? undefined : interpreterNamed(own.base);
  return {
    ...own,
    ...(own.assumes === undefined && base?.assumes !== undefined && { assumes: base.assumes }),
    memory: own.memory ?? base?.memory ?? [],
    kept: [...own.kept, ...(base?.kept ?? [])],
    scratch: [...own.scratch, ...(base?.scratch ?? [])],
    sources: [...own.sources, ...(base?.sources ?? [])],
  };
}
