/** `special` is neither a regular file nor a folder; `missing` cannot be reached. */
export type PathKind = 'file' | 'folder' | 'special' | 'missing';

/** How the analysis reaches what is not open in the editor. The server's process gives it the disk, a test a map. */
export interface FileSystem {
  /** The text of a file, or `undefined` when it cannot be read. `uri` is a URI string. */
  read(uri: string): string | undefined;
  /** URIs of the `.nas` files below a folder, in a stable order. */
  find(folder: string): readonly string[];
  /** Names in a folder, folders with a trailing `/`, at most so many; none when it cannot be read. */
  list(folder: string, most?: number): readonly string[];
  /** What lies at a place; `undefined` for what is on no disk. Nothing is opened. */
  kind(uri: string): PathKind | undefined;
}
