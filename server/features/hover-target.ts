/** A board: what it has, which runtimes it can run, how well its costs are known, and where its profile comes from. */

import { runtimesOf } from '../../device-profiles/able.ts';
import { dataRam, formatBytes, formatHertz, holdsData, originOfSchedule } from '../../engine/cost/index.ts';
import {
  counted,
  markdownCode,
  markdownText,
  type SettingForms,
  targetForms,
} from '../../engine/space/index.ts';
import { URI } from 'vscode-uri';
import type { Property, TargetDeclaration } from '../../grammar/ast.ts';
import type { Board, MemoryBank } from '../../device-profiles/types.ts';
import type { KnownProfiles } from '../analysis/profiles.ts';
import { findBoard, resolvedTargets } from '../analysis/targets.ts';
import type { Snapshot } from '../analysis/snapshot.ts';

export function targetHover({ profiles }: Snapshot, declaration: TargetDeclaration): string {
  const written = declaration.board?.value ?? '';
  const board = findBoard(profiles, written);
  return board === undefined
    ? `There is no profile of a board "${markdownText(written)}". Completion lists the boards that have one.`
    : boardDocumentation(profiles, board);
}

/** What a schedule or its battery comes to on the target, below what the setting is. */
export function scheduleHover(
  snapshot: Snapshot,
  declaration: TargetDeclaration,
  property: Property,
): string | undefined {
  const { name } = property.name;
  const forms: SettingForms = { ...targetForms.schedule.inside, ...targetForms };
  if (name !== 'schedule' && name !== 'battery' && name !== 'sleep') return undefined;
  const found = resolvedTargets(snapshot).find(({ setting }) => setting.source.start === declaration.start);
  const origin = found?.target && originOfSchedule(found.target);
  const text = [forms[name]?.documentation, origin && markdownText(origin)];
  return text.filter((part) => part !== undefined).join('\n\n');
}

/** Markdown. */
export function boardDocumentation(profiles: KnownProfiles, board: Board): string {
  const runtimes = runtimesOf(profiles, board).map((runtime) => {
    const ofCore = runtime.latency.profiles.filter((each) => each.core === board.core);
    const own = ofCore.find(({ boards }) => boards.includes(board.id));
    const known =
      ofCore.length === 0
        ? 'no latency data'
        : own !== undefined
          ? `latency fitted to ${counted(own.network.rows, 'network')} measured on this board`
          : `latency from other boards with a ${markdownText(board.core)}`;
    const words = [
      ...(runtime.id === board.defaultRuntime ? ['default'] : []),
      ...(profiles.origins.has(runtime) ? ['your workspace'] : []),
    ];
    return `- ${markdownText(runtime.name)}${words.length === 0 ? '' : ` (${words.join(', ')})`}: ${known}`;
  });
  const origin = profiles.origins.get(board);
  return [
    `**${markdownText(board.name)}** (${markdownCode(board.id)})`,
    `${markdownText(`${board.mcu}, ${board.core}${board.features.length > 0 ? ` with ${board.features.join(', ')}` : ''}`)}, ${formatHertz(board.clock.defaultHz)} (at most ${formatHertz(board.clock.maxHz)})`,
    memoryText(board),
    runtimes.join('\n'),
    ...(origin === undefined ? [] : [fromWorkspace(origin)]),
  ].join('\n\n');
}

/** RAM that can hold data, bank by bank; then what cannot; then flash. */
function memoryText(board: Board): string {
  const banks = (which: (bank: MemoryBank) => boolean): string =>
    board.sram
      .filter(which)
      .map(
        ({ name, bytes, usable }) =>
          `${markdownText(name)} ${formatBytes(bytes)}${usable === undefined ? '' : `, of which ${formatBytes(usable)} can be used`}`,
      )
      .join(', ');
  const parts: readonly (readonly [string, string])[] = [
    ['outside the chip', banks((bank) => holdsData(bank) && bank.access === 'external')],
    ['for code only', banks(({ use }) => use === 'code')],
    ['taken by caches or the system', banks(({ use }) => use === 'reserved')],
    ['flash', formatBytes(board.flash.bytes)],
  ];
  const onChip = banks((bank) => holdsData(bank) && bank.access !== 'external');
  return [
    `RAM for data ${formatBytes(dataRam(board).onChip)} (${onChip})`,
    ...parts.filter(([, text]) => text !== '').map(([what, text]) => `${what} ${text}`),
  ].join(' · ');
}

/** Where an added profile comes from, with a link to its file. */
export function fromWorkspace(uri: string): string {
  const { path } = URI.parse(uri);
  // A bracket would end the link.
  const place = uri.replace(/[()<>\s]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `From your workspace: [${markdownText(path.slice(path.lastIndexOf('/') + 1))}](${place})`;
}
