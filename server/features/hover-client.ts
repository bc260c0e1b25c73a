/**
 * What a client makes of a hover. VS Code shows `<details>` in one, but opens it beyond the end of what it lets scroll to
 * (1.139), so explanations are not folded there: a link shows the hover again, with them.
 */

import type { Snapshot } from '../analysis/snapshot.ts';
import type { SearchSpace } from '../../engine/space/types.ts';

export interface HoverClient {
  /** Whether its links run our commands: its experimental capability `nasturtiumCommandLinks`. */
  readonly links: boolean;
  /** Whether the person has asked for the explanations. */
  readonly explained: boolean;
}

/** Every client can show a text, so one that has no links is told everything at once. */
export const plainClient: HoverClient = { links: false, explained: false };

export function isBrief({ links, explained }: HoverClient): boolean {
  return links && !explained;
}

/** A link to a command of ours. Markdown. @param title and @param tooltip words of ours, or names of the language */
export function commandLink(
  title: string,
  command: string,
  parameters: readonly (string | number)[],
  tooltip: string,
): string {
  // A parenthesis would end the link.
  const query = encodeURIComponent(JSON.stringify(parameters)).replace(/[()]/g, (mark) =>
    mark === '(' ? '%28' : '%29',
  );
  return `[${title}](command:${command}?${query} "${tooltip}")`;
}

/** Shows the hover of what begins at `offset` again, with what the brief one leaves out. */
export function explainLink(snapshot: Snapshot, offset: number): string {
  const { line, character } = snapshot.lines.positionAt(offset);
  return commandLink(
    'Explain the numbers',
    'nasturtium.explain',
    [snapshot.uri, line, character],
    'Where the time goes, where each number comes from, and what can be set',
  );
}

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
