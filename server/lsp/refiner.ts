/**
 * Once nobody has typed for a while, makes the bounds of the open documents exact, in short slices that the next
 * keystroke ends. What the bounds say may then be other than what the client shows: it is asked to ask again.
 */

import { constraintViews } from '../analysis/constraints.ts';
import { refineRam } from '../analysis/refine.ts';
import { Cancelled, idleSliceMs, Slices } from '../analysis/slices.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Publisher } from './diagnostics.ts';
import type { Refresher } from './refresh.ts';
import type { Session } from './session.ts';

/** Longer than the pause after which shares are counted: lenses are looked at more often than bounds. */
const quietMs = 600;

export class Refiner {
  readonly #session: Session;
  readonly #publisher: Publisher;
  readonly #refresher: Refresher;
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: { isCancellationRequested: boolean } | undefined;

  constructor(session: Session, publisher: Publisher, refresher: Refresher) {
    this.#session = session;
    this.#publisher = publisher;
    this.#refresher = refresher;
  }

  /** A document has another text or meaning: what runs is out of date, and the pause begins anew. */
  changed(...uris: readonly string[]): void {
    for (const uri of uris) if (this.#session.isOwn(uri)) this.#waiting.add(uri);
    this.stop();
    this.#timer = setTimeout(() => void this.#work(), quietMs);
    // A timer must not keep a process alive whose client has gone.
    this.#timer.unref();
  }

  stop(): void {
    if (this.#running !== undefined) this.#running.isCancellationRequested = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #work(): Promise<void> {
    const token = { isCancellationRequested: false };
    this.#running = token;
    try {
      for (const uri of [...this.#waiting]) {
        const snapshot = this.#session.workspace.snapshot(uri);
        // What nobody has priced yet is refined once it is.
        if (snapshot?.derived.costs !== undefined && this.#session.workspace.isOpen(uri)) {
          await this.#refine(snapshot, new Slices(token, idleSliceMs));
        }
        this.#waiting.delete(uri);
      }
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        this.#session.connection.console.error(`Making bounds exact failed: ${String(error)}`);
      }
    }
  }

  async #refine(snapshot: Snapshot, slices: Slices): Promise<void> {
    const before = sayings(snapshot);
    if (!(await refineRam(snapshot, slices))) return;
    if (sayings(snapshot) !== before) this.#publisher.renewed(snapshot.uri);
    this.#refresher.want('inlayHints', 'codeLens');
  }
}

/** What problems are made from. */
function sayings(snapshot: Snapshot): string {
  return constraintViews(snapshot)
    .map(({ verdict, text, exact }) => `${verdict} ${text} ${exact}`)
    .join('\n');
}
