import assert from 'node:assert/strict';
import { test } from 'node:test';
import { additiveBounds } from '../graph/bounds.ts';
import { relaxGraph } from '../graph/relax.ts';
import { ElaboratedSpace } from '../search-space.ts';
import { analyseText, seeded, spaceOf } from '../testing.ts';

const net = (...lines: readonly string[]): string =>
  `space s {\n  input 8x8x4\n${lines.map((line) => `  ${line}\n`).join('')}  dense -> 2\n}\n`;

test('relu is folded into the layer, hswish is an operator of its own, none leaves it out', () => {
  const space = spaceOf(net('conv 3 -> 16, bn, {relu | hswish | relu6 | none}'));
  assert.deepEqual(
    space.choices.map(({ id, kind, options }) => [id, kind, ...options]),
    [['conv.1/follower', 'operator', 'relu', 'hswish', 'relu6', 'none']],
  );
  const built = [...space.enumerate()].map((decisions) =>
    space
      .lower(decisions)
      .ops.map((op) => `${op.name} ${op.kind} ${'activation' in op ? op.activation : ''}`),
  );
  const dense = 'dense.1 fully_connected none';
  assert.deepEqual(built, [
    ['conv.1 conv_2d relu', dense],
    ['conv.1 conv_2d none', 'conv.1/hswish hard_swish ', dense],
    ['conv.1 conv_2d relu6', dense],
    ['conv.1 conv_2d none', dense],
  ]);
  const printed = [...space.enumerate()].map((decisions) => space.print(decisions));
  assert.match(printed[0] ?? '', /conv 3x3 -> 16, bn, relu\n/);
  assert.match(printed[1] ?? '', /conv 3x3 -> 16, bn\n\s*hswish\n/);
  assert.match(printed[3] ?? '', /conv 3x3 -> 16, bn\n\s*dense/);
});

test('each choice of what follows has an id of its own, and a value is drawn with its option only', () => {
  const space = spaceOf(
    net('conv 3 -> 4, {bn | none}, {leaky {0.1 | 0.2} | leaky {0.3 | 0.4} | relu} x1..2'),
  );
  assert.deepEqual(space.choices.map(({ id }) => id).slice(0, 5), [
    'conv.1/repeat',
    'conv.1[0]/follower',
    'conv.1[0]/follower.2',
    'conv.1[0]/follower.2/leaky',
    'conv.1[0]/follower.2/leaky.2',
  ]);
  assert.deepEqual(space.size(), { count: 10n + 100n, exact: true });
  const random = seeded(2);
  let one = space.sample(random);
  for (let count = 0; count < 100; count++) {
    one = space.mutate(one, random);
    const option = one['conv.1[0]/follower.2'];
    assert.equal(one['conv.1[0]/follower.2/leaky'] !== undefined, option === 0);
    assert.equal(one['conv.1[0]/follower.2/leaky.2'] !== undefined, option === 1);
  }
});

test('where a layer stands for many, an activation of its own costs nothing where another is chosen', () => {
  const space = spaceOf(net('conv 3 -> {4 | 8 | 12}, {relu | hswish}', 'conv 1 -> {4 | 8}, {hswish | none}'));
  assert.ok(space instanceof ElaboratedSpace);
  const counts = [...space.enumerate()].map((decisions) => space.lower(decisions).ops.length);
  for (const options of [{}, { few: 0 }, { few: 0, width: 1 }]) {
    const relaxed = relaxGraph(space.graph.program, options);
    assert.ok(relaxed !== undefined);
    const [total] = additiveBounds(relaxed, { width: 1, measure: (_op, _in, _out, out) => out.fill(1) });
    assert.equal(total?.low, Math.min(...counts));
    assert.equal(total.high, Math.max(...counts));
    assert.equal(relaxed.total, space.size().count);
  }
});

for (const [line, code, mended] of [
  ['conv 3 -> 4, {relu | conv}', 'follower/unknown', 'conv 3 -> 4, {relu}'],
  ['conv 3 -> 4, {gap | relu}', 'follower/unknown', 'conv 3 -> 4, {relu}'],
  ['conv 3 -> 4, {relu | hswich}', 'follower/unknown', 'conv 3 -> 4, {relu | hswish}'],
  ['conv 3 -> 4, {relu | nome}', 'follower/unknown', 'conv 3 -> 4, {relu | none}'],
  ['conv 3 -> 4, {relu | none}, bn', 'follower/order', undefined],
  ['maxpool 2, {bn | none}', 'follower/order', undefined],
  ['conv 3 -> 4, {relu | relu}', 'choice/duplicate', undefined],
  ['conv 3 -> 4, {none | identity}', 'choice/duplicate', undefined],
  ['conv 3 -> 4, none', 'follower/unknown', undefined],
] as const) {
  test(`${line}: ${code}`, () => {
    const text = net(line);
    const { problems } = analyseText(text);
    assert.deepEqual([...new Set(problems.map((problem) => problem.code))], [code]);
    if (mended === undefined) return;
    const [edit] = problems[0]?.fixes[0]?.edits ?? [];
    assert.ok(edit !== undefined);
    const after = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
    assert.equal(after, net(mended));
    assert.deepEqual(analyseText(after).problems, []);
  });
}

test('batch normalisation may stand behind a choice that leaves out what comes before it', () => {
  assert.deepEqual(analyseText(net('conv 3 -> 4, {bn | none}, {relu | none}')).problems, []);
});
