/**
 * Every `.nas` file that the server knows: open documents as the person edits them, all others as they are on
 * disk. A change makes a new snapshot of that file and drops what was derived from it in the files that import
 * it; nothing is computed here before somebody asks.
 */

import { URI, Utils } from 'vscode-uri';
import type { Effort } from '../../engine/space/index.ts';
import type { SourceProvider } from '../../engine/space/types.ts';
import { applyChanges, type ContentChange } from './edits.ts';
import type { FileSystem, PathKind } from './files.ts';
import { Lines, type PositionEncoding } from './lines.ts';
import { ProfileLibrary, type KnownProfiles } from './profiles.ts';
import { Room } from './room.ts';
import { Snapshot, type Sources } from './snapshot.ts';
import type { Limits, Turn } from './turn.ts';

export class Workspace implements Sources {
  readonly files: FileSystem;
  readonly library: ProfileLibrary;
  encoding: PositionEncoding = 'utf-16';
  readonly #open = new Map<string, Snapshot>();
  /** `undefined`: looked for and not there. */
  readonly #disk = new Map<string, Snapshot | undefined>();
  readonly #room: Room;
  #folders: readonly string[] = [];
  /** Files below the folders; listed when first needed and after watched files changed. */
  #listed: readonly string[] | undefined;

  /** @param library shared by workspaces that look at the same files */
  constructor(files: FileSystem, library = new ProfileLibrary(files), room = new Room()) {
    this.files = files;
    this.library = library;
    this.#room = room;
  }

  // ---------------------------------------------------------------- what the client tells

  setFolders(folders: readonly string[]): void {
    this.#folders = folders;
    this.#listed = undefined;
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  open(uri: string, version: number, text: string): Snapshot {
    const snapshot = new Snapshot(uri, version, new Lines(text, this.encoding), this);
    this.#open.set(uri, snapshot);
    this.#invalidate(uri);
    return snapshot;
  }

  /** Returns `undefined` for a document that was never opened. */
  change(uri: string, version: number, changes: readonly ContentChange[]): Snapshot | undefined {
    const before = this.#open.get(uri);
    if (before === undefined) return undefined;
    const edited = applyChanges(before.lines, changes);
    const snapshot = before.edited(version, edited);
    this.#open.set(uri, snapshot);
    this.#invalidate(uri);
    return snapshot;
  }

  close(uri: string): void {
    this.#open.delete(uri);
    this.#disk.delete(uri);
    this.#room.forget(uri);
    this.#invalidate(uri);
  }

  /** A file was created, changed or deleted outside the editor. */
  touched(uri: string): void {
    this.#disk.delete(uri);
    this.#listed = undefined;
    if (!this.#open.has(uri)) this.#invalidate(uri);
  }

  /** The same for a file or for all that is known of a folder. */
  touchedBelow(uri: string): void {
    const below = `${uri.replace(/\/$/, '')}/`;
    const known = [...this.#disk.keys(), ...this.#open.keys()].filter((file) => file.startsWith(below));
    for (const file of new Set([uri, ...known])) this.touched(file);
  }

  /** Boards or runtimes have changed: whatever was derived from them is worked out anew. */
  profilesChanged(): void {
    this.library.forget();
    for (const [uri, snapshot] of this.#open) this.#open.set(uri, snapshot.renewed());
    for (const [uri, snapshot] of this.#disk) this.#disk.set(uri, snapshot?.renewed());
  }

  /** Bounds what is worked out in one go, where others wait. */
  turn: Turn | undefined;

  effortFor(uri: string, limits: Limits): Effort | undefined {
    return this.turn?.of(uri, limits);
  }

  stepped(): void {
    this.turn?.begin();
  }

  /** Data can be looked for, which waits for the person's trust in the workspace. */
  readsData = true;

  // ---------------------------------------------------------------- what features ask

  /** What lies where data is said to be; `undefined` where that must not be looked at or is on no disk. */
  dataKind(uri: string): PathKind | undefined {
    return this.readsData ? this.files.kind(uri) : undefined;
  }

  /** Names in a folder of data, folders with a trailing `/`; none where they must not be looked at. */
  dataNames(uri: string, most?: number): readonly string[] {
    return this.readsData ? this.files.list(uri, most) : [];
  }

  isOpen(uri: string): boolean {
    return this.#open.has(uri);
  }

  opened(): readonly Snapshot[] {
    return [...this.#open.values()];
  }

  /** Every file that was read and can be. */
  known(): readonly Snapshot[] {
    return [...this.#open.values(), ...[...this.#disk.values()].filter((file) => file !== undefined)];
  }

  /** The file as it is now, or `undefined` when it is neither open nor readable. */
  snapshot(uri: string): Snapshot | undefined {
    this.#room.used(uri);
    return this.#known(uri);
  }

  #known(uri: string): Snapshot | undefined {
    const open = this.#open.get(uri);
    if (open !== undefined) return open;
    if (!this.#disk.has(uri)) {
      const text = this.files.read(uri);
      const snapshot =
        text === undefined ? undefined : new Snapshot(uri, undefined, new Lines(text, this.encoding), this);
      this.#disk.set(uri, snapshot);
    }
    return this.#disk.get(uri);
  }

  /**
   * Forgets what was worked out of documents that nobody has asked about for long, and files that are not open. Between
   * requests only: what is at work on a snapshot may hold parts of it.
   */
  makeRoom(): void {
    for (const uri of this.#room.make((each) => this.#open.get(each) ?? this.#disk.get(each)))
      this.#disk.delete(uri);
  }

  /** URIs of all `.nas` files: open ones first, then those of the folders. */
  all(): readonly string[] {
    this.#listed ??= this.#folders.flatMap((folder) => this.files.find(folder));
    return [...new Set([...this.#open.keys(), ...this.#listed])];
  }

  /** The known files that import `uri`, directly or through others. */
  importersOf(uri: string): readonly Snapshot[] {
    const known = this.known();
    const found = new Set<string>([uri]);
    const importers: Snapshot[] = [];
    for (let grown = true; grown;) {
      grown = false;
      for (const file of known) {
        if (found.has(file.uri) || !file.imports.some((target) => found.has(target))) continue;
        found.add(file.uri);
        importers.push(file);
        grown = true;
      }
    }
    return importers;
  }

  /** UTF-16 code units that say what a file means, those of its own text and of all that it imports; see `Snapshot.weight`. */
  weight(uri: string): number {
    const files = new Set([uri]);
    let total = 0;
    for (const file of files) {
      // Nobody looks at a document because it was weighed.
      const snapshot = this.#known(file);
      total += snapshot?.weight ?? 0;
      for (const imported of snapshot?.imports ?? []) files.add(imported);
    }
    return total;
  }

  /** A document that is on no disk sees what files in the first folder of the workspace see. */
  profiles(uri: string): KnownProfiles {
    const [folder] = this.#folders;
    return uri.startsWith('file:') || folder === undefined ? this.library.of(uri) : this.library.in(folder);
  }

  // ---------------------------------------------------------------- SourceProvider

  read(path: string): ReturnType<SourceProvider['read']> {
    const snapshot = this.snapshot(path);
    return snapshot === undefined ? undefined : { text: snapshot.text, parse: snapshot.parse };
  }

  /** @see SourceProvider.instead */
  instead(uri: string): string | undefined {
    const kind = this.files.kind(uri);
    if (kind === 'folder') return 'a folder';
    return kind === 'special' ? 'a device, a pipe or a socket' : undefined;
  }

  resolve(from: string, specifier: string): string {
    // A drive of Windows is no folder beside the file.
    if (/^[A-Za-z]:[\\/]/.test(specifier)) return URI.file(specifier).toString();
    try {
      return Utils.resolvePath(Utils.dirname(URI.parse(from)), specifier).toString();
    } catch {
      return specifier;
    }
  }

  #invalidate(uri: string): void {
    for (const importer of this.importersOf(uri)) {
      const renewed = importer.renewed();
      if (this.#open.has(importer.uri)) this.#open.set(importer.uri, renewed);
      else this.#disk.set(importer.uri, renewed);
    }
  }
}
