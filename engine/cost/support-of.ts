/** How well a target's runtime runs one operator: by its rules and by what they cost. */

import type { DType, Op, Shape, Tensor } from '../space/network.ts';
import { compiledTarget } from './compile.ts';
import { priceOperator } from './operator.ts';
import type { Target } from './target.ts';
import type { Support } from './types.ts';

/** Support of one operator of a network. `network` supplies the shapes and number formats of its tensors. */
export function supportOf(op: Op, network: { readonly tensors: readonly Tensor[] }, target: Target): Support {
  const find = (id: number): Tensor | undefined => network.tensors.find((tensor) => tensor.id === id);
  const inputs = op.inputs.map(find).filter((tensor) => tensor !== undefined);
  const output = find(op.output);
  return supportOfShapes(
    op,
    inputs.map((tensor) => tensor.shape),
    output?.shape ?? [1],
    target,
    inputs[0]?.dtype ?? 'int8',
  );
}

/** The same, for an operator outside a network: shapes without batch dimension. */
export function supportOfShapes(
  op: Op,
  inputShapes: readonly Shape[],
  outputShape: Shape,
  target: Target,
  dtype: DType = 'int8',
): Support {
  const formats = { input: dtype, output: dtype };
  return priceOperator(compiledTarget(target), op, inputShapes, outputShape, formats).support;
}
