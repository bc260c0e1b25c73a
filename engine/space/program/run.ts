/** One architecture, step by step: runs a program with a decision for every choice that comes up. */

import {
  type EndInstruction,
  type InternedOp,
  isPassedCheck,
  type LayerInstruction,
  type Program,
  type RequireInstruction,
} from './instructions.ts';
import type { OperatorTable } from './run-layer.ts';
import type { Finding } from '../problems/problem.ts';
import { EXCLUDED, applyKills, runSilently } from './silent.ts';
import { type ChoiceSlot, type Registers, setTensor } from './slots.ts';
import type { TensorType } from './tensor-types.ts';

/** The option of a choice, or `undefined` to give up. */
export type Decide = (slot: ChoiceSlot) => number | undefined;

/** Told of every operator, with the numbers of the tensors it reads and writes (0 is the network's input). */
type OnOperator = (
  op: InternedOp,
  instruction: LayerInstruction,
  inputs: readonly number[],
  output: number,
) => void;

export type RunResult =
  | { readonly kind: 'done'; readonly outputs: readonly number[]; readonly tensors: readonly TensorType[] }
  | { readonly kind: 'undecided'; readonly slot: ChoiceSlot }
  | { readonly kind: 'excluded'; readonly by: RequireInstruction | undefined }
  | { readonly kind: 'misfit'; readonly failure: Finding; readonly operator: string };

/** What there is of a graph without its nodes. */
export interface Runnable {
  readonly program: Program;
  readonly operators: OperatorTable;
  /** From this instruction on, shapes may be wrong for a reason that has been reported. */
  readonly doubtfulFrom: number;
}

export function runProgram(
  { program, operators, doubtfulFrom }: Runnable,
  decide: Decide,
  onOperator: OnOperator = () => undefined,
): RunResult {
  const { instructions, tensorRegisters } = program;
  const registers: Registers = new Array<number>(program.registers).fill(0);
  setTensor(registers, program.current.register, program.input.id, tensorRegisters);
  // Which tensor a representative register stands for.
  const tensors: TensorType[] = [program.input];
  const held: number[] = new Array<number>(tensorRegisters).fill(0);
  let at = 0;
  for (;;) {
    const instruction = instructions[at];
    if (instruction === undefined) return { kind: 'excluded', by: undefined };
    if (instruction.kind === 'end') {
      return { kind: 'done', outputs: outputsOf(instruction, held), tensors };
    }
    if (instruction.kind === 'draw' && registers[instruction.slot.register] === 0) {
      const option = decide(instruction.slot);
      if (option === undefined) return { kind: 'undecided', slot: instruction.slot };
      registers[instruction.slot.register] = option + 1;
      applyKills(registers, instruction.kills, tensorRegisters);
      at++;
      continue;
    }
    if (instruction.kind === 'layer' && !isPassedCheck(instruction, registers)) {
      const outcome = operators.run(instruction, registers);
      if (outcome.output === undefined) {
        if (outcome.failure !== undefined && at < doubtfulFrom) {
          return { kind: 'misfit', failure: outcome.failure, operator: instruction.name };
        }
      } else {
        let inputs = instruction.inputs.map((slot) => held[slot.register] ?? 0);
        const [given = 0] = inputs;
        const first = tensors.length;
        for (const op of outcome.ops) {
          const output = tensors.length;
          tensors.push(op.output);
          for (const more of op.moreOutputs) tensors.push(more);
          // Words of several operators have none with several outputs, so that their tensors have successive numbers.
          if (op.reads !== undefined) inputs = op.reads.map((read) => (read < 0 ? given : first + read));
          onOperator(op, instruction, inputs, output);
          inputs = [output];
        }
        setTensor(registers, instruction.output.register, outcome.output.id, tensorRegisters);
        if (instruction.operator === 'input') tensors[0] = outcome.output;
        held[instruction.output.register] = inputs[0] ?? 0;
      }
      applyKills(registers, instruction.kills, tensorRegisters);
      at++;
      continue;
    }
    if (instruction.kind === 'move') {
      held[instruction.to.register] = (held[instruction.from.register] ?? 0) + instruction.part;
    }
    const next = runSilently(at, instruction, registers, tensorRegisters);
    if (next === EXCLUDED) {
      return { kind: 'excluded', by: instruction.kind === 'require' ? instruction : undefined };
    }
    at = next;
  }
}

function outputsOf(instruction: EndInstruction, held: readonly number[]): readonly number[] {
  return instruction.outputs.map((slot) => held[slot.register] ?? 0);
}
