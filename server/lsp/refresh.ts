/**
 * Asks the client to ask again for hints, lenses and colours of documents that did not change themselves (a file
 * that they import did, or the settings). Only when it has been quiet for a while: refreshing between keystrokes
 * makes the hints flicker.
 */

import {
  CodeLensRefreshRequest,
  InlayHintRefreshRequest,
  SemanticTokensRefreshRequest,
} from 'vscode-languageserver';
import type { Session } from './session.ts';

const quietMs = 300;

export type Refreshable = 'inlayHints' | 'codeLens' | 'semanticTokens';

const requests = {
  inlayHints: InlayHintRefreshRequest.type,
  codeLens: CodeLensRefreshRequest.type,
  semanticTokens: SemanticTokensRefreshRequest.type,
} as const;

export class Refresher {
  readonly #session: Session;
  readonly #wanted = new Set<Refreshable>();
  #timer: NodeJS.Timeout | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  want(...what: readonly Refreshable[]): void {
    for (const each of what) if (this.#session.client.refresh[each]) this.#wanted.add(each);
    if (this.#wanted.size > 0) this.#start();
  }

  /** Somebody types: wait longer. */
  busy(): void {
    if (this.#timer !== undefined) this.#start();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const what of this.#wanted) {
        void this.#session.connection.sendRequest(requests[what]).catch(() => undefined);
      }
      this.#wanted.clear();
    }, quietMs);
    // A timer must not keep a process alive whose client has gone.
    this.#timer.unref();
  }
}
