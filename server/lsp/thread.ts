/**
 * One thread that runs the same server and answers for documents of its own. It hears every notification, hence it knows
 * every document; what it asks of the client is passed on.
 */

import { Worker } from 'node:worker_threads';
import {
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  type CancellationToken,
  type ClientCapabilities,
  type InitializeParams,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver';
import {
  createMessageConnection,
  PortMessageReader,
  PortMessageWriter,
  type MessageConnection,
} from 'vscode-languageserver/node';
import { trustedMethod } from './protocol.ts';
import type { Session } from './session.ts';

/** A thread that has not answered for this long will not. */
const stuckMs = 30_000;

/** Tells the thread of settings, since it cannot ask the client for them. */
export const settingsMethod = 'nasturtium/settings';
/** Tells the thread of a document that is its own from now on, until it is closed. */
export const takenMethod = 'nasturtium/taken';

export interface Taken {
  readonly uri: string;
}

export class Thread {
  readonly #session: Session;
  readonly #worker: Worker;
  readonly #connection: MessageConnection;
  readonly #onFailure: (why: string) => void;
  /** Documents that it answers for. */
  readonly #own = new Set<string>();
  /** Requests that are not answered, by the document that they are about. */
  readonly #waiting = new Map<object, string | undefined>();

  /**
   * @param entry the script that serves in a thread (see `serveThread`)
   * @param params what the client said of itself
   * @param onFailure the thread has ended, or will not answer any more
   */
  constructor(
    session: Session,
    entry: string,
    params: InitializeParams | undefined,
    onFailure: (why: string) => void,
  ) {
    this.#session = session;
    this.#onFailure = onFailure;
    this.#worker = new Worker(entry);
    this.#worker.unref();
    this.#worker.on('error', (error: Error) => onFailure(error.message));
    this.#connection = createMessageConnection(
      new PortMessageReader(this.#worker),
      new PortMessageWriter(this.#worker),
    );
    this.#listen();
    this.#introduce(params);
  }

  owns(uri: string): boolean {
    return this.#own.has(uri);
  }

  /** How much is waited for here: one that has not answered will let others wait, too. */
  get load(): number {
    return this.#own.size + 100 * this.#waiting.size;
  }

  /** Documents whose requests are not answered, or all of its own where it reads without being asked. */
  get readNow(): readonly string[] {
    const asked = [...new Set(this.#waiting.values())].filter((uri) => uri !== undefined);
    return asked.length > 0 ? asked : [...this.#own];
  }

  /** Whether an open document is its own. */
  get isNeeded(): boolean {
    return [...this.#own].some((uri) => this.#session.workspace.isOpen(uri));
  }

  take(uri: string): void {
    this.#own.add(uri);
    this.tell(takenMethod, { uri } satisfies Taken);
  }

  /** A document of its own was closed, which it has been told. */
  release(uri: string): void {
    this.#own.delete(uri);
  }

  tell(method: string, params: unknown): void {
    void this.#connection.sendNotification(method, params);
  }

  async request(method: string, params: unknown, uri?: string, token?: CancellationToken): Promise<unknown> {
    const key = {};
    this.#waiting.set(key, uri);
    const stuck = setTimeout(() => this.#onFailure('does not answer'), stuckMs);
    stuck.unref();
    try {
      // A token that is `undefined` would be taken for a second parameter.
      return await (token === undefined
        ? this.#connection.sendRequest(method, params)
        : this.#connection.sendRequest(method, params, token));
    } finally {
      clearTimeout(stuck);
      this.#waiting.delete(key);
    }
  }

  stop(): void {
    this.#connection.dispose();
    void this.#worker.terminate();
  }

  #listen(): void {
    const { connection: client } = this.#session;
    this.#connection.onNotification((method, params) => {
      if (method === PublishDiagnosticsNotification.method) {
        // Boards and runtimes are told by the main thread.
        const published = params as PublishDiagnosticsParams;
        if (this.owns(published.uri)) void client.sendDiagnostics(published);
      } else if (method !== ExitNotification.method) void client.sendNotification(method, params);
    });
    this.#connection.onRequest((method, params) => client.sendRequest(method, params));
    this.#connection.listen();
  }

  /** Messages stay in order, so that none has to wait for the answer to the one before. */
  #introduce(params: InitializeParams | undefined): void {
    const { workspace, settings } = this.#session;
    this.#connection
      .sendRequest(InitializeRequest.method, {
        ...params,
        processId: null,
        capabilities: withoutAsking(params?.capabilities),
        workspaceFolders: workspace.folders.map((uri) => ({ uri, name: uri })),
      })
      .catch(() => undefined);
    this.tell(InitializedNotification.method, {});
    this.tell(settingsMethod, settings);
    // Perhaps the client has said so only after it had said that it does not.
    if (workspace.readsData) this.tell(trustedMethod, undefined);
    for (const { uri, version, text } of workspace.opened()) {
      const textDocument = { uri, languageId: 'nas', version: version ?? 0, text };
      this.tell(DidOpenTextDocumentNotification.method, { textDocument });
    }
  }
}

/** What the thread needs not ask the client, since the main thread does. */
function withoutAsking(capabilities: ClientCapabilities = {}): ClientCapabilities {
  const { workspace, ...rest } = capabilities;
  return {
    ...rest,
    workspace: {
      ...workspace,
      configuration: false,
      didChangeConfiguration: { dynamicRegistration: false },
      didChangeWatchedFiles: { dynamicRegistration: false },
    },
  };
}
