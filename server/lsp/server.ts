/** Ties a connection to the table of requests. The notifications that change state are all here. */

import {
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  DidCloseTextDocumentNotification,
  DidCreateFilesNotification,
  DidDeleteFilesNotification,
  DidOpenTextDocumentNotification,
  DidRenameFilesNotification,
  type Connection,
  type InitializeParams,
} from 'vscode-languageserver';
import type { FileSystem } from '../analysis/files.ts';
import { defaultSettings, readSettings, type Settings } from '../analysis/settings.ts';
import { clientFeatures, serverCapabilities } from './capabilities.ts';
import { Publisher } from './diagnostics.ts';
import { LensWorker } from './lenses.ts';
import { log } from './log.ts';
import { profileWatchers, WorkspaceProfiles } from './profiles.ts';
import { Refiner } from './refiner.ts';
import { Refresher } from './refresh.ts';
import { Rest } from './rest.ts';
import { routes } from './routes.ts';
import { guarded } from './scheduler.ts';
import { newSession, type Session } from './session.ts';

/**
 * Serves one client until it disconnects. `files` is how files that are not open are reached; `defaults` are the
 * settings wherever the client has none; `tidy` is called when every request has been answered for a while;
 * `watchClient` gets the number of the client's process, if it tells.
 */
export function startServer(
  connection: Connection,
  files: FileSystem,
  defaults: Settings = defaultSettings,
  tidy: () => void = () => undefined,
  watchClient: (client: number | undefined) => void = () => undefined,
): void {
  const session = newSession(connection, files, defaults, new Rest(tidy));
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

  connection.onInitialize((params) => {
    watchClient(params.processId ?? undefined);
    session.client = clientFeatures(params.capabilities);
    session.workspace.encoding = session.client.encoding;
    session.workspace.setFolders(foldersOf(params));
    session.settings = readSettings(initialSettings(params.initializationOptions), defaults);
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
        if (changed) everythingChanged();
        log(
          session,
          'info',
          `The language server runs on Node ${process.versions.node} as process ${process.pid}.`,
        );
      })
      .catch((error: unknown) => log(session, 'warning', `Settings could not be read: ${String(error)}`));
  });

  connection.onNotification(DidOpenTextDocumentNotification.type, ({ textDocument }) =>
    guarded(session, 'Opening a document', () => {
      session.workspace.open(textDocument.uri, textDocument.version, textDocument.text);
      log(session, 'debug', `Opened ${textDocument.uri}, ${textDocument.text.length} characters`);
      publisher.changed(textDocument.uri);
      profiles.opened(textDocument.uri);
      refiner.changed(textDocument.uri);
    }),
  );

  connection.onNotification(DidChangeTextDocumentNotification.type, ({ textDocument, contentChanges }) =>
    guarded(session, 'Changing a document', () => {
      session.workspace.change(textDocument.uri, textDocument.version, contentChanges);
      publisher.changed(textDocument.uri);
      lenses.edited(textDocument.uri);
      refresher.busy();
      const affected = session.workspace
        .importersOf(textDocument.uri)
        .filter((file) => session.workspace.isOpen(file.uri));
      if (affected.length > 0) refresher.want('inlayHints', 'codeLens', 'semanticTokens');
      refiner.changed(textDocument.uri, ...affected.map(({ uri }) => uri));
    }),
  );

  connection.onNotification(DidCloseTextDocumentNotification.type, ({ textDocument }) =>
    guarded(session, 'Closing a document', () => {
      session.workspace.close(textDocument.uri);
      log(session, 'debug', `Closed ${textDocument.uri}`);
      publisher.closed(textDocument.uri);
    }),
  );

  connection.onNotification(DidChangeWatchedFilesNotification.type, ({ changes }) =>
    guarded(session, 'Changed files', () => {
      for (const { uri } of changes) session.workspace.touched(uri);
      if (changes.some(({ uri }) => profiles.concerns(uri))) profiles.reload();
      everythingChanged();
    }),
  );

  // What the editor itself does to files arrives here even where nothing watches the disk.
  const moved = (...uris: readonly string[]): void =>
    guarded(session, 'Renamed files', () => {
      for (const uri of uris) session.workspace.touchedBelow(uri);
      everythingChanged();
    });
  connection.onNotification(DidRenameFilesNotification.type, ({ files }) =>
    moved(...files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
  );
  connection.onNotification(DidCreateFilesNotification.type, ({ files }) =>
    moved(...files.map(({ uri }) => uri)),
  );
  connection.onNotification(DidDeleteFilesNotification.type, ({ files }) =>
    moved(...files.map(({ uri }) => uri)),
  );

  connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) =>
    guarded(session, 'Changed folders', () => {
      const removed = new Set(event.removed.map((folder) => folder.uri));
      const kept = session.workspace.folders.filter((folder) => !removed.has(folder));
      session.workspace.setFolders([...kept, ...event.added.map((folder) => folder.uri)]);
      profiles.settle();
      everythingChanged();
    }),
  );

  connection.onNotification(DidChangeConfigurationNotification.type, (params) => {
    void settingsAfter(session, params.settings)
      .then(() => {
        profiles.settle();
        everythingChanged();
      })
      .catch((error: unknown) => log(session, 'warning', `Settings could not be read: ${String(error)}`));
  });

  for (const route of routes(lenses)) route.register(session);

  connection.onShutdown(() => {
    refresher.stop();
    lenses.stop();
    refiner.stop();
  });
  connection.listen();
}

function foldersOf(params: InitializeParams): string[] {
  if (params.workspaceFolders !== null && params.workspaceFolders !== undefined) {
    return params.workspaceFolders.map((folder) => folder.uri);
  }
  // Clients from before workspace folders name one root.
  const { rootUri } = params as { readonly rootUri?: unknown };
  return typeof rootUri === 'string' ? [rootUri] : [];
}

/** `initializationOptions` may carry the settings, for editors without `workspace/configuration`. */
function initialSettings(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return undefined;
  return 'settings' in options ? options.settings : options;
}

async function subscribe(session: Session): Promise<void> {
  const { connection, client } = session;
  if (client.configurationChanges) {
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'nasturtium' });
  }
  if (client.watchedFiles) {
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
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
