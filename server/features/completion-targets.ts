/** Completion of boards and runtimes: those that ship, and those of the workspace with the file they come from. */

import { runtimesOf } from '../../device-profiles/able.ts';
import { formatHertz } from '../../engine/cost/index.ts';
import { markdownText } from '../../engine/space/index.ts';
import { CompletionItemKind, MarkupKind, type CompletionItem } from 'vscode-languageserver-types';
import type { Snapshot } from '../analysis/snapshot.ts';
import { findBoard } from '../analysis/targets.ts';
import { item, order } from './completion-items.ts';
import { boardDocumentation, fromWorkspace } from './hover-target.ts';

/** Boards; those that are `likely` first. */
export function boardNames({ profiles, uri }: Snapshot, likely: ReadonlySet<string>): CompletionItem[] {
  return profiles.boards.map((board) => {
    const isFirst = profiles.origins.has(board) || likely.has(board.id);
    return item(
      board.id,
      CompletionItemKind.Value,
      order.scope,
      { kind: 'board', name: board.id, where: uri },
      {
        labelDetails: {
          description: profiles.origins.has(board) ? `${board.mcu}, your workspace` : board.mcu,
        },
        // What somebody took the trouble to add is what they look for.
        ...(isFirst ? { sortText: `${order.best}${board.id}` } : {}),
      },
    );
  });
}

/** The documentation of a board, when its item is looked at. */
export function boardDetails(snapshot: Snapshot | undefined, name: string): string | undefined {
  const board = snapshot === undefined ? undefined : findBoard(snapshot.profiles, name);
  return board === undefined || snapshot === undefined
    ? undefined
    : boardDocumentation(snapshot.profiles, board);
}

/** The runtimes of a board, as written after `runtime`. */
export function runtimeNames({ profiles }: Snapshot, board: string | undefined): CompletionItem[] {
  const found = board === undefined ? undefined : findBoard(profiles, board);
  const runtimes = found === undefined ? profiles.runtimes : runtimesOf(profiles, found);
  return runtimes.map((runtime, index) => {
    const origin = profiles.origins.get(runtime);
    const described = markdownText(runtime.description);
    const value = origin === undefined ? described : `${described}\n\n${fromWorkspace(origin)}`;
    // The board's default comes first.
    return item(
      runtime.id,
      CompletionItemKind.Value,
      `${order.best}${String(index).padStart(2, '0')}`,
      undefined,
      {
        documentation: { kind: MarkupKind.Markdown, value },
        labelDetails: { description: runtime.name },
        filterText: `${runtime.id} ${runtime.name}`,
      },
    );
  });
}

/** Clocks of a board: what it runs at, and the most that it can. */
export function clocks({ profiles }: Snapshot, board: string | undefined): CompletionItem[] {
  const found = board === undefined ? undefined : findBoard(profiles, board);
  if (found === undefined) return [];
  const named = [
    [found.clock.defaultHz, 'default'],
    [found.clock.maxHz, 'at most'],
  ] as const;
  const seen = new Map(named.map(([hertz, word]) => [formatHertz(hertz), word]));
  return [...seen].map(([label, description]) =>
    item(label, CompletionItemKind.Value, order.best, undefined, { labelDetails: { description } }),
  );
}
