/** What is priced and cannot be trained. */

import { counted } from '../counted.ts';
import type { Fix } from '../types.ts';
import { error, information, replaceBy } from './problem.ts';

export const trainingProblems = {
  /** A network that does not put out one value for each class of its dataset. */
  'training/classes': error(
    ({ outputs, classes }: { outputs: number; classes: number; fixes: readonly Fix[] }) => {
      const given = counted(outputs, 'value');
      const wanted = counted(classes, 'class', 'classes');
      const sigmoid =
        outputs === 1 && classes === 2 ? ' A single output for two classes cannot be trained yet.' : '';
      return `The network puts out ${given} and the dataset has ${wanted}, so it cannot be trained.${sigmoid} End it with \`dense -> classes\`, which has an output for each class.`;
    },
    ({ fixes }) => fixes,
  ),
  /** A network that cannot be given the samples of its dataset. */
  'training/input': error(
    ({ input, samples }: { input: string; samples: string; fix: { text: string } | undefined }) =>
      `The network takes ${input} and the samples of the dataset are ${samples}, which training cannot bring to that size: pictures change their height and width, not their channels. Make \`input\` and the dataset agree.`,
    ({ fix }, span) => replaceBy(fix?.text, span),
  ),
  /** Pictures are brought to the size of the network before it is trained. */
  'training/resized': information(
    ({ input, samples }: { input: string; samples: string }) =>
      `The samples of the dataset are ${samples}, so they are resized to ${input} before they are trained on; on the device the program has to do the same. Nothing has to be done if that is meant; else make \`input\` and the dataset agree.`,
  ),
  /** What is priced but not trained. */
  'training/operator': error(
    ({ what, cure }: { what: string; cure: string }) =>
      `${what} can be priced but not trained yet, so a search stops here. ${cure}`,
  ),
  /** A network with several outputs, of which none is known to be the one that tells the classes apart. */
  'training/outputs': error(
    ({ outputs }: { outputs: number; fixes: readonly Fix[] }) =>
      `The network puts out ${outputs} tensors, and only one output can be trained yet. Put out the one that tells the classes apart.`,
    ({ fixes }) => fixes,
  ),
};
