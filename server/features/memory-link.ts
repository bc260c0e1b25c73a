/** The link below a hover that leads to the page with the memory of a space over an inference. */

import type { SearchSpace } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';

/** A command that the client runs; see `commands` in `server/lsp/protocol.ts`. */
const command = 'nasturtium.costs';

/** Markdown; '' where there is nothing to show. `space` is the first that can be priced unless it is given. */
export function memoryLink(snapshot: Snapshot, space?: SearchSpace): string {
  const shown = space ?? snapshot.analysis.spaces.find(({ usable }) => usable);
  if (shown?.usable !== true || snapshot.analysis.settings.targets.length === 0) return '';
  const [uri, name] = [snapshot.uri, shown.name].map((text) => JSON.stringify(text));
  // A parenthesis would end the link.
  const query = encodeURIComponent(`[${uri},${name}]`).replace(/[()]/g, (mark) =>
    mark === '(' ? '%28' : '%29',
  );
  return `[Memory over the inference](command:${command}?${query} "Which tensors lie where in the arena while ${shown.name} runs")`;
}
