/**
 * Figures of operators that were priced before. Spaces draw the same layers over and over; pricing one is worth
 * remembering by the operator object (interned by the space's lowering) and, failing that, by what it says.
 */

import type { DType, Op, Shape } from '../space/network.ts';
import type { CompiledTarget } from './compile.ts';
import { priceOperator, type OperatorFigures } from './operator.ts';

interface Known {
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  readonly format: DType;
  readonly outputFormat: DType;
  readonly figures: OperatorFigures;
}

function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) {
    const left = a[i];
    const right = b[i];
    if (left === undefined || right === undefined || !sameShape(left, right)) return false;
  }
  return true;
}

/** Attributes of an operator that its cost can depend on. */
function attributesOf(op: Op): string {
  let key: string = op.kind;
  if ('kernel' in op) key += `k${op.kernel[0]},${op.kernel[1]}s${op.stride[0]},${op.stride[1]}${op.padding}`;
  if ('activation' in op) key += op.activation;
  if ('dilation' in op) key += `d${op.dilation[0]},${op.dilation[1]}`;
  if ('bias' in op) key += op.bias || op.batchNorm ? 'b' : '-';
  if ('groups' in op) key += `g${op.groups}`;
  if ('depthMultiplier' in op) key += `m${op.depthMultiplier}`;
  if (op.kind === 'other') key += `${op.tfliteName},${op.weightBytes},${op.macs}`;
  return key;
}

/** Beyond this many different operators the memory starts afresh. */
const memoLimit = 50_000;

export class OperatorMemo {
  readonly #compiled: CompiledTarget;
  readonly #byObject = new WeakMap<Op, Known>();
  readonly #byText = new Map<string, OperatorFigures>();

  constructor(compiled: CompiledTarget) {
    this.#compiled = compiled;
  }

  figures(
    op: Op,
    inputs: readonly Shape[],
    output: Shape,
    format: DType = 'int8',
    outputFormat: DType = 'int8',
  ): OperatorFigures {
    const known = this.#byObject.get(op);
    if (
      known !== undefined &&
      known.format === format &&
      known.outputFormat === outputFormat &&
      sameShape(known.output, output) &&
      sameShapes(known.inputs, inputs)
    ) {
      return known.figures;
    }
    const key = `${attributesOf(op)}|${inputs.join(';')}|${output.join()}|${format}${outputFormat}`;
    let figures = this.#byText.get(key);
    if (figures === undefined) {
      figures = priceOperator(this.#compiled, op, inputs, output, { input: format, output: outputFormat });
      if (this.#byText.size >= memoLimit) this.#byText.clear();
      this.#byText.set(key, figures);
    }
    this.#byObject.set(op, { inputs, output, format, outputFormat, figures });
    return figures;
  }
}

const memos = new WeakMap<CompiledTarget, OperatorMemo>();

/** The memory of a target: what was priced for one edit of a file is known for the next. */
export function memoOf(compiled: CompiledTarget): OperatorMemo {
  let memo = memos.get(compiled);
  if (memo === undefined) memos.set(compiled, (memo = new OperatorMemo(compiled)));
  return memo;
}
