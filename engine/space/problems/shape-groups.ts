import { counted } from '../counted.ts';
import type { ProblemKind } from './problem.ts';

/** Channels that do not divide into groups. */
export const shapeGroups: ProblemKind<{ readonly channels: number; readonly groups: number }> = {
  code: 'shape/groups',
  severity: 'error',
  message: (a) =>
    `${a.channels === 1 ? '1 channel does' : `${a.channels} channels do`} not divide into ${counted(a.groups, 'group')}. Choose groups that divide both the channels that arrive and the filters.`,
};
