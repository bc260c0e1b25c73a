/** Odd programs, and the problems that each has: all of them and nothing that follows from them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseText } from '../testing.ts';

const net = (...lines: readonly string[]): string =>
  `space s {\n  input 8x8x1\n  ${lines.join('\n  ')}\n  dense -> 2\n}\n`;
const blocks = 'block Base(o) { tie k = {1 | 3}; conv k -> o }\n';

function codes(text: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  const { parse, problems } = analyseText(text, files);
  return [...parse.problems, ...problems].map(({ code }) => code);
}

for (const [what, text, expected] of [
  ['an empty file', '', []],
  ['comments alone', '// a\n/* b */', []],
  ['a byte order mark', `\ufeff${net('gap')}`, []],
  ['line ends of Windows', net('conv {1 | 3} -> 4', 'gap').replaceAll('\n', '\r\n'), []],
  ['other alphabets in comments', `// комментарий 你好\n${net('gap')}`, []],
  [
    'other alphabets in a name',
    net('gap').replace('space s', 'space naïve'),
    ['syntax/unexpected-character'],
  ],
  [
    'other alphabets in every name',
    net('let größe = 4', 'conv 1 -> größe'),
    ['syntax/unexpected-character', 'syntax/unexpected-character'],
  ],
  ['a division by zero', net('conv 1 -> 4 / 0'), ['value/undefined']],
  ['a division by what can be zero', net('conv 1 -> 4 / (in - 1)'), ['value/undefined']],
  ['more channels than can be counted', net('conv 1 -> 99999999999999999999'), ['value/range']],
  ['infinitely many channels', net('conv 1 -> 1e400'), ['value/range']],
  ['infinitely many repeats', net('conv 1 -> 4 x1e400'), ['range/too-large']],
  ['an infinite time', 'constraints { latency < 1e400 ms }', ['value/range']],
  ['an infinite budget', 'search random { budget 1e400 h }', ['value/range']],
  ['a number for a condition', net('conv 1 -> 4 when 3'), ['value/type']],
  ['a size for a condition', net('conv 1 -> 4 when not height'), ['value/type']],
  ['a choice of numbers for a condition', net('tie w = {1 | 2}', 'require w', 'conv 1 -> w'), ['value/type']],
  ['a choice of conditions', net('tie b = {true | false}', 'conv 1 -> 4 when b'), []],
  ['more than everything left out', net('dropout 1.5'), ['value/range']],
  ['everything left out behind a layer', net('conv 1 -> 4, dropout 1'), ['value/range']],
  ['a sum for a condition', net('conv 1 -> 4 unless in + 1'), ['value/type']],
  ['a number beside `and`', net('conv 1 -> 4 when in == 1 and 2'), ['value/type']],
  ['a number that is required', net('require 1', 'gap'), ['value/type']],
  [
    'conditions by name, choice and `not`',
    net('let b = {true | false}', 'conv 1 -> 4 when not b', 'gap when {true | false}'),
    [],
  ],
  ['arrows for a value', net('avgpool 2 padding ->->valid'), ['syntax/unexpected-token']],
  ['two alternatives of one label', net('choice { a: gap; a: gmp }'), ['name/duplicate']],
  ['a choice of nothing', net('choice { }'), ['syntax/missing-token']],
  ['the layer quantize', net('conv 1 -> 4', 'quantize', 'dequantize'), []],
  ['a number format to choose', 'quantize {int8 | int16x8}', ['later/number-format']],
  [
    'ten thousand brackets',
    net(`conv 1 -> ${'('.repeat(10_000)}4${')'.repeat(10_000)}`),
    ['syntax/unexpected-token'],
  ],
  [
    'ten thousand groups',
    net(`${'{ '.repeat(10_000)} gap ${' }'.repeat(10_000)}`),
    ['syntax/unexpected-token'],
  ],
] as const) {
  test(`${what}: ${expected.join(', ') || 'no problem'}`, () => {
    assert.deepEqual(codes(text), expected);
  });
}

for (const [what, text, files, expected] of [
  ['a renamed block', `import { Base as X } from "./b.nas"\n${net('X(4)')}`, { 'b.nas': blocks }, []],
  [
    'one block under two names',
    `import { Base, Base as B2 } from "./b.nas"\n${net('Base(4)', 'B2(4)')}`,
    { 'b.nas': blocks },
    [],
  ],
  [
    'two blocks that change names',
    `import { A as B, B as A } from "./b.nas"\n${net('A', 'B')}`,
    { 'b.nas': 'block A { conv 1 -> 4 }\nblock B { conv 3 -> 8 }' },
    [],
  ],
  [
    'a name of an operator',
    `import { Base as conv } from "./b.nas"\n${net('gap')}`,
    { 'b.nas': blocks },
    ['name/duplicate'],
  ],
  [
    'a block that is not there',
    `import { Bse } from "./b.nas"\n${net('Bse(4)')}`,
    { 'b.nas': blocks },
    ['import/unknown-name'],
  ],
  ['a file that is not there', `import { Base } from "./c.nas"\n${net('Base(4)')}`, {}, ['import/not-found']],
  [
    'a file that is half written',
    `import { Base } from "./b.nas"\n${net('Base(4)')}`,
    { 'b.nas': 'block Base(o) { conv 1 -> ' },
    ['import/broken'],
  ],
  [
    'a file that imports one with a mistake',
    `import { Base } from "./l.nas"\n${net('Base(4)')}`,
    { 'l.nas': 'import "./b.nas"', 'b.nas': 'block Base(o) { conv 1 -> p }' },
    ['import/broken'],
  ],
  [
    'a mistake in a block that is not used',
    `import { A } from "./b.nas"\n${net('A')}`,
    { 'b.nas': 'block A { gap }\nblock B { conv 1 -> p }' },
    [],
  ],
  [
    'a circle',
    `import { A } from "./a.nas"\n${net('A')}`,
    {
      'a.nas': 'import { B } from "./b.nas"\nblock A { B }',
      'b.nas': 'import { A } from "./a.nas"\nblock B { gap }',
    },
    ['import/cycle'],
  ],
] as const) {
  test(`${what}: ${expected.join(', ') || 'no problem'}`, () => {
    assert.deepEqual(codes(text, files), expected);
  });
}

test('a tie in a block that two files import is one tie', () => {
  const files = {
    'b.nas': blocks,
    'l.nas': 'import { Base } from "./b.nas"\nblock L { Base(4) }',
    'r.nas': 'import { Base } from "./b.nas"\nblock R { Base(8) }',
  };
  const text = `import { L } from "./l.nas"\nimport { R } from "./r.nas"\n${net('L', 'R')}`;
  const { spaces, problems } = analyseText(text, files);
  assert.deepEqual(problems, []);
  assert.equal(spaces[0]?.size().count, 2n);
});
