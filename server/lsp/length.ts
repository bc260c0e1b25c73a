/** Which documents are long: what is worked out of them takes longer than anybody else should wait. */

import type { Workspace } from '../analysis/workspace.ts';

/** UTF-16 code units of a document and all that it imports: some 1,500 lines, which take some 50 ms to read afresh. */
const longCharacters = 48_000;

export function isLong(workspace: Workspace, uri: string): boolean {
  return workspace.weight(uri) > longCharacters;
}
