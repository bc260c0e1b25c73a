/**
 * Documents that nobody writes and somebody will open: one part repeated as often as wanted. What is worked out of them
 * must take time that grows with their length and no deep stack; see `hostile.bench.ts`, and for small ones
 * `server/features/bad-input.test.ts`.
 */

export interface Hostile {
  readonly name: string;
  /** The text with `count` repetitions. */
  readonly text: (count: number) => string;
}

type Row = readonly [name: string, before: string, repeated: string, after: string];

const space = 'space s {\n  input 32x32x3\n  ';
const value = `${space}conv 3x3 -> `;
const end = '\n  flatten\n  dense -> 10\n}\n';

/** `#` in the repeated part is the number of the repetition. */
const rows: readonly Row[] = [
  ['junk', '', '%% ?? @@\n', ''],
  ['signs', '', '@ ', ''],
  ['one long foreign word', '', 'é', ''],
  ['foreign words', '', 'né ', ''],
  ['a long name', '', 'a', ''],
  ['a name of many parts', '', 'a-', ''],
  ['digits', value, '1', end],
  ['dimensions', value, '3x', end],
  ['fractions', value, '.5', end],
  ['exponents', value, '1e', end],
  ['a string that nothing closes', '"', 'a', ''],
  ['a long string', '"', 'a', '"'],
  ['a string of escapes', '"', '\\"', ''],
  ['strings that nothing closes on one line', '', '"\\";', ''],
  ['strings that nothing closes', '', '"a\n', ''],
  ['quotes', '', '"', ''],
  ['a comment that nothing closes', '/*', ' a', ''],
  ['comments that nothing closes', '', '/* a\n', ''],
  ['comments within comments', '', '/* ', '*/'],
  ['ends of comments', '/*', ' */', ''],
  ['comments', '', '// a\n', ''],
  ['short comments', '', '/**/', ''],
  ['empty lines', '', '\n', ''],
  ['returns without line feeds', '', '\r', ''],
  ['blanks', '', ' ', ''],
  ['opening braces', '', '{', ''],
  ['closing braces', '', '}', ''],
  ['braces', '', '{}', ''],
  ['braces, a line each', space, '{\n', end],
  ['nested groups', space, '{ gap; ', end],
  ['nested choices of values', value, '{1|', end],
  ['nested choices', space, 'choice { a: ', end],
  ['nested branches', space, 'branches add { a: ', end],
  ['opening parentheses', value, '(', end],
  ['closing parentheses', value, ')', end],
  ['nested calls', value, 'round8(', end],
  ['brackets in turn', value, '({', end],
  ['nested properties', 'search random {\n', 'a {', '}\n'],
  ['a sum', value, '1+', `1${end}`],
  ['a sum outside', '', '1+', ''],
  ['minus signs', value, '-', `1${end}`],
  ['not', `${space}require `, 'not ', `1${end}`],
  ['comparisons', `${space}require `, '1 < ', `2${end}`],
  ['ranges', value, '1..', `2${end}`],
  ['steps', value, '1..2 step ', `2${end}`],
  ['bars', value, '|', end],
  ['equal options', value, '1|', end],
  ['options', `${value}{1`, '|#', `}${end}`],
  ['options, a line each', `${value}{1`, '|\n#', `}${end}`],
  ['unfinished options', `${value}{1`, '|\n', end],
  ['alternatives', `${space}choice {\n`, 'a#: conv 3x3 -> 8\n', `}${end}`],
  ['equal alternatives', `${space}choice {\n`, 'a: conv 3x3 -> 8\n', `}${end}`],
  ['labels without layers', `${space}choice {\n`, 'a#:\n', `}${end}`],
  ['stray semicolons in a choice', `${space}choice {`, '\n; when ', `}${end}`],
  ['stray braces in a choice', `${space}choice {`, '}tie a = b', `}${end}`],
  ['a list of mistakes', 'dataset d(', 'a - when , ', ')\n'],
  ['layers', space, 'conv 3x3 -> 8\n', end],
  ['layers on one line', space, 'conv 3x3 -> 8;', end],
  ['layers without outputs', space, 'conv 3x3 ->\n', end],
  ['unknown layers', space, 'cnov#\n', end],
  ['optional layers', space, 'conv 3x3 -> 8 ?\n', end],
  ['repeated layers', space, 'conv 3x3 -> 8 x2\n', end],
  ['followers', `${space}conv 3x3 -> 8`, ', relu', end],
  ['parameters', `${space}conv 3x3 -> 8`, ' stride 2', end],
  ['arguments', `${space}B(`, '1, ', `1)${end}`],
  ['names that nothing declares', value, '{a# | b#}\n', end],
  ['values', space, 'let a# = #\n', end],
  ['chained values', `${space}let a0 = 1\n`, 'let b# = a0 + #\n', end],
  ['ties', space, 'tie w# = {1 | 2}\n', end],
  ['requirements', space, 'require 1 < 2\n', end],
  ['skips', space, 'conv 3x3 -> 3; skip add\n', end],
  ['outputs by name', space, 'conv 3x3 -> 8 as t#\n', end],
  ['blocks', '', 'block b#(k = 8) {\n  conv 3x3 -> k\n}\n', ''],
  ['blocks of one name', '', 'block b {\n  gap\n}\n', ''],
  ['blocks that use each other', '', 'block b#(k = 8) {\n  b0(k)\n}\n', ''],
  ['uses of one block', `block b(k) {\n  conv 3x3 -> k\n}\n${space}`, 'b(8)\n', end],
  ['parameters of a block', 'block b(', 'p#, ', 'q) { gap }\n'],
  ['spaces', '', 'space s# {\n  input 8x8x1\n  conv 3x3 -> 8\n}\n', ''],
  ['heads of spaces', '', 'space s# ', ''],
  ['open spaces', '', 'space s# {\n', ''],
  ['imports', '', 'import "./a#.nas"\n', ''],
  ['imports of one file', '', 'import { a# } from "./a.nas"\n', ''],
  ['words of imports', '', 'import ', ''],
  ['targets', '', 'target "nucleo-f446re"\n', ''],
  ['unknown targets', '', 'target "board#"\n', ''],
  ['limits', 'constraints {\n', 'latency < # ms\n', '}\n'],
  ['settings', 'search random {\n', 'trials #\n', '}\n'],
  ['settings on one line', 'search random {\n', 'trials # ', '}\n'],
  ['declarations inside', space, 'block b#\n', end],
  ['edges of a cell', 'cell c {\n', 'edge # -> # <- {conv 3x3 -> 8}\n', '}\n'],
];

export const hostile: readonly Hostile[] = rows.map(([name, before, repeated, after]) => ({
  name,
  text: (count) =>
    before +
    (repeated.includes('#')
      ? Array.from({ length: count }, (_, index) => repeated.replaceAll('#', String(index))).join('')
      : repeated.repeat(count)) +
    after,
}));

const layers = (count: number, layer: string): string =>
  `target "nucleo-f446re"\n${space}${`${layer}\n`.repeat(count)}${end}`;

/** Short documents of which much has to be worked out. */
export const costly: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'two wide layers', text: layers(2, 'conv 3x3 -> {1..128}, relu') },
  { name: 'six wide layers', text: layers(6, 'conv 3x3 -> {1..128}, relu') },
  { name: 'thirty wide layers', text: layers(30, 'conv 3x3 -> {1..128}, relu') },
  { name: 'three hundred wide layers', text: layers(300, 'conv 3x3 -> {1..128}, relu') },
  {
    name: 'wide layers that stride',
    text: layers(6, 'conv 3x3 -> {1..64}; conv 3x3 -> {8|16} ? stride {1|2}'),
  },
  { name: 'wide layers that repeat', text: layers(20, 'conv 3x3 -> {1..64} ? x{1..3}') },
  { name: 'long repetitions', text: layers(4, 'conv 3x3 -> {8|16}, relu x{1..200}') },
  { name: 'one of many options', text: layers(3, 'conv 3x3 -> {1..1024}') },
  {
    name: 'choices in choices',
    text: layers(
      4,
      'choice { a: choice { c: conv 3x3 -> {8|16|24|32}\n d: dwconv {3|5|7}x3 }\n b: conv 5x5 -> {1..64} }',
    ),
  },
  {
    name: 'blocks of 54 options',
    text: `block B(k, w) {\n  conv 3x3 -> w, relu\n  dwconv k, relu\n  conv 1x1 -> w, relu ?\n}\n${layers(9, 'B({3x3|5x5|7x7}, {8..72 step 8})')}`,
  },
  {
    name: 'many blocks',
    text: `block B(k) {\n  conv 3x3 -> k\n  conv 1x1 -> k, relu\n}\n${layers(2000, 'B(8)')}`,
  },
  {
    name: 'many architectures of many layers',
    text: layers(300, 'conv 3x3 -> 8').replace('flatten', `${'conv 3x3 -> 8 ?\n'.repeat(8)}flatten`),
  },
];
