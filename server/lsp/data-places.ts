/**
 * Data comes and goes without an edit: it is unpacked, moved, or a disk is mounted. No watcher of a client covers folders of
 * data, so the few paths that open documents name are looked at again from time to time.
 */

import { missingData } from '../diagnostics/data-missing.ts';
import type { Session } from './session.ts';

const pauseMs = 2000;

export class DataPlaces {
  readonly #session: Session;
  readonly #changed: () => void;
  #known: ReadonlyMap<string, string> = new Map();
  #timer: NodeJS.Timeout | undefined;

  /** @param changed something lies where nothing lay, or is gone */
  constructor(session: Session, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), pauseMs);
    // A timer must not keep a process alive whose client has gone.
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Tells of what is otherwise than when it was looked at last. */
  look(): void {
    const found = new Map<string, string>();
    let isOther = false;
    for (const snapshot of this.#session.workspace.opened()) {
      for (const declaration of snapshot.parse.file.declarations) {
        if (declaration.kind !== 'dataset') continue;
        const path = declaration.arguments[0]?.value;
        if (path?.kind !== 'string' || path.value === '') continue;
        const key = snapshot.resolve(path.value);
        // What it says of them is what matters of what lies there, too.
        const said = missingData(snapshot).map(({ message }) => message);
        const state = [snapshot.dataKind(path.value), ...said].join('\n');
        found.set(key, state);
        if (this.#known.has(key) && this.#known.get(key) !== state) isOther = true;
      }
    }
    this.#known = found;
    if (isOther) this.#changed();
  }
}
