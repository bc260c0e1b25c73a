/**
 * Which measured rows make which profile of the runtimes that were not counted: read from
 * `device-profiles/measurements/libraries.json`, where a person adds their own.
 */

import { checkLibraries, type RowPattern } from '../../../device-profiles/libraries.ts';
import type { Coefficients } from './least-squares.ts';
import type { MeasuredRow } from './observations.ts';

export interface MemberSpec {
  readonly id: string;
  /** Name of the runtime file without `.json`. */
  readonly file: string;
  readonly core: string;
  /** Board ids in `device-profiles/boards`. */
  readonly boards: readonly string[];
  /** Boards that are left out together. */
  readonly hardware: string;
  /** Version and flags of the kernels: builds that share it differ by core and board alone. */
  readonly version: string;
  /** Its rows help the other members; it has no profile. */
  readonly helper: boolean;
  readonly build: string;
  /** Whether a row measures this profile. */
  accepts(row: MeasuredRow): boolean;
}

export interface Library {
  readonly id: string;
  /** Rows lie outside the project and come from `npm run fit -- --with DIR`: their source carries no licence. */
  readonly outside: boolean;
  /** Only its shape matters, not its scale. */
  readonly prior: Coefficients;
  /** Cores without rows that a profile (by its id) is brought over to. */
  readonly carriedTo: readonly {
    readonly runtimeFile: string;
    readonly core: string;
    readonly from: string;
    /** Cycles over those of that profile; where absent, by what CMSIS-NN takes on the two cores. */
    readonly pace?: number;
  }[];
  readonly members: readonly MemberSpec[];
}

function accepting(pattern: RowPattern): MemberSpec['accepts'] {
  const tests = (['board', 'runtime', 'kernels', 'core'] as const).flatMap((column) => {
    const source = pattern[column];
    return source === undefined ? [] : [{ column, expression: new RegExp(source) }];
  });
  return (row) => tests.every(({ column, expression }) => expression.test(row[column]));
}

/** Reads the file's text; throws with place and reason when it is not as its schema says. */
export function parseLibraries(text: string): readonly Library[] {
  const value = checkLibraries(JSON.parse(text));
  return value.libraries.map(({ id, rows, prior, carriedTo = [], profiles }) => ({
    id,
    outside: rows === 'outside',
    prior,
    carriedTo,
    members: profiles.map(
      ({ rows: pattern, runtimeFile: file, version = file, helper = false, ...rest }) => ({
        ...rest,
        file,
        version,
        helper,
        accepts: accepting(pattern),
      }),
    ),
  }));
}

/** Rows whose note doubts that all channels were computed, and rows whose method is not known, are never fitted. */
export function isSound(row: MeasuredRow & { readonly dtype?: string; readonly trust?: string }): boolean {
  const int8 = row.dtype === undefined || row.dtype === 'int8';
  return int8 && row.trust !== 'D' && row.model_json !== '' && !/SUSPECTED|POSSIBLE/.test(row.note);
}
