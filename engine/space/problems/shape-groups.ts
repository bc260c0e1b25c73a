import type { ProblemKind } from './problem.ts';

/** Channels that do not divide into groups. */
export const shapeGroups: ProblemKind<{ readonly channels: number; readonly groups: number }> = {
  code: 'shape/groups',
  severity: 'error',
  message: (a) =>
    `${a.channels} channels do not divide into ${a.groups} groups. Choose groups that divide both the channels that arrive and the filters.`,
};
