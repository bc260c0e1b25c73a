/** Bounds of RAM before and after there was time to plan every architecture. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundSpace } from '../../engine/cost/index.ts';
import { hover } from '../features/hover.ts';
import { fixture } from '../testing/fixture.ts';
import { constraintViews } from './constraints.ts';
import { spaceCosts } from './costs.ts';
import { exactLimit, refineRam } from './refine.ts';
import { estimateShares } from './share.ts';
import { Cancelled, idleSliceMs, Slices } from './slices.ts';

const options = '{4 | 8 | 12 | 16 | 20 | 24}';
const head =
  'target "nucleo-f446re" { runtime tflm + cmsis-nn }\nconstraints { ram < 40 KB; latency < 40 ms }\n';
/** 1296 architectures. */
const text = `${head}space $0s {\n  input 32x32x3\n  conv 3x3 -> ${options}\n  conv 3x3 -> ${options} stride 2\n  conv 3x3 -> ${options}\n  conv 3x3 -> ${options}\n  gap\n  dense -> 10\n}\n`;
const free = { isCancellationRequested: false };
const slices = () => new Slices(free, idleSliceMs);

test('what a sum can only bound is exact once every architecture was planned', async () => {
  const { snapshot, workspace, cursor } = fixture(text);
  const [before] = spaceCosts(snapshot);
  const loose = before?.targets[0]?.bounds.total.ram;
  assert.equal(loose?.exact, false);
  const shown = () => JSON.stringify(hover(snapshot, cursor, workspace)?.contents);
  assert.match(shown(), /RAM \| [^|]+ \| not exact.*planned while you pause/);
  const [verdict] = constraintViews(snapshot);
  assert.equal(verdict?.verdict, 'some');

  assert.equal(await refineRam(snapshot, slices()), true);
  const [after] = spaceCosts(snapshot);
  assert.ok(after !== undefined && before !== undefined);
  const [cost] = after.targets;
  assert.ok(cost !== undefined);
  const exact = boundSpace(after.space, cost.target, { visit: exactLimit });
  assert.deepEqual(cost.bounds.total, exact.total);
  assert.ok(exact.total.ram.high < loose.high);
  assert.match(shown(), /RAM \| [^|]+ \| exact/);
  assert.doesNotMatch(shown(), /planned while you pause/);
  assert.equal(constraintViews(snapshot)[0]?.verdict, 'always');
  assert.equal(cost.bounds.holders.length, exact.holders.length);
  assert.equal(await refineRam(snapshot, slices()), false);
});

test('a version that keeps the space keeps what was found', async () => {
  // Long enough for the short way of reparsing, which keeps what was not edited.
  const { snapshot, workspace } = fixture(`${text}\n// ${'-'.repeat(2000)}\n`);
  spaceCosts(snapshot);
  await refineRam(snapshot, slices());
  const next = workspace.change(snapshot.uri, 2, [
    { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, text: '// a comment\n' },
  ]);
  assert.ok(next !== undefined);
  assert.equal(spaceCosts(next)[0]?.targets[0]?.bounds.total.ram.exact, true);
});

test('bounds that take too long stay as they are, say why, and are not tried again', async () => {
  const { snapshot, workspace, cursor } = fixture(text);
  const [before] = spaceCosts(snapshot);
  assert.equal(await refineRam(snapshot, slices(), 0), true);
  const [after] = spaceCosts(snapshot);
  assert.deepEqual(after?.targets, before?.targets);
  const shown = JSON.stringify(hover(snapshot, cursor, workspace)?.contents);
  assert.match(shown, /takes longer than 5 s, so this is as exact as they get/);
  assert.doesNotMatch(shown, /while you pause/);
  assert.equal(await refineRam(snapshot, slices()), false);
});

test('an edit ends it', async () => {
  const { snapshot } = fixture(text);
  await assert.rejects(refineRam(snapshot, new Slices({ isCancellationRequested: true })), Cancelled);
});

test('larger spaces stay as they are, and say up to where bounds are exact', async () => {
  const many = text.replaceAll(
    options,
    '{4 | 5 | 6 | 7 | 8 | 12 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24}',
  );
  const { snapshot, workspace, cursor } = fixture(many);
  assert.ok((snapshot.analysis.spaces[0]?.size().count ?? 0n) > exactLimit);
  assert.equal(await refineRam(snapshot, slices()), false);
  assert.match(
    JSON.stringify(hover(snapshot, cursor, workspace)),
    /for spaces of up to 50,000 architectures/,
  );
});

test('the share of a space that can be looked at whole is no sample', async () => {
  const more = text.replace(options, '{4 | 6 | 8 | 10 | 12 | 14 | 16 | 18 | 20 | 22 | 24 | 26}');
  const { snapshot } = fixture(more);
  const [space] = snapshot.analysis.spaces;
  assert.ok(space !== undefined && space.size().count === 2592n);
  const [share] = await estimateShares(snapshot, space, slices());
  assert.equal(share?.exact, true);
  assert.ok(share.value > 0 && share.value < 1 && share.low === share.value && share.high === share.value);
});
