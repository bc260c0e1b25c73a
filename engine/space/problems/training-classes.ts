import type { Fix } from '../types.ts';
import type { ProblemKind } from './problem.ts';

/** A network that does not put out one value for each class of its dataset. */
export const trainingClasses: ProblemKind<{
  readonly outputs: number;
  readonly classes: number;
  readonly fixes: readonly Fix[];
}> = {
  code: 'training/classes',
  severity: 'error',
  message: ({ outputs, classes }) => {
    const given = outputs === 1 ? 'one value' : `${outputs} values`;
    const wanted = classes === 1 ? 'one class' : `${classes} classes`;
    const sigmoid =
      outputs === 1 && classes === 2 ? ' A single output for two classes cannot be trained yet.' : '';
    return `The network puts out ${given} and the dataset has ${wanted}, so it cannot be trained.${sigmoid} End it with \`dense -> classes\`, which has an output for each class.`;
  },
  fixes: ({ fixes }) => fixes,
};
