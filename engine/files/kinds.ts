/** What kinds of files are read, and how large each may be. */

interface Kind {
  /** As in "40 MB, and a .nas file may have 8 MB at most". */
  readonly name: string;
  /** Bytes on the disk. */
  readonly most: number;
  /** Something may be writing to the end of it: what was there when it was opened is read. */
  readonly appended?: true;
}

const KB = 1024;
const MB = 1024 * KB;
const GB = 1024 * MB;

export const fileKinds = {
  /** Larger than any space that a person wrote. */
  space: { name: 'a .nas file', most: 8 * MB },
  profile: { name: 'a board or runtime', most: 8 * MB },
  decisions: { name: 'a file of decisions', most: 8 * MB },
  /** Far larger than the flash of any microcontroller. */
  model: { name: 'a model', most: 512 * MB },
  /** It holds the texts of a program with all its imports. */
  'run settings': { name: 'run.json', most: 64 * MB },
  journal: { name: 'a journal', most: GB, appended: true },
  owner: { name: 'owner.json', most: 64 * KB },
  'trial state': { name: 'the state of a trial', most: GB },
  table: { name: 'a table', most: GB },
  /** IDX, NPY and NPZ, packed or not. */
  array: { name: 'a file of arrays', most: 4 * GB },
  image: { name: 'an image', most: 64 * MB },
  /** What the drive of a board says of itself. */
  'boot loader': { name: 'INFO_UF2.TXT', most: 64 * KB },
} as const satisfies Readonly<Record<string, Kind>>;

export type FileKind = keyof typeof fileKinds;

/** As {@link Kind}, for any kind. */
export function limitsOf(kind: FileKind): Kind {
  return fileKinds[kind];
}
