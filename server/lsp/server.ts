/** Ties a connection to the table of requests. The notifications that change state are all here. */

import * as lsp from 'vscode-languageserver';
import { parse } from '../../grammar/index.ts';
import type { FileSystem } from '../analysis/files.ts';
import { defaultSettings, readSettings, type Settings } from '../analysis/settings.ts';
import { Turn } from '../analysis/turn.ts';
import { Annex } from './annex.ts';
import { clientFeatures, serverCapabilities } from './capabilities.ts';
import { DataPlaces } from './data-places.ts';
import { Publisher } from './diagnostics.ts';
import { LensWorker } from './lenses.ts';
import { isForThread } from './length.ts';
import { log } from './log.ts';
import { profileWatchers, WorkspaceProfiles } from './profiles.ts';
import { Refiner } from './refiner.ts';
import { Refresher } from './refresh.ts';
import { Rest } from './rest.ts';
import { trustedMethod } from './protocol.ts';
import { routes } from './routes.ts';
import { guarded } from './scheduler.ts';
import { newSession, type Session } from './session.ts';
import { settingsMethod, takenMethod, type Taken } from './thread.ts';

/** What the process around a server does for it. */
export interface Host {
  /** Called when every request has been answered for a while. */
  readonly tidy?: () => void;
  /** Gets the number of the client's process, if it tells. */
  readonly watchClient?: (client: number | undefined) => void;
  /** The script that serves in a thread; without it, long documents are read as all others are. */
  readonly threadEntry?: string | undefined;
  /** This is such a thread: it works on the documents that it is given. */
  readonly isThread?: boolean;
}

/**
 * Serves one client until it disconnects. `files` is how files that are not open are reached; `defaults` are the
 * settings wherever the client has none.
 */
export function startServer(
  connection: lsp.Connection,
  files: FileSystem,
  defaults: Settings = defaultSettings,
  host: Host = {},
): void {
  const session = newSession(connection, files, defaults, new Rest(host.tidy ?? (() => undefined)));
  const refresher = new Refresher(session);
  const publisher = new Publisher(session);
  const lenses = new LensWorker(session, refresher);
  const profiles = new WorkspaceProfiles(session);
  const refiner = new Refiner(session, publisher, refresher);
  session.priced = (uri) => refiner.changed(uri);
  /** Whatever is shown may rest on what has changed. */
  const everythingChanged = (): void => {
    publisher.allChanged();
    refresher.want('inlayHints', 'codeLens', 'semanticTokens');
    refiner.changed(...session.workspace.opened().map(({ uri }) => uri));
  };

  if (host.threadEntry !== undefined) {
    session.annex = new Annex(session, host.threadEntry, everythingChanged);
    session.isOwn = (uri) => !isForThread(session, uri);
    session.workspace.turn = new Turn();
  } else if (host.isThread === true) {
    session.isOwn = (uri) => session.taken.has(uri);
    connection.onNotification(takenMethod, ({ uri }: Taken) => {
      session.taken.add(uri);
      publisher.changed(uri);
      refiner.changed(uri);
    });
    connection.onNotification(settingsMethod, (settings: Settings) => {
      session.settings = settings;
      guarded(session, 'Reading boards and runtimes', () => profiles.settle());
      everythingChanged();
    });
  }
  const settingsChanged = (): void => {
    session.annex?.settingsChanged();
    everythingChanged();
  };
  /** A notification that the threads for long documents hear too. */
  const hear = <P, RO>(
    type: lsp.ProtocolNotificationType<P, RO>,
    what: string,
    handle: (params: P) => void,
  ): void => {
    connection.onNotification(type, (params) => {
      guarded(session, what, () => handle(params));
      session.annex?.hear(type.method, params);
    });
  };
  const places = new DataPlaces(session, everythingChanged);

  connection.onInitialize((params) => {
    host.watchClient?.(params.processId ?? undefined);
    session.annex?.initialize(params);
    session.client = clientFeatures(params.capabilities);
    session.workspace.encoding = session.client.encoding;
    session.workspace.setFolders(foldersOf(params));
    session.settings = readSettings(initialSettings(params.initializationOptions), defaults);
    session.workspace.readsData = isTrusted(params.initializationOptions);
    // The first text makes the parser: better while the client reads the answer than when somebody waits.
    setImmediate(() => parse(''));
    return {
      capabilities: serverCapabilities(session.client),
      serverInfo: { name: 'nasturtium' },
    };
  });

  connection.onInitialized(() => {
    void subscribe(session)
      .then(() => pullSettings(session))
      .then((changed) => {
        guarded(session, 'Reading boards and runtimes', () => profiles.settle());
        if (changed) settingsChanged();
        places.start();
        log(
          session,
          'info',
          `The language server runs on Node ${process.versions.node} as process ${process.pid}.`,
        );
      })
      .catch((error: unknown) => log(session, 'warning', `Settings could not be read: ${String(error)}`));
  });

  hear(lsp.DidOpenTextDocumentNotification.type, 'Opening a document', ({ textDocument }) => {
    session.workspace.open(textDocument.uri, textDocument.version, textDocument.text);
    log(session, 'debug', `Opened ${textDocument.uri}, ${textDocument.text.length} characters`);
    publisher.changed(textDocument.uri);
    profiles.opened(textDocument.uri);
    refiner.changed(textDocument.uri);
  });

  hear(
    lsp.DidChangeTextDocumentNotification.type,
    'Changing a document',
    ({ textDocument, contentChanges }) => {
      session.workspace.change(textDocument.uri, textDocument.version, contentChanges);
      publisher.changed(textDocument.uri);
      lenses.edited(textDocument.uri);
      refresher.busy();
      const affected = session.workspace
        .importersOf(textDocument.uri)
        .filter((file) => session.workspace.isOpen(file.uri));
      if (affected.length > 0) refresher.want('inlayHints', 'codeLens', 'semanticTokens');
      refiner.changed(textDocument.uri, ...affected.map(({ uri }) => uri));
    },
  );

  hear(lsp.DidCloseTextDocumentNotification.type, 'Closing a document', ({ textDocument }) => {
    session.workspace.close(textDocument.uri);
    session.taken.delete(textDocument.uri);
    session.annex?.closed(textDocument.uri);
    log(session, 'debug', `Closed ${textDocument.uri}`);
    publisher.closed(textDocument.uri);
  });

  hear(lsp.DidChangeWatchedFilesNotification.type, 'Changed files', ({ changes }) => {
    for (const { uri } of changes) session.workspace.touched(uri);
    if (changes.some(({ uri }) => profiles.concerns(uri))) profiles.reload();
    everythingChanged();
  });

  // What the editor itself does to files arrives here even where nothing watches the disk.
  const moved = (...uris: readonly string[]): void => {
    for (const uri of uris) session.workspace.touchedBelow(uri);
    everythingChanged();
  };
  hear(lsp.DidRenameFilesNotification.type, 'Renamed files', ({ files }) =>
    moved(...files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
  );
  hear(lsp.DidCreateFilesNotification.type, 'Created files', ({ files }) =>
    moved(...files.map(({ uri }) => uri)),
  );
  hear(lsp.DidDeleteFilesNotification.type, 'Deleted files', ({ files }) =>
    moved(...files.map(({ uri }) => uri)),
  );

  hear(trustedNotification, 'Looking for data', () => {
    session.workspace.readsData = true;
    everythingChanged();
  });

  hear(lsp.DidChangeWorkspaceFoldersNotification.type, 'Changed folders', ({ event }) => {
    const removed = new Set(event.removed.map((folder) => folder.uri));
    const kept = session.workspace.folders.filter((folder) => !removed.has(folder));
    session.workspace.setFolders([...kept, ...event.added.map((folder) => folder.uri)]);
    profiles.settle();
    everythingChanged();
  });

  connection.onNotification(lsp.DidChangeConfigurationNotification.type, (params) => {
    void settingsAfter(session, params.settings)
      .then(() => {
        profiles.settle();
        settingsChanged();
      })
      .catch((error: unknown) => log(session, 'warning', `Settings could not be read: ${String(error)}`));
  });

  for (const route of routes(lenses)) route.register(session);

  connection.onShutdown(() => {
    publisher.stop();
    refresher.stop();
    lenses.stop();
    refiner.stop();
    session.annex?.stop();
    places.stop();
  });
  connection.listen();
}

function foldersOf(params: lsp.InitializeParams): string[] {
  if (params.workspaceFolders !== null && params.workspaceFolders !== undefined) {
    return params.workspaceFolders.map((folder) => folder.uri);
  }
  // Clients from before workspace folders name one root.
  const { rootUri } = params as { readonly rootUri?: unknown };
  return typeof rootUri === 'string' ? [rootUri] : [];
}

/** Unless the client says that the workspace is not trusted. */
function isTrusted(options: unknown): boolean {
  return !(
    typeof options === 'object' &&
    options !== null &&
    'trusted' in options &&
    options.trusted === false
  );
}

const trustedNotification = new lsp.ProtocolNotificationType<null, void>(trustedMethod);

/** `initializationOptions` may carry the settings, for editors without `workspace/configuration`. */
function initialSettings(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return undefined;
  return 'settings' in options ? options.settings : options;
}

async function subscribe(session: Session): Promise<void> {
  const { connection, client } = session;
  if (client.configurationChanges) {
    await connection.client.register(lsp.DidChangeConfigurationNotification.type, { section: 'nasturtium' });
  }
  if (client.watchedFiles) {
    await connection.client.register(lsp.DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: '**/*.nas' }, ...profileWatchers],
    });
  }
}

/** Returns whether there was anything to read. */
async function pullSettings(session: Session): Promise<boolean> {
  if (!session.client.configuration) return false;
  const raw: unknown = await session.connection.workspace.getConfiguration('nasturtium');
  if (raw === null || raw === undefined) return false;
  session.settings = readSettings(raw, session.defaults);
  return true;
}

async function settingsAfter(session: Session, pushed: unknown): Promise<void> {
  if (await pullSettings(session)) return;
  if (typeof pushed === 'object' && pushed !== null && 'nasturtium' in pushed) {
    session.settings = readSettings(pushed.nasturtium, session.defaults);
  }
}
