/** The shape of `measurements/libraries.json`, which says what `npm run fit` makes of which rows. */

import { Ajv } from 'ajv';
import schema from './schema/libraries.schema.json' with { type: 'json' };

/** Columns of the measurements that a profile's rows are chosen by. */
export type RowPattern = Readonly<Partial<Record<'board' | 'runtime' | 'kernels' | 'core', string>>>;

export interface LibrariesFile {
  readonly libraries: readonly {
    readonly id: string;
    readonly rows: 'inside' | 'outside';
    readonly prior: Readonly<Record<string, number>>;
    readonly carriedTo?: readonly {
      readonly runtimeFile: string;
      readonly core: string;
      readonly from: string;
      readonly pace?: number;
    }[];
    readonly profiles: readonly {
      readonly id: string;
      readonly runtimeFile: string;
      readonly core: string;
      readonly boards: readonly string[];
      readonly hardware: string;
      readonly version?: string;
      readonly helper?: boolean;
      readonly rows: RowPattern;
      readonly build: string;
    }[];
  }[];
}

const isLibrariesFile = new Ajv({ allErrors: true }).compile<LibrariesFile>(schema);

/** Throws with place and reason when `value` is not as its schema says. */
export function checkLibraries(value: unknown): LibrariesFile {
  if (isLibrariesFile(value)) return value;
  const [first] = isLibrariesFile.errors ?? [];
  throw new Error(
    `libraries.json: ${first?.instancePath ?? ''} ${first?.message ?? 'is not as its schema says'}.`,
  );
}
