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

interface Edit {
  readonly kind: 'insert' | 'delete' | 'copy' | 'swap' | 'repeat';
  /** Shares of the text's length. */
  readonly at: number;
  readonly to: number;
  readonly fragment: string;
  readonly times: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('insert' as const, 'insert' as const, 'delete', 'copy', 'swap', 'repeat'),
  at: share,
  to: share,
  fragment: fc.constantFrom(...fragments),
  times: fc.integer({ min: 1, max: 200 }),
});

function apply(text: string, { kind, at, to, fragment, times }: Edit): string {
  const from = Math.floor(at * text.length);
  const until = Math.min(text.length, from + Math.floor(to * to * 60));
  switch (kind) {
    case 'insert':
      return text.slice(0, from) + fragment + text.slice(from);
    case 'repeat':
      return text.slice(0, from) + fragment.repeat(times) + text.slice(from);
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

/** `count` broken versions of `texts`, the same for the same seed. */
export function* mutations(
  texts: readonly string[],
  count: number,
  seed: number,
): Iterable<{ readonly text: string; readonly name: string }> {
  const plan = fc.tuple(fc.nat(texts.length - 1), fc.array(edit, { minLength: 1, maxLength: 4 }));
  const batch = 10_000;
  for (let done = 0; done < count; done += batch) {
    const plans = fc.sample(plan, { seed: seed + done, numRuns: Math.min(batch, count - done) });
    let number = done;
    for (const [index, edits] of plans) {
      yield { text: edits.reduce(apply, texts[index] ?? ''), name: `mutation ${number++} of seed ${seed}` };
    }
  }
}
