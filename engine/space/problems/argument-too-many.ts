import { counted } from '../counted.ts';
import type { ProblemKind } from './problem.ts';

/** More arguments than there are parameters. */
export const argumentTooMany: ProblemKind<{
  readonly block: string;
  readonly most: number;
  readonly parameters: string;
}> = {
  code: 'argument/too-many',
  severity: 'error',
  message: (a) =>
    `\`${a.block}\` takes at most ${counted(a.most, 'value')} here (${a.parameters}). Remove the rest.`,
};
