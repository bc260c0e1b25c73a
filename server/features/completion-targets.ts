/** Completion of boards and runtimes: those that ship, and those of the workspace with the file they come from. */

import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types';
import type { Snapshot } from '../analysis/snapshot.ts';
import { findBoard, runtimesOf } from '../analysis/targets.ts';
import { item, order } from './completion-items.ts';
import { boardDocumentation, fromWorkspace } from './hover-target.ts';

export function boardNames({ profiles, uri }: Snapshot): CompletionItem[] {
  return profiles.boards.map((board) => {
    const isOwn = profiles.origins.has(board);
    return item(
      board.id,
      CompletionItemKind.Value,
      order.scope,
      { kind: 'board', name: board.id, where: uri },
      {
        labelDetails: { description: isOwn ? `${board.mcu}, your workspace` : board.mcu },
        // What somebody took the trouble to add is what they look for.
        ...(isOwn ? { sortText: `0${board.id}` } : {}),
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
  return runtimes.map((runtime) => {
    const origin = profiles.origins.get(runtime);
    const documentation =
      origin === undefined ? runtime.description : `${runtime.description}\n\n${fromWorkspace(origin)}`;
    return item(runtime.name, CompletionItemKind.Value, order.scope, undefined, {
      documentation,
      filterText: `${runtime.name} ${runtime.id}`,
    });
  });
}
