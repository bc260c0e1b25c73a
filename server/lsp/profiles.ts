/**
 * Boards and runtimes of the workspace: read when the client connects, watched, and read again when one of their
 * files changes. What is wrong with a file is pushed to that file, whatever editor it is open in; the language goes
 * on with those that are whole.
 */

import { DidChangeWatchedFilesNotification, type FileSystemWatcher } from 'vscode-languageserver';
import { URI, Utils } from 'vscode-uri';
import { Lines } from '../analysis/lines.ts';
import { above, profilesFolder } from '../analysis/profiles.ts';
import { toLspDiagnostic } from '../diagnostics/index.ts';
import { profileProblems } from '../diagnostics/profiles.ts';
import type { Session } from './session.ts';

export class WorkspaceProfiles {
  readonly #session: Session;
  /** Files whose problems the client shows. */
  #shown: ReadonlySet<string> = new Set();
  /** Folders outside the workspace that the client was asked to watch. */
  #watched = '';
  #registration: Promise<{ dispose(): void }> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Settings or folders may have changed. What is known stays unless other folders are named now. */
  settle(): void {
    const { workspace, settings } = this.#session;
    const named = this.#namedFolders(settings.profiles);
    const isSame = named.join('\n') === workspace.library.named.join('\n');
    if (!isSame) {
      workspace.library.setNamed(named);
      workspace.profilesChanged();
    }
    this.tell();
    this.#watchOutside();
  }

  /** Files have changed: reads everything anew. */
  reload(): void {
    this.#session.workspace.profilesChanged();
    this.tell();
  }

  /** Pushes the problems of every file that was read, and takes back those of files that are whole or gone. */
  tell(): void {
    const { workspace, settings, connection } = this.#session;
    // A folder may have profiles before any of its files is open.
    for (const folder of workspace.folders) workspace.library.in(folder);
    for (const snapshot of workspace.opened()) workspace.profiles(snapshot.uri);
    const problems = workspace.library.problems();
    const shown = new Set<string>();
    for (const [uri, found] of problems) {
      if (found.length === 0 && !this.#shown.has(uri)) continue;
      const text = workspace.files.read(uri);
      if (text === undefined) continue;
      const lines = new Lines(text, workspace.encoding);
      const diagnostics = profileProblems(found).map((problem) =>
        toLspDiagnostic(problem, settings, lines, () => undefined),
      );
      void connection.sendDiagnostics({ uri, diagnostics });
      if (found.length > 0) shown.add(uri);
    }
    for (const uri of this.#shown) {
      if (!problems.has(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] });
    }
    this.#shown = shown;
  }

  /** A file is open whose folders may have profiles that nobody asked for yet. */
  opened(uri: string): void {
    const { workspace } = this.#session;
    const { library } = workspace;
    const before = library.problems().size;
    workspace.profiles(uri);
    if (library.problems().size !== before) this.tell();
  }

  /** Whether a watched file that changed is one of these. */
  concerns(uri: string): boolean {
    return this.#session.workspace.library.concerns(uri);
  }

  /** A path in the settings is absolute, or begins at each folder of the workspace. */
  #namedFolders(paths: readonly string[]): string[] {
    const { folders } = this.#session.workspace;
    return paths.flatMap((path) => {
      if (/^([\\/]|[A-Za-z]:)/.test(path)) return [URI.file(path).toString()];
      return folders.map((folder) => Utils.resolvePath(URI.parse(folder), path).toString());
    });
  }

  /** Folders above the workspace and named ones lie outside what a client watches by itself. */
  #watchOutside(): void {
    const { client, connection, workspace } = this.#session;
    if (!client.watchedFiles || !client.relativePatterns) return;
    const parents = new Set(workspace.folders.flatMap((folder) => above(folder).slice(0, -1)));
    const watchers: FileSystemWatcher[] = [
      ...[...parents].map((baseUri) => ({
        globPattern: { baseUri, pattern: `${profilesFolder}/{boards,runtimes}/*.json` },
      })),
      ...workspace.library.named.map((baseUri) => ({
        globPattern: { baseUri, pattern: '{boards,runtimes}/*.json' },
      })),
    ].filter(({ globPattern }) => !isRoot(globPattern.baseUri));
    const key = JSON.stringify(watchers);
    if (key === this.#watched) return;
    this.#watched = key;
    void this.#registration?.then((registration) => registration.dispose()).catch(() => undefined);
    this.#registration =
      watchers.length === 0
        ? undefined
        : connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    this.#registration?.catch(() => undefined);
  }
}

/** Some clients watch a base folder with everything below it: never the whole disk. */
function isRoot(uri: string): boolean {
  return URI.parse(uri).path.split('/').filter(Boolean).length < 2;
}

/** Inside the workspace. The folder itself stands here because a client tells of a deleted folder by its own name. */
export const profileWatchers: readonly FileSystemWatcher[] = [
  { globPattern: `**/${profilesFolder}` },
  { globPattern: `**/${profilesFolder}/{boards,runtimes}` },
  { globPattern: `**/${profilesFolder}/{boards,runtimes}/*.json` },
];
