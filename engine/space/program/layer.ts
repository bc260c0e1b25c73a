/**
 * What one layer does to the tensors that arrive: its operators in order and the type put out, or why it cannot be. The
 * first operator takes the layer's inputs, each other the output of the one before it. What each operator does stands in
 * its row (`engine/operators`).
 */

import { type OpTemplate, rowOf } from '../../operators/catalogue.ts';
import { Misfit, type MisfitDetails, outOfRange } from '../../operators/misfit.ts';
import { type DType, MOST_ELEMENTS, type Shape, shapeText } from '../../operators/tensors.ts';
import type { Step, Written } from '../../operators/word.ts';
import { inputWord, operators } from '../../operators/words.ts';
import { finding } from '../problems/catalogue.ts';
import type { Finding } from '../problems/problem.ts';
import type { Followed } from './followers.ts';
import type { TensorType, TensorTypes } from './tensor-types.ts';

export interface LayerRequest {
  readonly operator: string;
  /** What was written, by name: the operand and output under `operand` and `output`. */
  readonly attributes: Written;
  readonly followers: readonly Followed[];
  readonly inputs: readonly TensorType[];
  readonly types: TensorTypes;
  /** A condition under which a `skip` would fit, for its quick fix. */
  readonly remedy: string | undefined;
}

export interface LayerOp {
  readonly template: OpTemplate;
  readonly inputs: readonly TensorType[];
  readonly output: TensorType;
  /** What it puts out beside that, as a split does. */
  readonly moreOutputs: readonly TensorType[];
  /**
   * What it reads: the layer's first input (-1) or what its so manieth operator has made; `undefined` for all inputs of
   * the layer, or of an operator behind the first the output of the one before it.
   */
  readonly reads: readonly number[] | undefined;
  /** Appended to the layer's name for all but its first operator. */
  readonly suffix: string;
}

export interface Layer {
  readonly ops: readonly LayerOp[];
  readonly output: TensorType;
  readonly warning: Finding | undefined;
}

/** `failure` is undefined when a value is not known because of a problem reported elsewhere. */
export type LayerResult = Layer | { readonly failure: Finding | undefined };

export function applyLayer(request: LayerRequest): LayerResult {
  try {
    return new LayerBuilder(request).build();
  } catch (error) {
    if (error instanceof Misfit) return { failure: findingOf(error, request) };
    throw error;
  }
}

type Findings = {
  readonly [K in keyof MisfitDetails]: (
    details: MisfitDetails[K],
    request: LayerRequest,
  ) => Finding | undefined;
};

const findings: Findings = {
  type: (details) => finding('value/type', details),
  range: (details) => finding('value/range', details),
  rank: (details, { operator }) => finding('shape/rank', { operator, ...details }),
  groups: (details) => finding('shape/groups', details),
  reshape: (details) => finding('shape/reshape', details),
  vanishes: (details, { operator }) => finding('shape/vanishes', { operator, ...details }),
  mismatch: ({ left, right, reason }, { operator, remedy }) =>
    finding('shape/mismatch', {
      operator,
      left: shapeText(left),
      right: shapeText(right),
      reason,
      condition: remedy,
    }),
  follower: ({ name }) =>
    finding('follower/order', { name, reason: 'it is folded into the weights before it' }),
  unknown: () => undefined,
};

function findingOf<K extends keyof MisfitDetails>(
  { kind, details }: Misfit<K>,
  request: LayerRequest,
): Finding | undefined {
  return findings[kind](details, request);
}

/** Activations that a runtime applies while it writes the output. */
const fused = ['relu', 'relu6'] as const;

class LayerBuilder {
  private readonly request: LayerRequest;
  private readonly ops: LayerOp[] = [];
  private warning: Finding | undefined;

  constructor(request: LayerRequest) {
    this.request = request;
  }

  build(): Layer {
    const output = this.main();
    return { ops: this.ops, output, warning: this.warning };
  }

  private main(): TensorType {
    const { operator, attributes, inputs, types } = this.request;
    if (operator === 'input') {
      const { shape, dtype } = inputWord(attributes);
      return types.of(shape, dtype);
    }
    const makes = operators.get(operator)?.makes;
    if (makes === undefined) throw new Misfit('unknown', undefined);
    if (attributes.get('exact') === true && makes.joins !== 'append') this.checkEqual();
    let { output, next } = this.word(makes.steps(attributes, inputs), inputs, '', 0);
    while (next < this.request.followers.length) ({ output, next } = this.follower(output, next));
    return output;
  }

  private checkEqual(): void {
    const [left, ...others] = this.request.inputs;
    const right = others.find(
      ({ shape }) => left !== undefined && shapeText(shape) !== shapeText(left.shape),
    );
    if (left === undefined || right === undefined) return;
    const reason = 'they must have the same shape';
    throw new Misfit('mismatch', { left: left.shape, right: right.shape, reason });
  }

  /** The operators of a word with what is folded into the last; `next` is the first follower that is left. */
  private word(
    steps: readonly Step[],
    inputs: readonly TensorType[],
    suffix: string,
    from: number,
  ): { readonly output: TensorType; readonly next: number } {
    const { step, next } = this.fuse(steps.at(-1), from);
    return { output: this.emitAll([...steps.slice(0, -1), step], inputs, suffix), next };
  }

  /** Folds `bn` and a free activation into the last operator of a word. */
  private fuse(step: Step | undefined, from: number): { readonly step: Step; readonly next: number } {
    if (step === undefined) throw new Misfit('unknown', undefined);
    const { template } = step;
    const { followers } = this.request;
    const batchNorm = 'batchNorm' in template && followers[from]?.name === 'bn';
    const next = batchNorm ? from + 1 : from;
    const normed = batchNorm ? { ...template, batchNorm } : template;
    if (!('activation' in normed)) return { step: { ...step, template: normed }, next };
    const activation = fused.find((name) => name === followers[next]?.name);
    return activation === undefined
      ? { step: { ...step, template: normed }, next }
      : { step: { ...step, template: { ...normed, activation } }, next: next + 1 };
  }

  private follower(current: TensorType, at: number): { readonly output: TensorType; readonly next: number } {
    const { name = '', value } = this.request.followers[at] ?? {};
    const info = operators.get(name);
    if (info?.follows !== true || info.makes === undefined) throw new Misfit('follower', { name });
    const written: Written = value === undefined ? new Map() : new Map([['operand', value]]);
    return this.word(info.makes.steps(written, [current]), [current], `/${name}`, at + 1);
  }

  /** All operators of a word; puts out what the last one does. */
  private emitAll(steps: readonly Step[], inputs: readonly TensorType[], suffix: string): TensorType {
    const start = this.ops.length;
    let output: TensorType | undefined;
    for (const { template, reads: own } of steps) {
      if (own === undefined) output = this.emit(template, inputs, suffix);
      else {
        const reads = own.map((read) => (read === 'given' ? start - 1 : start + read));
        const types = reads.map((read) => (read < start ? inputs[0] : this.ops[read]?.output));
        const known = types.filter((type) => type !== undefined);
        output = this.emit(template, known, `${suffix}/${template.kind}`, reads);
      }
    }
    if (output === undefined) throw new Misfit('unknown', undefined);
    return output;
  }

  private emit(
    template: OpTemplate,
    inputs: readonly TensorType[],
    suffix: string,
    reads?: readonly number[],
  ): TensorType {
    const { outputs, stridesPast } = rowOf(template.kind).outputs(template, inputs);
    if (stridesPast !== undefined)
      this.warning = finding('shape/stride-past-image', { operator: this.request.operator, ...stridesPast });
    const [output, ...moreOutputs] = outputs.map(({ shape, dtype }) => this.typeOf(shape, dtype));
    if (output === undefined) throw new Misfit('unknown', undefined);
    // What a layer has twice is told apart.
    const same = this.ops.filter((op) => op.suffix.replace(/\.\d+$/, '') === suffix).length;
    const own = same === 0 ? suffix : `${suffix}.${same + 1}`;
    this.ops.push({ template, inputs, output, moreOutputs, reads, suffix: own });
    return output;
  }

  private typeOf(shape: Shape, dtype: DType): TensorType {
    const type = this.request.types.of(shape, dtype);
    if (!(type.elements < MOST_ELEMENTS))
      outOfRange(`number of elements of ${shapeText(shape)}`, `below ${MOST_ELEMENTS}`, type.elements);
    return type;
  }
}
