/** Where a statement stands while its space is written down. */

import type { BlockDeclaration, Span, Statement } from '../../../grammar/ast.ts';
import type { Finding } from '../problems/problem.ts';
import type { Scope } from './compile.ts';
import type { FileScope } from './file-scope.ts';
import type { TensorSlot } from './slots.ts';

/** Where a statement is being elaborated. */
export interface Body {
  readonly file: FileScope;
  readonly scope: Scope;
  /** Before the names of operators, e.g. `MB.2[1]/`. */
  readonly namePath: string;
  /** Before the ids of choices; without `[k]` inside `same`. */
  readonly choicePath: string;
  /** Before the ids of ties: the block's name, or nothing in a space. */
  readonly tiePath: string;
  /** Tensors named with `as` in the enclosing block or space. */
  readonly tensors: Map<string, TensorSlot>;
  /** What arrived at the body, if a `skip` needs it. */
  readonly input: TensorSlot | undefined;
  readonly counters: Map<string, number>;
  /** Blocks being used, outermost first. */
  readonly uses: readonly BlockDeclaration[];
  /** For the fix of a `skip`: a condition on the block's parameters. */
  readonly remedy: string | undefined;
}

/** What reads a value, and where. */
export interface Reader {
  readonly statement: Statement;
  readonly body: Body;
}

export type Report = (found: Finding, file: string, span: Span) => void;
