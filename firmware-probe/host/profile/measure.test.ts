import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { boards } from '../../../device-profiles/index.ts';
import { NetworkBuilder } from '../../../engine/train/testing.ts';
import { skipWithout } from '../../testing/programs.ts';
import { ProbeImages } from '../images.ts';
import { BoardError } from '../usb/fault.ts';
import { type RunningBoard, startVirtual } from '../virtual/boards.ts';
import { measureLayer } from './measure.ts';
import { keyOf, type Subject, subjectsOf } from './subject.ts';

const images = new ProbeImages(path.join(import.meta.dirname, '..', '..', 'images'));
const running: RunningBoard[] = [];
after(() => Promise.all(running.map(({ stop }) => stop())));

async function start(id: string): Promise<RunningBoard> {
  const board = boards.find((each) => each.id === id);
  assert.ok(board);
  const started = await startVirtual(board, images);
  running.push(started);
  return started;
}

/** Every way in which layers reach a kernel: weights, tables, constants, two inputs, two calls for one output. */
function network() {
  const b = new NetworkBuilder([9, 9, 3]);
  b.conv([3, 3], 8, { activation: 'relu' });
  const first = b.at;
  b.depthwise([3, 3]).op('hard_swish');
  b.op('add', {}, [first, b.at]);
  b.op('pad', { before: [1, 1], after: [1, 1] });
  b.conv([3, 3], 8, { activation: 'relu' });
  return b.op('mean').dense(10).op('softmax').network();
}

for (const id of ['virtual:rp2040', 'virtual:m4', 'virtual:m55']) {
  const skip = id === 'virtual:rp2040' ? false : skipWithout('qemu-system-arm');
  test(`every layer runs on ${id} and puts out what the network means`, { skip }, async () => {
    const { probe } = await start(id);
    const subjects = subjectsOf(network());
    assert.ok(subjects.length >= 8);
    for (const subject of subjects) {
      const result = await measureLayer(probe, subject, 2);
      assert.ok('counts' in result, subject.title);
      assert.ok(result.counts.least > 0 && result.counts.least <= result.counts.median, subject.title);
      assert.ok(result.stackBytes > 0);
    }
  });
}

test('a board that computes something else is told, and a layer too large for it is left out', async () => {
  const { probe } = await start('virtual:rp2040');
  const [subject] = subjectsOf(network());
  assert.ok(subject);
  const [output] = subject.outputs;
  assert.ok(output);
  const wrong: Subject = {
    ...subject,
    outputs: [{ ...output, expected: output.expected.map((value, at) => (at === 0 ? value ^ 1 : value)) }],
  };
  await assert.rejects(
    measureLayer(probe, wrong, 1),
    (error) => error instanceof BoardError && /computed something else/.test(error.message),
  );
  const [large] = subjectsOf(new NetworkBuilder([300, 300, 3]).conv([3, 3], 8).network());
  assert.ok(large);
  const left = await measureLayer(probe, large, 1);
  assert.match('reason' in left ? left.reason : '', /^It does not fit into the \d+ bytes that the probe has/);
});

test('the same layer is one subject, however often and in whatever network it stands', () => {
  const b = new NetworkBuilder([8, 8, 4]);
  b.conv([3, 3], 4).conv([3, 3], 4);
  const subjects = subjectsOf(b.network());
  assert.equal(subjects.length, 1);
  const [subject] = subjects;
  assert.ok(subject);
  assert.deepEqual(subjectsOf(b.network(), new Set([keyOf(subject.layer)])), []);
});
