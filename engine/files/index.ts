/** The one door for reading files: regular files only, a limit of size by kind, and never a wait. */

export { collect } from './collect.ts';
export { FileError, type FileErrorCode, reasonOf } from './file-error.ts';
export type { FileKind } from './kinds.ts';
export { pathKind } from './path-kind.ts';
export { readBytes, readBytesSync, readText, readTextSync } from './read.ts';
export { makeFolder, writeWhole } from './write-whole.ts';
export { RegularFile, type OpenOptions } from './regular-file.ts';
