/** Seeded ways to break a text, for tests and the fuzzing script. */

import fc from 'fast-check';

const fragments = [
  '{',
  '}',
  '(',
  ')',
  '|',
  ';',
  ':',
  ',',
  '->',
  '<-',
  '..',
  '=',
  '"',
  '/*',
  '*/',
  '//',
  '\\',
  '\n',
  '\r\n',
  '\t',
  '?',
  '@',
  '\0',
  'é',
  '\u{1f600}',
  'x',
  'x3',
  'space',
  'block',
  'choice',
  'quantize',
  'let',
  'when',
  '1e999',
  '99999999999999999999',
  '3x3',
  '%',
  'not',
  '-',
  'step',
  'same',
] as const;

/** In place of a number that was meant: too great, too small, not whole, many at once. */
const numbers = [
  '0',
  '-1',
  '1e9',
  '1e308',
  '0.3',
  '255',
  '4096',
  '1000000',
  '2147483648',
  '1000000x1000000x3',
  '0x0',
  '9x9x9x9',
  '0..1000',
  '1..8',
  '{1 | 2 | 3 | 5}',
  '{0 | 7x1 | "a" | {1 | 2}}',
  'in',
  'height / 3',
] as const;

interface Edit {
  readonly kind: 'insert' | 'delete' | 'copy' | 'swap' | 'repeat' | 'number';
  /** Shares of the text's length. */
  readonly at: number;
  readonly to: number;
  readonly fragment: string;
  readonly number: string;
  readonly times: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('insert' as const, 'insert', 'delete', 'copy', 'swap', 'repeat', 'number', 'number'),
  at: share,
  to: share,
  fragment: fc.constantFrom(...fragments),
  number: fc.constantFrom(...numbers),
  times: fc.integer({ min: 1, max: 200 }),
});

function apply(text: string, { kind, at, to, fragment, number, times }: Edit): string {
  const from = Math.floor(at * text.length);
  const until = Math.min(text.length, from + Math.floor(to * to * 60));
  switch (kind) {
    case 'insert':
      return text.slice(0, from) + fragment + text.slice(from);
    case 'repeat':
      return text.slice(0, from) + fragment.repeat(times) + text.slice(from);
    case 'number':
      return text.slice(0, from) + text.slice(from).replace(/\b[\d.]+(?:x[\d.]+)*\b/, number);
    case 'delete':
      return text.slice(0, from) + text.slice(until);
    case 'copy': {
      const place = Math.floor(to * text.length);
      return text.slice(0, place) + text.slice(from, until) + text.slice(place);
    }
    case 'swap': {
      const middle = Math.floor((from + until) / 2);
      return text.slice(0, from) + text.slice(middle, until) + text.slice(from, middle) + text.slice(until);
    }
  }
}

/** `count` broken versions of `texts`, the same for the same seed; `index` is that of the text that was broken. */
export function* mutations(
  texts: readonly string[],
  count: number,
  seed: number,
): Iterable<{ readonly text: string; readonly name: string; readonly index: number }> {
  const plan = fc.tuple(fc.nat(texts.length - 1), fc.array(edit, { minLength: 1, maxLength: 4 }));
  const batch = 10_000;
  for (let done = 0; done < count; done += batch) {
    const plans = fc.sample(plan, { seed: seed + done, numRuns: Math.min(batch, count - done) });
    let number = done;
    for (const [index, edits] of plans) {
      const text = edits.reduce(apply, texts[index] ?? '');
      yield { text, name: `mutation ${number++} of seed ${seed}`, index };
    }
  }
}
