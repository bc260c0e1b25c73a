/** Applies a layer instruction to registers, once for each combination of what it reads. */

import type { Op, Shape } from '../network.ts';
import { NumberMap } from '../numbers.ts';
import { finding } from '../problems/catalogue.ts';
import { faultFound } from './fault.ts';
import { chosenFollower, followersAt } from './followers.ts';
import type { InternedOp, LayerInstruction, LayerOutcome } from './instructions.ts';
import { applyLayer, type LayerOp } from './layer.ts';
import type { Spread } from './spread.ts';
import { type Registers, typeIn } from './slots.ts';
import type { TensorType, TensorTypes } from './tensor-types.ts';
import { isDims, type Value, valueText } from '../../operators/values.ts';

/** Type ids and captured numbers below this pack into one exact integer. */
const PACK_RADIX = 2 ** 16;

/** Up to so many outcomes, looking at each key is quicker than a table. */
const SCANNED_OUTCOMES = 8;

/** Every operator of a space, numbered. */
export class OperatorTable {
  readonly ops: InternedOp[] = [];
  /** By what the outcome depends on. */
  private readonly outcomes = new NumberMap<LayerOutcome>();
  /** Numbers for forms, words and dimensions, so that keys are integers. */
  private readonly codes = new Map<string, number>();
  private readonly key: number[] = [];
  private readonly types: TensorTypes;

  constructor(types: TensorTypes) {
    this.types = types;
  }

  /** What the layer does with what stands in the registers. Equal layers in equal states give the same object. */
  run(instruction: LayerInstruction, registers: Registers): LayerOutcome {
    const fault = instruction.fault?.(registers);
    if (fault !== undefined)
      return { ops: [], output: undefined, failure: faultFound(fault), warning: undefined };
    const key = memoKey(instruction, registers);
    const memo = (instruction.memo ??= { keys: [], outcomes: [], table: undefined });
    const { keys, outcomes } = memo;
    if (memo.table === undefined) {
      for (let index = 0; index < keys.length; index++) {
        const known = outcomes[index];
        if (keys[index] === key && known !== undefined) return known;
      }
    } else {
      const known = memo.table.get(key);
      if (known !== undefined) return known;
    }
    const outcome = this.shared(instruction, registers);
    if (memo.table !== undefined) memo.table.set(key, outcome);
    else {
      keys.push(key);
      outcomes.push(outcome);
      if (keys.length > SCANNED_OUTCOMES) {
        memo.table = new Map(keys.map((each, index) => [each, outcomes[index] ?? outcome]));
      }
    }
    return outcome;
  }

  /** An operator that stands for many. */
  add(op: LayerOp, spread: Spread): InternedOp {
    const interned: InternedOp = { ...op, spread, id: this.ops.length };
    this.ops.push(interned);
    return interned;
  }

  /** The outcome for these attributes and inputs, wherever in the space they come up. */
  private shared(instruction: LayerInstruction, registers: Registers): LayerOutcome {
    const { key } = this;
    key.length = 0;
    key.push(this.codeOf(instruction.form));
    const { inputs, attributes, followers } = instruction;
    // By index: iterators would be most of what a cold walk allocates.
    for (let index = 0; index < inputs.length; index++)
      key.push(typeIn(registers, inputs[index]?.register ?? 0));
    const values: Value[] = [];
    for (let index = 0; index < attributes.length; index++) {
      const found = attributes[index]?.value.evaluate(registers);
      values.push(found);
      this.pushValue(found);
    }
    for (let index = 0; index < followers.length; index++) {
      const part = followers[index];
      if (part === undefined) continue;
      if ('options' in part) key.push(registers[part.slot.register] ?? 0);
      const value = chosenFollower(part, registers)?.value;
      if (value !== undefined) this.pushValue(value.evaluate(registers));
    }
    const known = this.outcomes.get(key);
    if (known !== undefined) return known;
    const kept = key.slice();
    const outcome = this.compute(instruction, registers, values);
    this.outcomes.set(kept, outcome);
    return outcome;
  }

  /** Small integers stand for themselves, doubled; everything else has an odd code. */
  private pushValue(value: Value): void {
    if (typeof value === 'number' && isSmall(value)) this.key.push(value * 2);
    else if (isDims(value) && value.every(isSmall)) {
      // Codes are positive, so a negative odd number says how many extents follow.
      this.key.push(-1 - 2 * value.length);
      for (let index = 0; index < value.length; index++) this.key.push((value[index] ?? 0) * 2);
    } else this.key.push(this.codeOf(`${typeof value} ${valueText(value)}`));
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
        const failure = finding('tensor/absent', { name: slot.name });
        return { ops: [], output: undefined, failure, warning: undefined };
      }
      inputs.push(this.types.get(id));
    }
    const attributes = new Map<string, Value>();
    instruction.attributes.forEach(({ name }, index) => attributes.set(name, values[index]));
    const result = applyLayer({
      operator: instruction.operator,
      attributes,
      followers: followersAt(instruction.followers, registers),
      inputs,
      types: this.types,
      remedy: instruction.remedy,
    });
    if ('failure' in result) {
      return { ops: [], output: undefined, failure: result.failure, warning: undefined };
    }
    const ops = result.ops.map((op): InternedOp => {
      const interned: InternedOp = { ...op, id: this.ops.length };
      this.ops.push(interned);
      return interned;
    });
    return { ops, output: result.output, failure: undefined, warning: result.warning };
  }
}

function isSmall(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 29;
}

function memoKey(instruction: LayerInstruction, registers: Registers): number | string {
  let key = 0;
  let scale = 1;
  const { reads } = instruction;
  // By index: iterators would be most of what a cold walk allocates.
  for (let index = 0; index < reads.length; index++) {
    const slot = reads[index];
    if (slot === undefined) continue;
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

const nothing: readonly number[] = [];

/** What it puts out has numbers that follow each other. */
export const moreOutputsOf = ({ moreOutputs }: LayerOp, output: number): readonly number[] =>
  moreOutputs.length === 0 ? nothing : moreOutputs.map((_, part) => output + 1 + part);

/** The operator in its place in a network. */
export function asOp(
  op: InternedOp,
  instruction: LayerInstruction,
  index: number,
  inputs: readonly number[],
  output: number,
): Op {
  const { template, suffix } = op;
  const name = instruction.name + suffix;
  return {
    ...template,
    index,
    name,
    inputs,
    output,
    moreOutputs: moreOutputsOf(op, output),
    source: instruction.source,
  };
}

export function shapesOf(types: readonly TensorType[]): readonly Shape[] {
  return types.map((type) => type.shape);
}
