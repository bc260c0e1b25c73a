/** The link below a hover that leads to the page with the memory of a space over an inference. */

import type { SearchSpace } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { commandLink } from './hover-client.ts';

/** A command that the client runs; see `commands` in `server/lsp/protocol.ts`. */
const command = 'nasturtium.costs';

/** Markdown; '' where there is nothing to show. `space` is the first that can be priced unless it is given. */
export function memoryLink(snapshot: Snapshot, space?: SearchSpace): string {
  const shown = space ?? snapshot.analysis.spaces.find(({ usable }) => usable);
  if (shown?.usable !== true || snapshot.analysis.settings.targets.length === 0) return '';
  return commandLink(
    'Memory over the inference',
    command,
    [snapshot.uri, shown.name],
    `Which tensors lie where in the arena while ${shown.name} runs`,
  );
}
