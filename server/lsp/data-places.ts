/**
 * Data comes and goes without an edit: it is unpacked, moved, or a disk is mounted. No watcher of a client covers folders of
 * data, so the few paths that open documents name are looked at again from time to time.
 */

import type { PathKind } from '../analysis/files.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { missingData } from '../diagnostics/data-missing.ts';
import type { Session } from './session.ts';

const pauseMs = 2000;

interface Place {
  readonly kind: PathKind | undefined;
  /** What a document says of what lies there; `undefined` where that would have to be worked out. */
  readonly said: string | undefined;
}

export class DataPlaces {
  readonly #session: Session;
  readonly #changed: () => void;
  #known: ReadonlyMap<string, Place> = new Map();
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

  /**
   * Tells of what is otherwise than when it was looked at last. Of documents that are worked out, that is: nothing was
   * said of others, or they were let go, and then only what lies at the paths that they named is looked at.
   */
  look(): void {
    const found = new Map<string, Place>();
    for (const snapshot of this.#session.workspace.opened()) {
      if (!this.#session.isOwn(snapshot.uri)) continue;
      if (snapshot.isWorkedOut) snapshot.derived.dataPaths = dataPaths(snapshot);
      const said = snapshot.isWorkedOut
        ? missingData(snapshot)
            .map(({ message }) => message)
            .join('\n')
        : undefined;
      for (const path of snapshot.derived.dataPaths ?? [])
        found.set(`${snapshot.uri} ${path}`, { kind: snapshot.dataKind(path), said });
    }
    const isOther = [...found].some(([key, { kind, said }]) => {
      const before = this.#known.get(key);
      if (before === undefined) return false;
      return kind !== before.kind || (said ?? before.said) !== (before.said ?? said);
    });
    this.#known = found;
    if (isOther) this.#changed();
  }
}

function dataPaths(snapshot: Snapshot): readonly string[] {
  return snapshot.parse.file.declarations.flatMap((declaration) => {
    const path = declaration.kind === 'dataset' ? declaration.arguments[0]?.value : undefined;
    return path?.kind === 'string' && path.value !== '' ? [path.value] : [];
  });
}
