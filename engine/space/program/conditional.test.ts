import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../../grammar/index.ts';
import { additiveBounds } from '../graph/bounds.ts';
import { relaxGraph } from '../graph/relax.ts';
import { ElaboratedSpace } from '../search-space.ts';
import { analyseText, seeded, spaceOf } from '../testing.ts';

const net = (...lines: readonly string[]): string =>
  `space s {\n  input 8x8x4\n${lines.map((line) => `  ${line}\n`).join('')}  dense -> 2\n}\n`;

const drawn = net(
  'tie s = {1 | 2}',
  'conv 3 -> {32 | 48} when s == 2 else 16 stride s, relu',
  'conv 1 -> in when height == 4 else 8',
);

test('a choice in a conditional value is a decision only where it is read, by an id that stays', () => {
  const space = spaceOf(drawn);
  assert.deepEqual(
    space.choices.map(({ id }) => id),
    ['conv.1/out', 's'].sort((left, right) => ids(space).indexOf(left) - ids(space).indexOf(right)),
  );
  assert.deepEqual(space.size(), { count: 3n, exact: true });
  const built = [...space.enumerate()].map((decisions) => {
    const { ops, tensors } = space.lower(decisions);
    return [Object.keys(decisions).length, ...ops.map(({ output }) => tensors[output]?.shape.join('x'))].join(
      ' ',
    );
  });
  assert.deepEqual(built.sort(), ['1 8x8x16 8x8x8 2', '2 4x4x32 4x4x32 2', '2 4x4x48 4x4x48 2']);
  const random = seeded(1);
  let one = space.sample(random);
  for (let count = 0; count < 50; count++) {
    one = space.mutate(one, random);
    assert.equal('conv.1/out' in one, one['s'] === 1);
  }
});

function ids(space: ReturnType<typeof spaceOf>): readonly string[] {
  return space.choices.map(({ id }) => id);
}

test('bounds of a space whose states are not told apart hold every architecture', () => {
  const space = spaceOf(drawn);
  assert.ok(space instanceof ElaboratedSpace);
  const channels = (shape: readonly number[]): number => shape.at(-1) ?? 0;
  const sums = [...space.enumerate()].map((decisions) => {
    const { ops, tensors } = space.lower(decisions);
    return ops.reduce((sum, { output }) => sum + channels(tensors[output]?.shape ?? []), 0);
  });
  const relaxed = relaxGraph(space.graph.program, { width: 1, few: 0 });
  assert.ok(relaxed !== undefined && relaxed.total >= space.size().count);
  const [total] = additiveBounds(relaxed, {
    width: 1,
    measure: (_op, _inputs, output, out) => out.fill(channels(output)),
  });
  assert.ok(total !== undefined && total.low <= Math.min(...sums) && Math.max(...sums) <= total.high);
});

for (const [line, code] of [
  ['conv 3 -> 16 when 3 else 8', 'value/type'],
  ['conv 3 -> 16 when unheard else 8', 'name/unknown'],
  ['conv 3 -> 16 when true else unheard', 'name/unknown'],
  ['conv 3 -> 16 / (in - 4) when in == 4 else 8', 'value/undefined'],
] as const) {
  test(`${line}: ${code}`, () => {
    assert.deepEqual([...new Set(analyseText(net(line)).problems.map((problem) => problem.code))], [code]);
  });
}

test('what has no value counts only where it is read', () => {
  assert.deepEqual(analyseText(net('conv 3 -> 16 / (in - 4) when in > 4 else 8')).problems, []);
});

for (const line of ['let w = 16 when true', 'conv 3 -> (16 when true)', 'conv 3 -> {8 | 16 when true}']) {
  test(`${line}: says that \`else\` is missing, and puts it in`, () => {
    const text = net(line);
    const [problem] = parse(text).problems;
    assert.match(problem?.message ?? '', /Write `else`/);
    const after = text.slice(0, problem?.start) + (problem?.insert ?? '') + text.slice(problem?.start);
    assert.deepEqual(parse(after).problems, []);
    assert.ok(after.includes('16 when true else 1'));
  });
}
