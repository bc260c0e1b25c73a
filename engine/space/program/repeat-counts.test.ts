import assert from 'node:assert/strict';
import { test } from 'node:test';
import { additiveBounds } from '../graph/bounds.ts';
import { relaxGraph } from '../graph/relax.ts';
import { ElaboratedSpace } from '../search-space.ts';
import { analyseText, seeded, spaceOf } from '../testing.ts';

const net = (...lines: readonly string[]): string =>
  `space s {\n  input 8x8x4\n${lines.map((line) => `  ${line}\n`).join('')}  dense -> 2\n}\n`;

const bounded = net('tie n = {1 | 2 | 3}', 'conv {1 | 3} -> 4 x0..n', 'conv 1 -> 4 x(n)..3 same');

test('a repeat between drawn bounds is one choice with an id of its own', () => {
  const space = spaceOf(bounded);
  assert.deepEqual(
    space.choices
      .filter(({ kind }) => kind === 'repeat')
      .map(({ id, options }) => `${id}: ${options.join(' ')}`),
    ['conv.1/repeat: 0 1 2 3', 'conv.2/repeat: 1 2 3'],
  );
  assert.deepEqual(space.normalize({ n: 0, 'conv.1/repeat': 1, 'conv.1[0]/kernel': 1, 'conv.2/repeat': 0 }), {
    decisions: { n: 0, 'conv.1/repeat': 1, 'conv.1[0]/kernel': 1, 'conv.2/repeat': 0 },
  });
  const beyond = space.normalize({ n: 0, 'conv.1/repeat': 2 });
  assert.ok('error' in beyond && beyond.error.includes('bounds of the repeat on line 4'));
});

test('samples and mutants keep to the bounds', () => {
  const space = spaceOf(bounded);
  const random = seeded(4);
  let one = space.sample(random);
  for (let count = 0; count < 200; count++) {
    one = count % 2 === 0 ? space.mutate(one, random) : space.sample(random);
    const most = (one['n'] ?? 0) + 1;
    assert.ok((one['conv.1/repeat'] ?? 9) <= most && (one['conv.2/repeat'] ?? -1) + 1 >= most);
  }
});

test('bounds of a space whose states are not told apart hold every architecture', () => {
  const space = spaceOf(bounded);
  assert.ok(space instanceof ElaboratedSpace);
  const relaxed = relaxGraph(space.graph.program, { width: 1 });
  assert.ok(relaxed !== undefined && relaxed.total >= space.size().count);
  const operators = [...space.enumerate()].map((decisions) => space.lower(decisions).ops.length);
  const [total] = additiveBounds(relaxed, { width: 1, measure: (_op, _inputs, _output, out) => out.fill(1) });
  assert.ok(total !== undefined);
  assert.ok(total.low <= Math.min(...operators) && Math.max(...operators) <= total.high);
});

for (const [count, mended] of [
  ['1.5', '2'],
  ['(0 - 1)', '0'],
  ['0..(n / 2)', '0..(round(n / 2))'],
  ['0..(n - 2)', '0..(max(0, n - 2))'],
  ['(n - 2.5)..3', '(max(0, round(n - 2.5)))..3'],
] as const) {
  test(`x${count} is no number of repetitions, and the fix writes x${mended}`, () => {
    const text = net('tie n = {1 | 2 | 3}', `conv 1 -> n x${count}`);
    const { problems } = analyseText(text);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['repeat/count'],
    );
    const [edit] = problems[0]?.fixes[0]?.edits ?? [];
    assert.ok(edit !== undefined);
    const after = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
    assert.ok(after.includes(` x${mended}\n`), after);
    assert.deepEqual(analyseText(after).problems, []);
  });
}

for (const [lines, code] of [
  [['tie n = {1 | 2}', 'conv 1 -> 4 x3..n'], 'range/empty'],
  [['conv 1 -> 4 x0..(in)'], 'value/not-constant'],
  [['tie n = {1 | 300}', 'conv 1 -> 4 x0..n'], 'range/too-large'],
] as const) {
  test(`${lines.join('; ')}: ${code}`, () => {
    assert.deepEqual(
      analyseText(net(...lines)).problems.map((problem) => problem.code),
      [code],
    );
  });
}
