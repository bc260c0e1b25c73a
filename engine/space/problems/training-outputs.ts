import type { Fix } from '../types.ts';
import type { ProblemKind } from './problem.ts';

/** A network with several outputs, of which none is known to be the one that tells the classes apart. */
export const trainingOutputs: ProblemKind<{ readonly outputs: number; readonly fixes: readonly Fix[] }> = {
  code: 'training/outputs',
  severity: 'error',
  message: ({ outputs }) =>
    `The network puts out ${outputs} tensors, and only one output can be trained yet. Put out the one that tells the classes apart.`,
  fixes: ({ fixes }) => fixes,
};
