import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { IToken } from 'chevrotain';
import { forEachChild, parse, walk, type Node, type SourceFile, type Statement } from './index.ts';
import { examples, withoutPlaces } from './testing/examples.ts';
import { halfTyped } from './testing/half-typed.ts';
import { mutations } from './testing/mutate.ts';
import * as t from './tokens.ts';

const around = (line: string): string => `target "nucleo-f446re" { runtime tflm; clock 180 MHz }
dataset fashion-mnist
block A(out, stride = 1) {
  let t = {2 | 3}
  conv 1x1 -> in * t, relu6
  dwconv 3x3 stride stride
  ${line}
  conv 1x1 -> out
  skip add when stride == 1
}
block B(n) { conv 1x1 -> n; gap }
space s {
  tie w = 0.25..0.75 step 0.125
  A(24, 2)
  choice { a: conv 3x3 -> 8; b: { gap } }
  dense -> classes
}
constraints { ram < 3 KB; flash < 2 KB }
objectives { max accuracy }
search nsga2 { population 24; trials 3 }
`;

const word = (statement: Statement): string =>
  statement.kind === 'operator' ? statement.name.name : statement.kind;

for (const [line, found] of halfTyped) {
  test(`one problem and no neighbour lost: ${line}`, () => {
    const text = around(line);
    const { file, problems } = parse(text);
    assert.equal(problems.length, 1, JSON.stringify(problems));
    const place = problems[0]?.start ?? 0;
    assert.equal(text.slice(0, place).split('\n').length, 7, 'the problem is on the line');
    assert.deepEqual(
      file.declarations.map(({ kind }) => kind),
      ['target', 'dataset', 'block', 'block', 'space', 'constraints', 'objectives', 'search'],
    );
    const block = file.declarations[2];
    assert.ok(block?.kind === 'block');
    const between = found === '' ? [] : found.split(' ');
    assert.deepEqual(block.body.map(word), ['let', 'conv', 'dwconv', ...between, 'conv', 'skip']);
  });
}

test('a number without its first digit is told how to be written, not to be taken apart', () => {
  const messages = (line: string): readonly string[] =>
    parse(around(line)).problems.map(({ message }) => message);
  assert.deepEqual(messages('let s = .25'), ['A number begins with a digit. Write `0.25`.']);
  assert.deepEqual(messages('let s = 0.5..1 step .25'), ['A number begins with a digit. Write `0.25`.']);
  assert.deepEqual(messages('let s = 3.'), ['`.` has no meaning here. Remove it.']);
});

test('signs of other languages are told what is written instead', () => {
  for (const [line, cure] of [
    ['gap when 1 < 2 && 2 < 3', 'Write `and`.'],
    ['gap when !true', 'Write `not`.'],
    ['conv 3x3 -> [8, 16]', 'Options stand in braces, as in `{8 | 16}`.'],
    ['conv 3x3 -> 8 | 16', 'Options stand in braces, as in `{8 | 16}`.'],
    ['gap when 1 < 2 || 2 < 3', 'Write `or`.'],
    ['conv 3x3 => 8', 'Write `->` before the output.'],
    ['gap # pool', 'A comment begins with `//`.'],
  ] as const) {
    assert.ok(parse(around(line)).problems[0]?.message.endsWith(cure), line);
  }
});

test('a kernel with blanks is no repeat', () => {
  for (const line of [
    'conv 3 x 3 -> 16',
    'conv 3 x3 -> 16',
    'dwconv 3 x 3 stride 2',
    'maxpool 2 x 2, relu',
  ]) {
    const [problem, second] = parse(around(line)).problems;
    assert.match(problem?.message ?? '', /^Write `(3x3|2x2)` for a kernel/, line);
    assert.equal(second, undefined, line);
  }
  for (const line of [
    'maxpool 2 x2',
    'maxpool 2 stride 2 x3',
    'conv 3 -> 16 x 3',
    'maxpool 2 x1..3 same',
    'maxpool 2 x3 same',
    'maxpool 2 x2 ?',
  ])
    assert.deepEqual(parse(around(line)).problems, [], line);
});

test('a block in the body of another is one problem, whatever is in it', () => {
  const { file, problems } = parse(around('block C(n) {\n    conv 3x3 -> n\n    { gap } x2\n  }'));
  assert.deepEqual(
    problems.map(({ message }) => message),
    ['`block` begins a declaration, which cannot stand inside these braces. Move it out of them.'],
  );
  assert.equal(file.declarations.length, 8);
});

test('a declaration behind a body that was left open is a declaration', () => {
  for (const text of ['block A {\n  gap\nspace s {\n  gap\n}\n', 'block A {\ngap\nspace s {\ngap\n}\n']) {
    const { file, problems } = parse(text);
    assert.deepEqual(
      file.declarations.map(({ kind }) => kind),
      ['block', 'space'],
    );
    assert.equal(problems.length, 1);
  }
});

test('independent mistakes of one line are reported once each', () => {
  const unfinished = halfTyped
    .map(([line]) => line)
    .filter((line) => /^[a-z]\w*( |$)/.test(line) && pairs(line));
  assert.ok(unfinished.length > 60);
  unfinished.forEach((first, index) => {
    const second = unfinished[(index * 7 + 3) % unfinished.length] ?? '';
    const line = `${first} ; ${second}`;
    const text = around(line);
    const { file, problems } = parse(text);
    const places = problems.map(({ start }) => start - text.indexOf(line));
    assert.equal(problems.length, 2, `${line}: ${JSON.stringify(problems)}`);
    assert.ok((places[0] ?? -1) <= first.length + 1 && (places[1] ?? -1) > first.length, line);
    assert.equal(file.declarations.length, 8, line);
  });
});

/** The line has all its brackets, and nothing that reaches beyond it. */
function pairs(line: string): boolean {
  const count = (sign: RegExp): number => line.match(sign)?.length ?? 0;
  return (
    count(/\{/g) === count(/\}/g) &&
    count(/\(/g) === count(/\)/g) &&
    !/["#;]|\/\*|^(?:choice|branches)/.test(line)
  );
}

for (const [line, count] of [
  ['conv 3x3 -> ; pool 2x', 2],
  ['{conv 3x3 -> | dwconv 3x} -> 8', 2],
  ['choice { a: conv 3x3 -> ; b: conv 3x }', 2],
  ['choice { a: ; b: }', 2],
  ['conv {3 | } -> {4 | }', 2],
  ['MB(2, ; skip ; require', 3],
  ['A( ; B(', 2],
  ['let a = @; let b = $', 2],
  ['let a = [3 | 4]', 1],
] as const) {
  test(`${count} mistakes: ${line}`, () => {
    const { file, problems } = parse(around(line));
    assert.equal(problems.length, count, JSON.stringify(problems));
    assert.equal(file.declarations.length, 8);
  });
}

test('a word of the language cannot name an alternative, which is read all the same', () => {
  const text = around('choice { skip: identity; big: conv 3x3 -> 4 }');
  const { file, problems } = parse(text);
  assert.deepEqual(
    problems.map(({ start, end }) => text.slice(start, end)),
    ['skip'],
  );
  assert.match(
    problems[0]?.message ?? '',
    /^`skip` is a word of the language, so it cannot name an alternative\. Name it otherwise, such as `skip_`\.$/,
  );
  assert.equal(file.declarations.length, 8);
});

test('a line cut at any token costs one problem on it and nothing of the other lines', () => {
  const reference = readFileSync(new URL('../docs/language.md', import.meta.url), 'utf8');
  const documented = [...reference.matchAll(/```nas\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  let cuts = 0;
  for (const text of [...examples.map((example) => example.text), ...documented]) {
    const whole = parse(text);
    assert.deepEqual(whole.problems, []);
    const known = items(whole.file);
    let start = 0;
    for (const line of text.split('\n')) {
      const end = start + line.length;
      const tokens = t.lexer.tokenize(line).tokens;
      for (const [index, last] of tokens.slice(0, -1).entries()) {
        const stop = start + last.startOffset + last.image.length;
        cuts++;
        checkCut(text, { start, stop, end }, tokens.slice(0, index + 1), known);
      }
      start = end + 1;
    }
  }
  assert.ok(cuts > 1500, `${cuts} cuts`);
});

/** Everything that can stand on lines of its own, with its place. */
function items(file: SourceFile): readonly Node[] {
  const found: Node[] = [];
  const parts = new Set<Node['kind']>([
    ...(['let', 'operator', 'operatorChoice', 'skip', 'choice', 'branches', 'group', 'require'] as const),
    ...(['property', 'constraint', 'objective', 'edge', 'limit', 'output'] as const),
    ...(['import', 'target', 'dataset', 'block', 'cell', 'space', 'search'] as const),
    ...(['quantize', 'sparsity', 'constraints', 'objectives'] as const),
  ]);
  walk(file, (node) => {
    if (parts.has(node.kind)) found.push(node);
  });
  return found;
}

function depthOf(node: Node): number {
  let deepest = 0;
  forEachChild(node, (child) => {
    deepest = Math.max(deepest, depthOf(child));
  });
  return deepest + 1;
}

function checkCut(
  text: string,
  { start, stop, end }: { readonly start: number; readonly stop: number; readonly end: number },
  left: readonly IToken[],
  known: readonly Node[],
): void {
  const cut = text.slice(0, stop) + text.slice(end);
  const { file, problems } = parse(cut);
  const shown = `${text.slice(start, stop)}: ${problems.map(({ message }) => message).join(' ')}`;
  assert.ok(problems.length <= 1, shown);
  for (const { start: place } of problems) assert.ok(start <= place && place <= stop, shown);
  const next = text.slice(end).trimStart();
  // A comma before a follower that is indented deeper goes on below, whatever was meant.
  const isDeeper = indentAt(text, end) > indentAt(text, start - 1);
  if (left.at(-1)?.tokenType === t.Comma && isDeeper && /^(?:bn|relu6?|softmax|dropout)\b/.test(next)) return;
  if (isUnfinished(left)) assert.equal(problems.length, 1, `Nothing is said of ${shown}`);
  const removed = end - stop;
  const places = new Set(items(file).map((node) => `${node.start} ${JSON.stringify(withoutPlaces(node))}`));
  for (const node of known) {
    if (node.end > start && node.start < end) continue;
    const moved = node.start >= end ? node.start - removed : node.start;
    assert.ok(
      places.has(`${moved} ${JSON.stringify(withoutPlaces(node))}`),
      `${node.kind} lost behind ${shown}`,
    );
  }
}

/** Blanks at the start of the line behind the line end at `offset`. */
function indentAt(text: string, offset: number): number {
  return /^\n?( *)/.exec(text.slice(Math.max(0, offset)))?.[1]?.length ?? 0;
}

/** The line lacks something for certain: it ends in a sign that joins, or leaves a choice or a call open. */
function isUnfinished(left: readonly IToken[]): boolean {
  const last = left.at(-1)?.tokenType;
  const joins = [t.Arrow, t.Bar, t.Feeds, t.Plus, t.Times, t.DotDot, t.Assign, t.LessEqual, t.Equal];
  if (last !== undefined && joins.includes(last)) return true;
  let depth = 0;
  for (const { tokenType } of left) {
    if (tokenType === t.LParen) depth++;
    else if (tokenType === t.RParen) depth--;
  }
  return depth > 0;
}

test('a comma above a layer that could follow it costs one problem at the comma and leaves the layer', () => {
  for (const [above, below] of [
    ['dense -> 12,', 'softmax'],
    ['dense -> 12, // comment', 'softmax as scores'],
    ['gap; dense -> 12,', 'softmax'],
    ['A(3),', 'relu, dropout 0.5'],
  ] as const) {
    const text = around(`${above}\n  ${below}`);
    const { file, problems } = parse(text);
    assert.deepEqual(
      problems.map(({ start }) => text[start - 1]),
      [','],
      above,
    );
    const block = file.declarations[2];
    assert.ok(block?.kind === 'block');
    assert.ok(block.body.map(word).includes(/^\w+/.exec(below)?.[0] ?? ''), above);
  }
});

test('what follows a comma goes on below when it is indented deeper, or the line above goes on itself', () => {
  for (const lines of ['conv 3x3 -> 16,\n    bn,\n    relu', 'conv 3x3 -> 16,\n    bn,\n  relu']) {
    const { file, problems } = parse(around(lines));
    assert.deepEqual(problems, []);
    const block = file.declarations[2];
    assert.ok(block?.kind === 'block');
    assert.deepEqual(block.body.map(word), ['let', 'conv', 'dwconv', 'conv', 'conv', 'skip']);
  }
});

for (const line of ['conv k, ou', 'con', 'conv', 'gap;']) {
  test(`a line that could be whole is no syntax problem: ${line}`, () => {
    assert.deepEqual(parse(around(line)).problems, []);
  });
}

const whole = around('');
for (const [what, broken, declarations] of [
  ['a brace that closes a block', whole.replace('== 1\n}', '== 1\n'), 8],
  ['a brace that opens a space', whole.replace('space s {', 'space s'), 8],
  ['a name of a space', whole.replace('space s {', 'space {'), 8],
  ['a parenthesis of parameters', whole.replace('stride = 1)', 'stride = 1'), 8],
  ['a brace that closes constraints', whole.replace('2 KB }', '2 KB'), 8],
  ['a bound', whole.replace('ram < 3 KB', 'ram <'), 8],
  ['a quote', whole.replace('"nucleo-f446re"', '"nucleo-f446re'), 8],
  ['part of a word that declares', whole.replace('space s', 'spac s'), 7],
  ['a metric', whole.replace('max accuracy', 'max'), 8],
] as const) {
  test(`one problem when ${what} is missing`, () => {
    const { file, problems } = parse(broken);
    assert.equal(problems.length, 1, JSON.stringify(problems));
    assert.equal(file.declarations.length, declarations);
  });
}

function assertInside(text: string, name: string): void {
  for (const { start, end, message } of parse(text).problems) {
    assert.ok(0 <= start && start <= end && end <= text.length, `${name}: [${start}, ${end})`);
    assert.ok(start < end || end === text.length, `${name}: empty span`);
    assert.match(message, /\.$/);
  }
}

test('every example cut at every byte gives problems inside the text', () => {
  for (const { name, text } of examples) {
    const bytes = Buffer.from(text);
    // The fuzzing benchmark takes every byte of every file; here every byte of the small ones is enough.
    const step = bytes.length > 1200 ? 3 : 1;
    for (let end = 0; end <= bytes.length; end += step) {
      assertInside(bytes.subarray(0, end).toString(), `${name} cut at ${end}`);
    }
  }
});

test('mutated examples give problems inside the text', () => {
  for (const { text, name } of mutations(
    examples.map((example) => example.text),
    2000,
    11,
  )) {
    assertInside(text, name);
  }
});

test('nesting without end is one problem', () => {
  for (const text of [
    '('.repeat(50_000),
    `space s { ${'{'.repeat(50_000)}`,
    `let x = ${'not '.repeat(50_000)}`,
  ]) {
    assert.ok(parse(text).problems.length >= 1);
  }
});

test('an expression of thousands of operators is one problem and a tree that can be walked', () => {
  for (const value of [
    '1' + ' + 1'.repeat(20_000),
    '-'.repeat(20_000) + '1',
    'not '.repeat(20_000) + 'true',
  ]) {
    const { file, problems } = parse(`block A { let a = ${value}\n conv 3x3 -> a }\nblock B { gap }`);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', /more than 999 operators/);
    assert.ok(depthOf(file) < 1100);
    assert.equal(file.declarations.length, 2);
  }
});
