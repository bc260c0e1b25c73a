/** Completion of boards and runtimes: those that ship, and those of the workspace with the file they come from. */

import { runtimesOf } from '../../device-profiles/able.ts';
import { formatHertz, resolveTarget } from '../../engine/cost/index.ts';
import { markdownText } from '../../engine/space/index.ts';
import { CompletionItemKind, MarkupKind, type CompletionItem } from 'vscode-languageserver-types';
import type { TargetDeclaration } from '../../grammar/ast.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { findBoard, resolvedTargets } from '../analysis/targets.ts';
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
  return runtimes.flatMap((runtime, index) => {
    const origin = profiles.origins.get(runtime);
    const described = markdownText(runtime.description);
    const value = origin === undefined ? described : `${described}\n\n${fromWorkspace(origin)}`;
    const usual = found?.builds?.[runtime.id]?.version ?? runtime.counted?.versions[0]?.version;
    const named = (label: string, description: string, rank: number): CompletionItem =>
      item(
        label,
        CompletionItemKind.Value,
        // The board's default comes first.
        `${order.best}${String(index).padStart(2, '0')}${String(rank).padStart(2, '0')}`,
        undefined,
        {
          documentation: { kind: MarkupKind.Markdown, value },
          labelDetails: { description },
          filterText: `${label} ${description}`,
        },
      );
    const versions = (runtime.counted?.versions ?? []).map(({ version, name }, rank) =>
      named(`${runtime.id} ${version}`, version === usual ? `${name}, usual on the board` : name, rank + 1),
    );
    return [named(runtime.id, runtime.name, 0), ...versions];
  });
}

/** The flags that the kernels of a target's runtime were counted with. */
export function flagNames(snapshot: Snapshot, declaration: TargetDeclaration | undefined): CompletionItem[] {
  const at = resolvedTargets(snapshot).find(({ setting }) => setting.source.start === declaration?.start);
  const request = { board: at?.setting.board ?? '', runtime: at?.setting.runtime };
  const answer = resolveTarget(snapshot.profiles, request);
  if ('problem' in answer) return [];
  const { board, runtime } = answer.target;
  const counted = runtime.counted?.flags ?? [];
  const usual = board.builds?.[runtime.id]?.flags ?? counted[0];
  return counted.map((flags) =>
    item(flags, CompletionItemKind.EnumMember, order.best, undefined, {
      labelDetails: { description: flags === usual ? 'usual on the board' : `compiled with -${flags}` },
    }),
  );
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
