/**
 * Figures of operators that were priced before. Spaces draw the same layers over and over, and so does one version
 * of a text after another: pricing one is worth remembering by what it says. Keys are numbers, not texts, since
 * every keystroke asks for some hundred operators.
 */

import { onceFor } from '../space/once.ts';
import type { DType, Shape } from '../space/network.ts';
import { attributesOf, valuesOf } from '../operators/catalogue.ts';
import { NumberMap } from '../space/numbers.ts';
import type { InternedOp } from '../space/program/instructions.ts';
import type { OpTemplate } from '../space/network.ts';
import type { CompiledTarget } from './compile.ts';
import { priceOperator, type OperatorFigures } from './operator.ts';

/** Beyond this many different operators the memory starts afresh. */
const memoLimit = 20_000;
/** Numbers of scratch that are kept: 8 MB. */
const scratchLimit = 2 ** 20;

export class OperatorMemo {
  readonly #compiled: CompiledTarget;
  readonly #known = new NumberMap<OperatorFigures>(memoLimit);
  readonly #codes = new Map<string, number>();
  readonly #key: number[] = [];
  readonly #codeOfWord = (word: string): number => this.#codeOf(word);
  #scratch = new Float64Array(0);

  constructor(compiled: CompiledTarget) {
    this.#compiled = compiled;
  }

  figures(
    op: OpTemplate,
    inputs: readonly Shape[],
    output: Shape,
    format: DType = 'int8',
    outputFormat: DType = 'int8',
  ): OperatorFigures {
    const key = this.#key;
    key.length = 0;
    key.push(this.#codeOf(op.kind), this.#codeOf(format), this.#codeOf(outputFormat));
    const values = valuesOf(op);
    for (const [name, attribute] of attributesOf(op.kind)) attribute.key(values[name], key, this.#codeOfWord);
    if (op.format !== undefined) key.push(-2, this.#codeOf(op.format));
    if (op.scales !== undefined) key.push(-3, op.scales);
    if (op.dimensions !== undefined) key.push(-4, op.dimensions);
    for (const shape of inputs) key.push(shape.length, ...shape);
    key.push(-1, ...output);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const figures = priceOperator(this.#compiled, op, inputs, output, {
      input: format,
      output: outputFormat,
    });
    this.#known.set(key.slice(), figures);
    return figures;
  }

  /** The same for an operator of a space's program, in the number formats that it has there. */
  figuresOf(op: InternedOp): OperatorFigures {
    return this.figures(
      op.template,
      op.inputs.map((type) => type.shape),
      op.output.shape,
      op.inputs[0]?.dtype ?? op.output.dtype,
      op.output.dtype,
    );
  }

  /** Room for a computation that ends before another asks; what stands in it is left over. */
  scratch(length: number): Float64Array {
    if (length > scratchLimit) return new Float64Array(length);
    if (this.#scratch.length < length)
      this.#scratch = new Float64Array(Math.max(length, 2 * this.#scratch.length));
    return this.#scratch;
  }

  #codeOf(word: string): number {
    let code = this.#codes.get(word);
    if (code === undefined) this.#codes.set(word, (code = this.#codes.size));
    return code;
  }
}

/** The memory of a target: what was priced for one edit of a file is known for the next. */
export const memoOf = onceFor((compiled: CompiledTarget) => new OperatorMemo(compiled));
