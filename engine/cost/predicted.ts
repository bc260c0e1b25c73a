/** What a layer would cost by what is known of its kernels, whatever was measured of it: to be held against the measurement. */

import type { MeasuredLayer } from '../../device-profiles/types.ts';
import { isOpKind, templateFrom } from '../operators/catalogue.ts';
import { compiledTarget } from './compile.ts';
import { withoutMeasurements } from './measured.ts';
import { priceOperator } from './operator.ts';
import type { Target } from './target.ts';
import type { Estimate } from './types.ts';

/** Cycles of layers with int8 inputs and output; `undefined` where no data supports a number. */
export function predictLayers(
  target: Target,
  layers: readonly Omit<MeasuredLayer, 'cycles'>[],
): readonly (Estimate | undefined)[] {
  const compiled = compiledTarget(withoutMeasurements(target));
  return layers.map(({ kind, attributes, inputs, output }) => {
    if (!isOpKind(kind)) return undefined;
    const op = templateFrom(kind, attributes);
    return priceOperator(compiled, op, inputs, output, { input: 'int8', output: 'int8' }).cycles;
  });
}
