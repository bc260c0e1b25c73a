/** Arrays of layers as C: each set of values once, whoever needs it. */

import type { CallArray } from '../firmware/index.ts';

const WIDTH = 110;

/** What one value of each type is written as, from so many numbers. */
const forms: Readonly<
  Record<string, { readonly numbers: number; readonly text: (values: readonly number[]) => string }>
> = {
  int8_t: { numbers: 1, text: ([value = 0]) => String(value) },
  int32_t: { numbers: 1, text: ([value = 0]) => String(value) },
  uint32_t: { numbers: 1, text: ([value = 0]) => `${value}u` },
  nas_between: { numbers: 3, text: (values) => `{${values.join(', ')}}` },
  nas_channel: { numbers: 5, text: (values) => `{${values.join(', ')}}` },
};

const numbersOf = (array: CallArray): readonly number[] =>
  ArrayBuffer.isView(array)
    ? Array.from(array as Int8Array)
    : array.flatMap(({ bias, multiplier, shift, right }) => [bias, multiplier, shift, right, 0]);

function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  let line = ' ';
  for (const word of words) {
    if (line.length + word.length + 2 > WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word},`;
  }
  return [...lines, line].join('\n');
}

export const definition = (type: string, name: string, values: readonly string[]): string =>
  `static const ${type} ${name}[${values.length}] = {\n${wrapped(values)}\n};`;

export class Constants {
  /** Name by what the array is. */
  readonly #names = new Map<string, string>();
  readonly #texts: string[] = [];

  /** The name of an array of `type` with these values. `name` is wished for. */
  nameOf(name: string, type: string, array: CallArray): string {
    const form = forms[type];
    if (form === undefined) throw new Error(`No constant of type ${type} is known.`);
    const numbers = numbersOf(array);
    const count = numbers.length / form.numbers;
    const values = Array.from({ length: count }, (_, at) =>
      form.text(numbers.slice(at * form.numbers, (at + 1) * form.numbers)),
    );
    const text = `${type} ${values.join(' ')}`;
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    this.#names.set(text, name);
    // Kernels read several values at once.
    this.#texts.push(`_Alignas(4) ${definition(type, name, values)}`);
    return name;
  }

  /** Their definitions. */
  get text(): string {
    return this.#texts.join('\n\n');
  }
}
