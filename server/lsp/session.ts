/** What the server knows while a client is connected. Handlers get it; nothing else holds state. */

import type { Connection } from 'vscode-languageserver';
import type { Settings } from '../analysis/settings.ts';
import type { FileSystem } from '../analysis/files.ts';
import { ProfileLibrary } from '../analysis/profiles.ts';
import { Room } from '../analysis/room.ts';
import { Workspace } from '../analysis/workspace.ts';
import type { Annex } from './annex.ts';
import { clientFeatures, type ClientFeatures } from './capabilities.ts';
import { isHeapScarce } from './heap.ts';
import type { Rest } from './rest.ts';

export interface Session {
  readonly connection: Connection;
  readonly workspace: Workspace;
  settings: Settings;
  /** What the client's settings leave open. */
  readonly defaults: Settings;
  client: ClientFeatures;
  /** Told of every request, for what is to wait until all are answered. */
  readonly rest: Rest;
  /** A document is priced that was not, or whose costs were let go: its bounds can be made exact. */
  priced: (uri: string) => void;
  /** Answers for long documents, where there are threads for them. */
  annex: Annex | undefined;
  /** Documents that belong to a thread until they are closed: to any in the main thread, to this one in a thread. */
  readonly taken: Set<string>;
  /** Whether this thread works on the document. */
  isOwn: (uri: string) => boolean;
}

export function newSession(
  connection: Connection,
  files: FileSystem,
  defaults: Settings,
  rest: Rest,
): Session {
  return {
    connection,
    workspace: new Workspace(files, new ProfileLibrary(files), new Room(isHeapScarce)),
    priced: () => undefined,
    annex: undefined,
    taken: new Set(),
    isOwn: () => true,
    settings: defaults,
    defaults,
    rest,
    // Nothing is known of it before it has told.
    client: clientFeatures({}),
  };
}
