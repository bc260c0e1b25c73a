/** Applies a layer instruction to registers, once for each combination of what it reads. */

import type { Op, Shape } from '../network.ts';
import { tensorAbsent } from '../problems/catalogue.ts';
import { finding } from '../problems/problem.ts';
import type { InternedOp, LayerInstruction, LayerOutcome } from './instructions.ts';
import { applyLayer } from './layer.ts';
import { typeIn } from './slots.ts';
import type { Registers } from './slots.ts';
import type { TensorType, TensorTypes } from './tensor-types.ts';
import { valueText } from './values.ts';
import type { Value } from './values.ts';

/** Type ids and captured numbers below this pack into one exact integer. */
const PACK_RADIX = 2 ** 16;

/** Every operator of a space, numbered. */
export class OperatorTable {
  readonly ops: InternedOp[] = [];
  /** By hash of what the outcome depends on; entries with one hash are in a list. */
  private readonly outcomes = new Map<number, SharedOutcome>();
  /** Numbers for forms, words and dimensions, so that keys are integers. */
  private readonly codes = new Map<string, number>();
  private readonly key: number[] = [];
  private readonly types: TensorTypes;

  constructor(types: TensorTypes) {
    this.types = types;
  }

  /** What the layer does with what stands in the registers. Equal layers in equal states give the same object. */
  run(instruction: LayerInstruction, registers: Registers): LayerOutcome {
    const key = memoKey(instruction, registers);
    const memo = (instruction.memo ??= new Map<number | string, LayerOutcome>());
    const known = memo.get(key);
    if (known !== undefined) return known;
    const outcome = this.shared(instruction, registers);
    memo.set(key, outcome);
    return outcome;
  }

  /** The outcome for these attributes and inputs, wherever in the space they come up. */
  private shared(instruction: LayerInstruction, registers: Registers): LayerOutcome {
    const { key } = this;
    key.length = 0;
    key.push(this.codeOf(instruction.form));
    for (const slot of instruction.inputs) key.push(typeIn(registers, slot.register));
    const values: Value[] = [];
    for (const { value } of instruction.attributes) {
      const found = value.evaluate(registers);
      values.push(found);
      this.pushValue(found);
    }
    for (const { value } of instruction.followers) {
      if (value !== undefined) this.pushValue(value.evaluate(registers));
    }
    const hash = hashOf(key);
    const first = this.outcomes.get(hash);
    for (let entry = first; entry !== undefined; entry = entry.next) {
      if (sameKey(entry.key, key)) return entry.outcome;
    }
    const kept = key.slice();
    const outcome = this.compute(instruction, registers, values);
    this.outcomes.set(hash, { key: kept, outcome, next: first });
    return outcome;
  }

  /** Integers stand for themselves, doubled; everything else has an odd code. */
  private pushValue(value: Value): void {
    const small = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 29;
    this.key.push(small ? value * 2 : this.codeOf(`${typeof value} ${valueText(value)}`));
  }

  private codeOf(text: string): number {
    let code = this.codes.get(text);
    if (code === undefined) {
      code = this.codes.size * 2 + 1;
      this.codes.set(text, code);
    }
    return code;
  }

  private compute(
    instruction: LayerInstruction,
    registers: Registers,
    values: readonly Value[],
  ): LayerOutcome {
    const inputs: TensorType[] = [];
    for (const slot of instruction.inputs) {
      const id = typeIn(registers, slot.register);
      if (id === 0) {
        const failure = finding(tensorAbsent, { name: slot.name });
        return { ops: [], output: undefined, failure, warning: undefined };
      }
      inputs.push(this.types.get(id));
    }
    const attributes = new Map<string, Value>();
    instruction.attributes.forEach(({ name }, index) => attributes.set(name, values[index]));
    const result = applyLayer({
      operator: instruction.operator,
      attributes,
      followers: instruction.followers.map(({ name, value }) => ({
        name,
        value: value?.evaluate(registers),
      })),
      inputs,
      types: this.types,
      remedy: instruction.remedy,
    });
    if ('failure' in result) {
      return { ops: [], output: undefined, failure: result.failure, warning: undefined };
    }
    const ops = result.ops.map(({ template, inputs: from, output, suffix }): InternedOp => {
      const interned: InternedOp = { template, inputs: from, output, suffix, id: this.ops.length };
      this.ops.push(interned);
      return interned;
    });
    return { ops, output: result.output, failure: undefined, warning: result.warning };
  }
}

interface SharedOutcome {
  readonly key: readonly number[];
  readonly outcome: LayerOutcome;
  readonly next: SharedOutcome | undefined;
}

function hashOf(key: readonly number[]): number {
  let hash = 0;
  for (const part of key) {
    hash = Math.imul(hash ^ part, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function sameKey(left: readonly number[], right: readonly number[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

function memoKey(instruction: LayerInstruction, registers: Registers): number | string {
  let key = 0;
  let scale = 1;
  for (const slot of instruction.reads) {
    const value = slot.kind === 'tensor' ? typeIn(registers, slot.register) : (registers[slot.register] ?? 0);
    const radix = slot.kind === 'choice' ? slot.choice.options.length + 1 : PACK_RADIX;
    scale *= radix;
    if (value >= radix || scale > Number.MAX_SAFE_INTEGER) return longKey(instruction, registers);
    key = key * radix + value;
  }
  return key;
}

function longKey(instruction: LayerInstruction, registers: Registers): string {
  return instruction.reads
    .map((slot) => (slot.kind === 'tensor' ? typeIn(registers, slot.register) : registers[slot.register]))
    .join();
}

/** The operator in its place in a network. */
export function asOp(
  { template, suffix }: InternedOp,
  instruction: LayerInstruction,
  index: number,
  inputs: readonly number[],
  output: number,
): Op {
  const name = instruction.name + suffix;
  return { ...template, index, name, inputs, output, source: instruction.source };
}

export function shapesOf(types: readonly TensorType[]): readonly Shape[] {
  return types.map((type) => type.shape);
}
