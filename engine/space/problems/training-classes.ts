import { counted } from '../counted.ts';
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
    const given = counted(outputs, 'value');
    const wanted = counted(classes, 'class', 'classes');
    const sigmoid =
      outputs === 1 && classes === 2 ? ' A single output for two classes cannot be trained yet.' : '';
    return `The network puts out ${given} and the dataset has ${wanted}, so it cannot be trained.${sigmoid} End it with \`dense -> classes\`, which has an output for each class.`;
  },
  fixes: ({ fixes }) => fixes,
};
