/**
 * Long documents, and those of which much has to be worked out, are read in threads, so that nothing else waits for them
 * (see `Thread`), and one of its own for each as long as there are any, so that they do not wait for each other. The main
 * thread answers for all other documents. Which are long is known at once; which take long, when the main thread has
 * worked on them for a turn. A document that went to a thread stays there until it is closed, whatever becomes of it.
 */

import {
  DocumentDiagnosticRequest,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type DiagnosticServerCancellationData,
  type InitializeParams,
} from 'vscode-languageserver';
import type { Diagnostic } from 'vscode-languageserver-types';
import { Lines } from '../analysis/lines.ts';
import { toLspDiagnostic } from '../diagnostics/index.ts';
import { isForThread } from './length.ts';
import { log } from './log.ts';
import type { Session } from './session.ts';
import { settingsMethod, Thread } from './thread.ts';

/** Whoever waits longer is told to ask again; the answer is kept for then. */
const patienceMs = 800;
/** A thread without a document that is open for this long, and its memory, are given back. */
const idleMs = 60_000;
/** Each takes some 35 MB before it reads anything. */
const mostThreads = 3;

export class Annex {
  readonly #session: Session;
  readonly #entry: string;
  readonly #onLate: () => void;
  #params: InitializeParams | undefined;
  #threads: readonly Thread[] = [];
  #idle: NodeJS.Timeout | undefined;
  /** Documents that a thread failed at, with the text that it failed at. */
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

  /** What the client said of itself; the threads are told the same. */
  initialize(params: InitializeParams): void {
    this.#params = params;
  }

  /** A notification of the client, after the main thread has heard it. */
  hear(method: string, params: unknown): void {
    for (const thread of this.#threads) thread.tell(method, params);
    // A client that does not ask is sent the problems all the same.
    for (const { uri } of this.#session.workspace.opened())
      if (this.#takes(uri) && !this.hasFailed(uri)) this.take(uri);
    clearTimeout(this.#idle);
    if (this.#threads.every(({ isNeeded }) => isNeeded)) return;
    this.#idle = setTimeout(() => {
      for (const thread of this.#threads) if (!thread.isNeeded) this.#end(thread);
    }, idleMs);
    this.#idle.unref();
  }

  /** A document was closed: what it is like when it is opened again is seen then. */
  closed(uri: string): void {
    for (const thread of this.#threads) thread.release(uri);
  }

  settingsChanged(): void {
    for (const thread of this.#threads) thread.tell(settingsMethod, this.#session.settings);
  }

  /** Makes a thread answer for a document from now on. Returns the thread. */
  take(uri: string): Thread {
    const own = this.#threads.find((thread) => thread.owns(uri));
    if (own !== undefined) return own;
    if (!this.#session.taken.has(uri)) {
      this.#session.taken.add(uri);
      log(this.#session, 'info', `${uri} is long or takes long to work out, and is read in a thread.`);
      // What was begun is of no use.
      this.#session.workspace.snapshot(uri)?.letGo();
    }
    const least = this.#threads.toSorted((one, other) => one.load - other.load)[0];
    const isFree = least?.load === 0 || this.#threads.length === mostThreads;
    const thread = least !== undefined && isFree ? least : this.#start();
    thread.take(uri);
    return thread;
  }

  /** Whether a thread failed at the document as it is now: it needs more time or memory than there is. */
  hasFailed(uri: string): boolean {
    const text = this.#failed.get(uri);
    if (text === undefined) return false;
    if (this.#session.workspace.snapshot(uri)?.text === text) return true;
    this.#failed.delete(uri);
    return false;
  }

  /**
   * The answer of the thread that the document belongs to; of any thread where it belongs to none. Throws
   * `ServerCancelled` when it is not there within the patience since `asked`, a time of `performance.now()`.
   */
  async request(
    method: string,
    params: unknown,
    asked: number,
    uri?: string,
    token?: CancellationToken,
  ): Promise<unknown> {
    if (uri !== undefined && this.hasFailed(uri)) {
      if (method === DocumentDiagnosticRequest.method) return { kind: 'full', items: [this.#unread(uri)] };
      throw new ResponseError(
        LSPErrorCodes.RequestFailed,
        'This document takes more time or memory than there is.',
      );
    }
    const thread = this.#threadFor(uri);
    let isLate = false;
    const answer = thread.request(method, params, uri, token).finally(() => {
      if (isLate) this.#onLate();
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          isLate = true;
          reject(askAgain('This document is long, and the answer takes a while. Ask again.'));
        },
        asked + patienceMs - performance.now(),
      );
    });
    // Whichever comes second has nobody waiting for it.
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, patience]);
    } catch (error) {
      // The document is not read again unless another one was at fault.
      throw this.#threads.includes(thread)
        ? error
        : askAgain('The thread for long documents has ended. Ask again.');
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): void {
    clearTimeout(this.#idle);
    for (const thread of this.#threads) this.#end(thread);
  }

  /** Where what was not asked of a document of a thread is answered, too. */
  #threadFor(uri: string | undefined): Thread {
    if (uri !== undefined && this.#takes(uri)) return this.take(uri);
    return this.#threads[0] ?? this.#start();
  }

  #takes(uri: string): boolean {
    return isForThread(this.#session, uri);
  }

  #start(): Thread {
    const thread = new Thread(this.#session, this.#entry, this.#params, (why) => this.#fail(thread, why));
    this.#threads = [...this.#threads, thread];
    log(this.#session, 'info', `Thread ${this.#threads.length} for long documents was started.`);
    return thread;
  }

  #end(thread: Thread): void {
    this.#threads = this.#threads.filter((each) => each !== thread);
    thread.stop();
  }

  /** The documents that were being read are not read again as they are; the others go to other threads. */
  #fail(thread: Thread, why: string): void {
    if (!this.#threads.includes(thread)) return;
    log(this.#session, 'error', `A thread for long documents is given up: ${why}.`);
    for (const uri of thread.readNow) {
      const text = this.#session.workspace.snapshot(uri)?.text;
      if (text === undefined) continue;
      this.#failed.set(uri, text);
      if (!this.#session.client.pullDiagnostics)
        void this.#session.connection.sendDiagnostics({ uri, diagnostics: [this.#unread(uri)] });
    }
    this.#end(thread);
    this.#onLate();
  }

  /** The one problem of a document that a thread failed at. */
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
}

function askAgain(message: string): ResponseError<DiagnosticServerCancellationData> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, message, { retriggerRequest: true });
}
