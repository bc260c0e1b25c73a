import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boards } from '../../../device-profiles/index.ts';
import type { ProbeFacts } from '../wire/probe.ts';
import { earlierOf, keepAsItComes, spreadOut, withMeasurement, type Step } from './session.ts';
import type { Subject } from './subject.ts';

function subject(kind: string, side: number, channels: number): Subject {
  const output = [side, side, channels];
  const layer = { kind, attributes: { kernel: [1, 1] }, inputs: [[side, side, 8]], output };
  return {
    layer,
    title: `${kind} ${side} ${channels}`,
    inputs: [],
    outputs: [],
    isExact: true,
    work: side * side * channels,
  };
}

test('the layers that run first spread over kinds and sizes', () => {
  const convs = [1, 2, 4, 8, 16, 32].flatMap((side) => [8, 9, 10].map((n) => subject('conv_2d', side, n)));
  const all = [...convs, subject('add', 4, 8), subject('mean', 4, 8)];
  const order = spreadOut(all);
  assert.deepEqual(new Set(order), new Set(all));
  assert.equal(order.length, all.length);
  const first = order.slice(0, 5).map(({ title }) => title);
  assert.equal(first[0], 'conv_2d 32 10');
  assert.ok(first.includes('add 4 8') && first.includes('mean 4 8'), first.join(', '));
  // Both ends of the convolutions, before those in between.
  assert.ok(
    first.some((title) => title.startsWith('conv_2d 1 ')),
    first.join(', '),
  );
  assert.deepEqual(spreadOut([]), []);
});

const facts = { clockHz: 125e6, counter: 'SysTick', serial: undefined } as ProbeFacts;
const layer = { ...subject('conv_2d', 4, 8).layer, cycles: { least: 10, median: 11 } };

test('a session goes on where the same image was measured, and takes the place of another', () => {
  const [pico] = boards.filter(({ id }) => id === 'pico');
  assert.ok(pico);
  const image = { sha256: 'a'.repeat(64), file: '', loadAddress: undefined, machine: undefined };
  const once = withMeasurement(pico, facts, image, '2026-12-01', [layer]);
  assert.equal(earlierOf(once, facts, image)?.layers.length, 1);
  const again = withMeasurement(once, facts, image, '2026-12-02', [
    { ...layer, cycles: { least: 20, median: 21 } },
    { ...layer, output: [4, 4, 16] },
  ]);
  assert.deepEqual(
    again.measured?.map(({ date, layers }) => [date, layers.map(({ cycles }) => cycles.least)]),
    [['2026-12-02', [20, 10]]],
  );
  const other = { ...image, sha256: 'b'.repeat(64) };
  assert.equal(earlierOf(again, facts, other), undefined);
  const anew = withMeasurement(again, facts, other, '2026-12-03', [layer]);
  assert.deepEqual(
    anew.measured?.map(({ date, layers }) => [date, layers.length]),
    [['2026-12-03', 1]],
  );
  // Another clock is another measurement.
  const slow = { ...facts, clockHz: 48e6 };
  assert.equal(withMeasurement(anew, slow, other, '2026-12-04', [layer]).measured?.length, 2);
});

async function* steps(count: number, end?: Error): AsyncGenerator<Step> {
  for (let at = 0; at < count; at++) {
    await Promise.resolve();
    yield { subject: subject('conv_2d', 1, at + 1), reason: '' };
  }
  if (end !== undefined) throw end;
}

test('what was measured is kept as it comes, and all of it when the board is pulled out in the middle', async () => {
  const sizes: number[] = [];
  const take = ({ subject: { layer: shape } }: Step) => ({ ...shape, cycles: { least: 1, median: 1 } });
  const keep = (layers: readonly unknown[]) => void sizes.push(layers.length);
  const gone = new Error('The board is no longer attached.');
  await assert.rejects(keepAsItComes(steps(12, gone), take, keep), gone);
  assert.deepEqual(sizes.splice(0), [5, 10, 12]);
  assert.equal((await keepAsItComes(steps(5), take, keep)).length, 5);
  assert.deepEqual(sizes.splice(0), [5]);
  await keepAsItComes(steps(3), () => undefined, keep);
  assert.deepEqual(sizes, []);
});
