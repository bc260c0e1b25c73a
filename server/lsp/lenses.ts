/**
 * Fills in code lenses, and works out what share of a space fits its constraints: in slices while nobody types,
 * kept per text of the program, then the client is told to ask again.
 */

import type { CodeLens } from 'vscode-languageserver-types';
import type { SearchSpace } from '../../engine/space/types.ts';
import { estimateShares, type Share } from '../analysis/share.ts';
import { Cancelled, idleSliceMs, Slices } from '../analysis/slices.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { searchObstacles } from '../diagnostics/search-obstacles.ts';
import { lensCommand, lensPlace } from '../features/code-lens.ts';
import { commands } from './protocol.ts';
import type { Refresher } from './refresh.ts';
import type { Session } from './session.ts';

/** Nobody has typed for this long. */
const quietMs = 400;

export class LensWorker {
  readonly #session: Session;
  readonly #refresher: Refresher;
  /** By space: a new version of a document has new spaces, so nothing stale is ever shown. */
  readonly #shares = new WeakMap<SearchSpace, readonly Share[]>();
  readonly #running = new Map<string, { isCancellationRequested: boolean }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(session: Session, refresher: Refresher) {
    this.#session = session;
    this.#refresher = refresher;
  }

  resolve(lens: CodeLens, snapshot: Snapshot | undefined): CodeLens {
    const place = lensPlace(lens);
    const space = snapshot?.analysis.spaces.find(
      ({ name, file }) => name === place?.space && file === place.uri,
    );
    // A lens of a space that is gone: the client is about to ask for new ones.
    if (place === undefined || snapshot === undefined) {
      return { ...lens, command: { title: '', command: '' } };
    }
    const isSearch = place.kind === 'search' || place.kind === 'later';
    const obstacles = isSearch ? searchObstacles(snapshot, this.#session.settings) : [];
    if (space === undefined) {
      // Nothing could be made of the space, which has its reasons.
      const isBroken = obstacles.length > 0;
      const command = isBroken
        ? lensCommand(place, snapshot, undefined, undefined, obstacles, commands)
        : { title: '', command: '' };
      return { ...lens, command };
    }
    const shares = this.sharesOf(space);
    const hasConstraints = snapshot.analysis.settings.constraints.length > 0;
    if (shares === undefined && hasConstraints && space.usable) this.#later(snapshot, space);
    return {
      ...lens,
      command: lensCommand(
        place,
        snapshot,
        space,
        shares ?? (hasConstraints ? 'computing' : undefined),
        obstacles,
        commands,
      ),
    };
  }

  /** Per target, once they are known. */
  sharesOf(space: SearchSpace): readonly Share[] | undefined {
    return this.#shares.get(space);
  }

  /** Somebody types in the document: whatever is being computed for it is out of date. */
  edited(uri: string): void {
    const running = this.#running.get(uri);
    if (running !== undefined) running.isCancellationRequested = true;
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
  }

  stop(): void {
    for (const uri of [...this.#running.keys(), ...this.#timers.keys()]) this.edited(uri);
  }

  #later(snapshot: Snapshot, space: SearchSpace): void {
    const { uri } = snapshot;
    if (this.#timers.has(uri) || this.#running.has(uri)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(uri);
      void this.#work(snapshot, space);
    }, quietMs);
    timer.unref();
    this.#timers.set(uri, timer);
  }

  async #work(snapshot: Snapshot, space: SearchSpace): Promise<void> {
    const token = { isCancellationRequested: false };
    this.#running.set(snapshot.uri, token);
    try {
      this.#shares.set(space, await estimateShares(snapshot, space, new Slices(token, idleSliceMs)));
      this.#refresher.want('codeLens');
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        this.#session.connection.console.error(`Counting what fits failed: ${String(error)}`);
      }
    } finally {
      if (this.#running.get(snapshot.uri) === token) this.#running.delete(snapshot.uri);
    }
  }
}
