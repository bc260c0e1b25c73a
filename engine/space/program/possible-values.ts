/** What an expression can come to, by trying every combination of the choices in it. */

import type { Compiled } from './compile.ts';
import type { ChoiceSlot } from './slots.ts';
import { type Value, valueText } from '../../operators/values.ts';

/** Every value the expression can take, or `undefined` when it depends on shapes or on too many choices. */
export function possibleValues(compiled: Compiled, limit: number): readonly Value[] | undefined {
  if (compiled.constant) return [compiled.evaluate([])];
  const slots: ChoiceSlot[] = [];
  let combinations = 1;
  for (const slot of compiled.reads) {
    if (slot.kind !== 'choice') return undefined;
    slots.push(slot);
    combinations *= slot.choice.options.length;
    if (combinations > limit) return undefined;
  }
  const saved = slots.map((slot) => slot.register);
  slots.forEach((slot, index) => (slot.register = index));
  const values = new Map<string, Value>();
  const registers = slots.map(() => 1);
  for (let combination = 0; combination < combinations; combination++) {
    let rest = combination;
    slots.forEach((slot, index) => {
      registers[index] = (rest % slot.choice.options.length) + 1;
      rest = Math.floor(rest / slot.choice.options.length);
    });
    const value = compiled.evaluate(registers);
    values.set(valueText(value), value);
  }
  slots.forEach((slot, index) => (slot.register = saved[index] ?? -1));
  return [...values.values()];
}
