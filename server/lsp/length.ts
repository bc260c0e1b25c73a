/** Which documents are read in threads: what is worked out of them takes longer than anybody else should wait. */

import type { Session } from './session.ts';

/** Of a document and all that it imports, see `Workspace.weight`: some 1,100 lines, which take some 40 ms to read afresh. */
const longCharacters = 32_000;

export function isForThread({ taken, workspace }: Session, uri: string): boolean {
  return taken.has(uri) || workspace.weight(uri) > longCharacters;
}
