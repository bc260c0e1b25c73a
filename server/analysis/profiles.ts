/**
 * The boards and runtimes that a file can use: those that ship, those of every folder `.nasturtium` from the root of
 * the file system down to the file, and those of folders that a setting or the command line names. Of two with one
 * id the nearer counts; named folders count most. Read when first asked for and again after {@link ProfileLibrary.forget}.
 */

import { URI, Utils } from 'vscode-uri';
import { shippedProfiles, type Profiles } from '../../engine/cost/index.ts';
import { loadProfiles, type LoadedProfiles, type ProfileProblem } from '../../device-profiles/load.ts';
import type { Board, Runtime } from '../../device-profiles/types.ts';
import type { FileSystem } from './files.ts';

/** A folder of this name holds a workspace's own `boards/*.json` and `runtimes/*.json`. */
export const profilesFolder = '.nasturtium';

const kinds = ['boards', 'runtimes'] as const;

export interface KnownProfiles extends Profiles {
  /** URI of the file that an added board or runtime comes from; nothing for those that ship. */
  readonly origins: LoadedProfiles['origins'];
}

const shipped: KnownProfiles = { ...shippedProfiles, origins: new Map<Board | Runtime, string>() };

/** Folders above a file are few; more means that links lead round in a circle. */
const mostFolders = 64;

export class ProfileLibrary {
  readonly #files: FileSystem;
  #named: readonly string[] = [];
  /** By the folder of the file that asks. */
  #byFolder = new Map<string, KnownProfiles>();
  /** By the files that were found, so that folders which see the same share one set, and targets with it. */
  #bySources = new Map<string, LoadedProfiles>();
  #read = new Set<string>();

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** Folders (URIs) beside those that are found. */
  setNamed(folders: readonly string[]): void {
    this.#named = folders;
    this.forget();
  }

  get named(): readonly string[] {
    return this.#named;
  }

  /** Files have changed. */
  forget(): void {
    this.#byFolder = new Map();
    this.#bySources = new Map();
    this.#read = new Set();
  }

  /** What a file can use, by its URI. One that is on no disk sees the named folders alone. */
  of(uri: string): KnownProfiles {
    const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
    let known = this.#byFolder.get(folder);
    if (known === undefined) this.#byFolder.set(folder, (known = this.in(folder)));
    return known;
  }

  /** What files in a folder can use. */
  in(folder: string): KnownProfiles {
    const sources = [...above(folder).map((each) => `${each}/${profilesFolder}`), ...this.#named]
      .flatMap((each) => kinds.flatMap((kind) => this.#jsonIn(`${each.replace(/\/$/, '')}/${kind}`)))
      .filter((uri, index, all) => all.lastIndexOf(uri) === index);
    if (sources.length === 0) return shipped;
    const key = sources.join('\n');
    let loaded = this.#bySources.get(key);
    if (loaded === undefined) {
      const read = sources.map((path) => ({ path, text: this.#files.read(path) }));
      const files = read.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
      const known = loadProfiles(files);
      const lost = read.flatMap(({ path, text }) => (text === undefined ? [unreadable(path)] : []));
      loaded = { ...known, problems: [...known.problems, ...lost] };
      this.#bySources.set(key, loaded);
      for (const { path } of read) this.#read.add(path);
    }
    return loaded;
  }

  /** What is wrong with the files that were read, by URI; an empty list for one that is whole. */
  problems(): ReadonlyMap<string, readonly ProfileProblem[]> {
    const found = new Map<string, Map<string, ProfileProblem>>();
    for (const uri of this.#read) found.set(uri, new Map());
    for (const { problems } of this.#bySources.values()) {
      for (const problem of problems) {
        found.get(problem.path)?.set(`${problem.start} ${problem.end} ${problem.message}`, problem);
      }
    }
    return new Map([...found].map(([uri, problems]) => [uri, [...problems.values()]]));
  }

  /** Whether a change of this file or folder can change what is known. */
  concerns(uri: string): boolean {
    return (
      uri.includes(`/${profilesFolder}/`) ||
      uri.endsWith(`/${profilesFolder}`) ||
      this.#named.some((folder) => uri.startsWith(folder))
    );
  }

  #jsonIn(folder: string): string[] {
    return this.#files
      .list(folder)
      .filter((name) => name.endsWith('.json') && !name.includes('/'))
      .map((name) => `${folder}/${encodeURIComponent(name)}`);
  }
}

/** A link that leads nowhere, a device, a file that is not the person's to read, or one that is no text. */
function unreadable(path: string): ProfileProblem {
  const message =
    'This file cannot be read, so its board or runtime is not known. It has to be a regular text file that you may read.';
  return { code: 'profile/json', severity: 'error', path, pointer: '', start: 0, end: 0, message };
}

/** The folder and all above it, the root first, without a slash at the end. */
export function above(folder: string): string[] {
  const found: string[] = [];
  let at = URI.parse(folder.replace(/\/+$/, '') || folder);
  if (at.scheme !== 'file' || at.path === '') return [];
  for (let count = 0; count < mostFolders; count++) {
    found.unshift(at.toString().replace(/\/$/, ''));
    const parent = Utils.dirname(at);
    if (parent.path === at.path) break;
    at = parent;
  }
  return found;
}
