/** The chips that there is start-up code for, as `chips/chips.json` has them. */

import chipFile from './chips/chips.json' with { type: 'json' };

/** Where it begins, and bytes. */
export type Region = readonly [origin: string, bytes: number];

export interface Chip {
  readonly description: string;
  /** Flags of the compiler. */
  readonly cpu: readonly string[];
  /** The linker script of the probe. */
  readonly script: string;
  readonly sources: readonly string[];
  readonly defines?: Readonly<Record<string, string>>;
  /** For programs beside the probe, which have the whole chip; none can be made where it is not said. */
  readonly memory?: { readonly code: Region; readonly data: Region };
  readonly format: 'bin' | 'elf';
  readonly loadAddress?: string;
  /** Of QEMU, where the chip is one of its. */
  readonly machine?: string;
}

export const chips: Readonly<Record<string, Chip>> = chipFile as unknown as Readonly<Record<string, Chip>>;

/** What every image begins with. */
export const startFiles = ['cortex-m.c', 'guard.S', 'vectors.c'] as const;
