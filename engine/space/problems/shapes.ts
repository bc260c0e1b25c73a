/** What can be wrong with tensors: their shapes, and whether they are there. */

import { counted } from '../counted.ts';
import { error, fix, information, warning } from './problem.ts';

export const shapeProblems = {
  /** Tensors that cannot be joined. */
  'shape/mismatch': error(
    (a: { operator: string; left: string; right: string; reason: string; condition: string | undefined }) =>
      `\`${a.operator}\` cannot join ${a.left} and ${a.right}: ${a.reason}. Make the shapes equal, or join only when they are.`,
    (a, span) =>
      a.condition === undefined
        ? []
        : fix(
            `Join only when \`${a.condition}\``,
            { start: span.end, end: span.end },
            ` when ${a.condition}`,
          ),
  ),
  /** A window that is larger than the image. */
  'shape/vanishes': error(
    (a: { operator: string; input: string; kernel: string }) =>
      `Nothing is left of the image: ${a.operator} with a window of ${a.kernel} does not fit into ${a.input}. Use padding same, a smaller window, or fewer strides before.`,
  ),
  /** A stride that is greater than the image. */
  'shape/stride-past-image': warning(
    (a: { operator: string; input: string; stride: string }) =>
      `The stride ${a.stride} of ${a.operator} steps past the image, which is ${a.input} here. Use a smaller stride, or remove one before.`,
  ),
  /** A layer that needs a feature map and gets a vector, or the other way round. */
  'shape/rank': error(
    (a: { operator: string; input: string }) =>
      `\`${a.operator}\` needs a feature map (height x width x channels), and ${a.input} arrives. Move it before flatten, gap or dense, or reshape first.`,
  ),
  /** A reshape that changes the number of elements. */
  'shape/reshape': error(
    (a: { input: string; output: string; elements: number; wanted: number }) =>
      `${a.input} has ${a.elements} elements and ${a.output} has ${a.wanted}: reshape cannot change how many there are. Correct one of the sizes.`,
  ),
  /** Channels that do not divide into groups. */
  'shape/groups': error(
    (a: { channels: number; groups: number }) =>
      `${a.channels === 1 ? '1 channel does' : `${a.channels} channels do`} not divide into ${counted(a.groups, 'group')}. Choose groups that divide both the channels that arrive and the filters.`,
  ),
  /** A space whose shapes were too many to follow one by one. */
  'shape/limit': information(
    (a: { limit: number }) =>
      `More than ${a.limit} combinations of choices reach one place, so the count and the bounds are upper limits rather than exact. Fewer ties that live at once make them exact.`,
  ),
  /** A named tensor that is missing in some architectures. */
  'tensor/absent': error(
    (a: { name: string }) =>
      `The tensor \`${a.name}\` is not there in every architecture. Name it on a layer that is always present, or read it under the same condition.`,
  ),
};
