/** The boards and runtimes of a workspace that a run was begun with: kept in it, so that later edits do not touch it. */

import { shippedProfiles, type Profiles, type Target } from '../cost/index.ts';

/** Those that ship and those of the run, which come in the place of shipped ones of the same id. */
export function profilesOfRun(settings: { readonly profiles?: Profiles | undefined }): Profiles {
  const { profiles } = settings;
  if (profiles === undefined) return shippedProfiles;
  return {
    boards: [...without(shippedProfiles.boards, profiles.boards), ...profiles.boards],
    runtimes: [...without(shippedProfiles.runtimes, profiles.runtimes), ...profiles.runtimes],
  };
}

/** What of the targets does not ship; `undefined` when all of it does. */
export function addedProfiles(targets: readonly Target[]): Profiles | undefined {
  const added = {
    boards: without(
      unique(targets.map(({ board }) => board)),
      shippedProfiles.boards,
      (one, other) => one === other,
    ),
    runtimes: without(
      unique(targets.map(({ runtime }) => runtime)),
      shippedProfiles.runtimes,
      (one, other) => one === other,
    ),
  };
  return added.boards.length + added.runtimes.length === 0 ? undefined : added;
}

const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];

function without<T extends { readonly id: string }>(
  all: readonly T[],
  taken: readonly T[],
  isSame: (one: T, other: T) => boolean = (one, other) => one.id === other.id,
): T[] {
  return all.filter((one) => !taken.some((other) => isSame(one, other)));
}
