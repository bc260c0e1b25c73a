/**
 * Long documents, and those of which much has to be worked out, are read in a thread of their own, so that nothing else
 * waits for them. The thread runs the same server and hears every notification, hence it knows every document; it answers
 * for those, and the main thread for all others. Which are long is known at once; which take long, when the main thread
 * has worked on them for a turn. The thread is started when the first such document is asked about.
 */

import { Worker } from 'node:worker_threads';
import {
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  LSPErrorCodes,
  PublishDiagnosticsNotification,
  ResponseError,
  type CancellationToken,
  type ClientCapabilities,
  type DiagnosticServerCancellationData,
  type InitializeParams,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver';
import {
  createMessageConnection,
  PortMessageReader,
  PortMessageWriter,
  type MessageConnection,
} from 'vscode-languageserver-protocol/node';
import type { Diagnostic } from 'vscode-languageserver-types';
import { Lines } from '../analysis/lines.ts';
import { toLspDiagnostic } from '../diagnostics/index.ts';
import { isForThread } from './length.ts';
import { log } from './log.ts';
import type { Session } from './session.ts';

/** Whoever waits longer is told to ask again; the answer is kept for then. */
const patienceMs = 900;
/** A thread that has not answered for this long will not. */
const stuckMs = 30_000;
/** Without a long document for this long, the thread and its memory are given back. */
const idleMs = 60_000;

/** Tells the thread of settings, since it cannot ask the client for them. */
export const settingsMethod = 'nasturtium/settings';
/** Tells the thread of a document that is its own from now on, though it is not long. */
export const takenMethod = 'nasturtium/taken';

export interface Taken {
  readonly uri: string;
}

interface Running {
  readonly thread: Worker;
  readonly connection: MessageConnection;
}

export class Annex {
  readonly #session: Session;
  readonly #entry: string;
  readonly #onLate: () => void;
  #params: InitializeParams | undefined;
  #running: Running | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Requests that the thread has not answered, by the document that they are about. */
  readonly #waiting = new Map<object, string | undefined>();
  /** Documents that the thread failed at, with the text that it failed at. */
  readonly #failed = new Map<string, string>();

  /**
   * @param entry the script that serves in a thread (see `serveThread`)
   * @param onLate an answer has come that its client was told to ask for again
   */
  constructor(session: Session, entry: string, onLate: () => void) {
    this.#session = session;
    this.#entry = entry;
    this.#onLate = onLate;
  }

  /** What the client said of itself; the thread is told the same. */
  initialize(params: InitializeParams): void {
    this.#params = params;
  }

  /** A notification of the client, after the main thread has heard it. */
  hear(method: string, params: unknown): void {
    const isNeeded = this.#session.workspace.opened().some(({ uri }) => this.takes(uri));
    if (this.#running !== undefined) void this.#running.connection.sendNotification(method, params);
    // It is told of every document as it is now. A client that does not ask is sent the problems all the same.
    else if (isNeeded) this.#running = this.#start();
    clearTimeout(this.#idle);
    if (this.#running === undefined || isNeeded) return;
    this.#idle = setTimeout(() => this.stop(), idleMs);
    this.#idle.unref();
  }

  settingsChanged(): void {
    void this.#running?.connection.sendNotification(settingsMethod, this.#session.settings);
  }

  /** Whether the thread answers for a document. */
  takes(uri: string): boolean {
    return isForThread(this.#session, uri);
  }

  /** Makes the thread answer for a document from now on. */
  take(uri: string): void {
    if (this.#session.taken.has(uri)) return;
    this.#session.taken.add(uri);
    log(this.#session, 'info', `${uri} takes long to work out, and is read in a thread.`);
    // What was begun is of no use.
    this.#session.workspace.snapshot(uri)?.letGo();
    if (this.#running === undefined) this.#running = this.#start();
    else void this.#running.connection.sendNotification(takenMethod, { uri } satisfies Taken);
  }

  /** Whether the thread failed at the document as it is now: it needs more time or memory than there is. */
  hasFailed(uri: string): boolean {
    const text = this.#failed.get(uri);
    if (text === undefined) return false;
    if (this.#session.workspace.snapshot(uri)?.text === text) return true;
    this.#failed.delete(uri);
    return false;
  }

  /** The thread's answer. Throws `ServerCancelled` when it takes too long. */
  async request(method: string, params: unknown, uri?: string, token?: CancellationToken): Promise<unknown> {
    if (uri !== undefined && this.hasFailed(uri)) {
      if (method === DocumentDiagnosticRequest.method) return { kind: 'full', items: [this.#unread(uri)] };
      throw new ResponseError(
        LSPErrorCodes.RequestFailed,
        'This document takes more time or memory than there is.',
      );
    }
    const running = (this.#running ??= this.#start());
    const { connection } = running;
    const key = {};
    this.#waiting.set(key, uri);
    const stuck = setTimeout(() => this.#fail('does not answer'), stuckMs);
    stuck.unref();
    let isLate = false;
    // A token that is `undefined` would be taken for a second parameter.
    const sent =
      token === undefined
        ? connection.sendRequest(method, params)
        : connection.sendRequest(method, params, token);
    const answer = sent.finally(() => {
      clearTimeout(stuck);
      this.#waiting.delete(key);
      if (isLate) this.#onLate();
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(askAgain('This document is long, and the answer takes a while. Ask again.'));
      }, patienceMs);
    });
    // Whichever comes second has nobody waiting for it.
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, patience]);
    } catch (error) {
      // The document is not read again unless another one was at fault.
      throw this.#running === running
        ? error
        : askAgain('The thread for long documents has ended. Ask again.');
    } finally {
      clearTimeout(timer);
    }
  }

  /** The one problem of a document that the thread failed at. */
  #unread(uri: string): Diagnostic {
    const message =
      'Reading this file takes more time or memory than there is, so nothing is known of it. Move parts into files of their own and import them, or take back the last change.';
    const lines = this.#session.workspace.snapshot(uri)?.lines ?? new Lines('');
    const [start, end] = [0, Math.min(1, lines.text.length)];
    const problem = { code: 'syntax/too-large', severity: 'error', message, start, end } as const;
    return toLspDiagnostic(
      { ...problem, file: uri, related: [], fixes: [] },
      this.#session.settings,
      lines,
      () => undefined,
    );
  }

  stop(): void {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    running.connection.dispose();
    void running.thread.terminate();
  }

  #start(): Running {
    const { connection: client, workspace } = this.#session;
    const thread = new Worker(this.#entry);
    thread.unref();
    const connection = createMessageConnection(new PortMessageReader(thread), new PortMessageWriter(thread));
    const running: Running = { thread, connection };
    thread.on('error', (error: Error) => this.#fail(error.message, running));
    connection.onNotification((method, params) => {
      if (method === PublishDiagnosticsNotification.method) {
        // Boards and runtimes are told by the main thread.
        const published = params as PublishDiagnosticsParams;
        if (this.takes(published.uri)) void client.sendDiagnostics(published);
      } else if (method !== ExitNotification.method) void client.sendNotification(method, params);
    });
    connection.onRequest((method, params) => client.sendRequest(method, params));
    connection.listen();
    // Messages stay in order, so that none has to wait for the answer to the one before.
    connection
      .sendRequest(InitializeRequest.method, {
        ...this.#params,
        processId: null,
        capabilities: this.#capabilities(),
        workspaceFolders: workspace.folders.map((uri) => ({ uri, name: uri })),
      })
      .catch(() => undefined);
    void connection.sendNotification(InitializedNotification.method, {});
    void connection.sendNotification(settingsMethod, this.#session.settings);
    for (const uri of this.#session.taken)
      void connection.sendNotification(takenMethod, { uri } satisfies Taken);
    for (const { uri, version, text } of workspace.opened()) {
      const textDocument = { uri, languageId: 'nas', version: version ?? 0, text };
      void connection.sendNotification(DidOpenTextDocumentNotification.method, { textDocument });
    }
    log(this.#session, 'info', 'A thread for long documents was started.');
    return running;
  }

  /** What the thread needs not ask the client, since the main thread does. */
  #capabilities(): ClientCapabilities {
    const { workspace, ...rest } = this.#params?.capabilities ?? {};
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

  /** The documents that were being read are not read again as they are. */
  #fail(why: string, of = this.#running): void {
    if (of === undefined || of !== this.#running) return;
    log(this.#session, 'error', `The thread for long documents ${why}. It is given up.`);
    for (const uri of new Set(this.#waiting.values())) {
      const text = uri === undefined ? undefined : this.#session.workspace.snapshot(uri)?.text;
      if (uri === undefined || text === undefined) continue;
      this.#failed.set(uri, text);
      if (!this.#session.client.pullDiagnostics)
        void this.#session.connection.sendDiagnostics({ uri, diagnostics: [this.#unread(uri)] });
    }
    this.#waiting.clear();
    this.stop();
    this.#onLate();
  }
}

function askAgain(message: string): ResponseError<DiagnosticServerCancellationData> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, message, { retriggerRequest: true });
}
