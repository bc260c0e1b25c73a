import assert from 'node:assert/strict';
import { test } from 'node:test';

import { targetIds } from './target-id.ts';
import { isTargetOn } from './target-name.ts';
import { targetNamed, withoutLatency } from './testing.ts';

const one = targetNamed({ board: 'nucleo-f446re' });
const slow = targetNamed({ board: 'nucleo-f446re', clockHz: 90e6 });
const other = targetNamed({ board: 'nucleo-f446re', runtime: 'tflm' });
const pico = targetNamed({ board: 'pico' });

test('a target is named by its board, and by runtime and clock where these tell it from others', () => {
  const names = (targets: Parameters<typeof targetIds>[0]): string[] =>
    targetIds(targets).map(({ target }) => target);
  assert.deepEqual(names([one, pico]), ['nucleo-f446re', 'pico']);
  assert.deepEqual(names([one, other]), ['nucleo-f446re with tflm + cmsis-nn', 'nucleo-f446re with tflm']);
  assert.deepEqual(names([one, slow]), ['nucleo-f446re at 180 MHz', 'nucleo-f446re at 90 MHz']);
  assert.equal(new Set(names([one, slow, other, pico])).size, 4);
});

test('builds of one runtime are told apart by version and flags', () => {
  const small = targetNamed({ board: 'nucleo-f446re', runtime: 'tflm + cmsis-nn 4.1', flags: 'Os' });
  const ids = targetIds([one, small, pico]);
  assert.deepEqual(
    ids.map(({ target }) => target),
    ['nucleo-f446re with tflm + cmsis-nn 7.0 -O3', 'nucleo-f446re with tflm + cmsis-nn 4.1 -Os', 'pico'],
  );
  assert.equal(ids[1]?.build, '4.1 -Os');
});

test('schedules of one board are told apart, with their batteries', () => {
  const every = (everyMs: number, milliampHours?: number) => {
    const battery = milliampHours === undefined ? {} : { battery: { milliampHours, volts: 3 } };
    return targetNamed({ board: 'pico', schedule: { everyMs, ...battery } });
  };
  const ids = targetIds([pico, every(2000), every(2000.5), every(2000, 230), one]);
  assert.deepEqual(
    ids.map(({ target }) => target),
    ['pico', 'pico every 2 s', 'pico every 2.0005 s', 'pico every 2 s on 230 mAh at 3 V', 'nucleo-f446re'],
  );
  assert.deepEqual(
    ids.map(({ schedule }) => schedule),
    [undefined, 'every 2 s', 'every 2.0005 s', 'every 2 s on 230 mAh at 3 V', undefined],
  );
  for (const { target, board } of ids) assert.equal(isTargetOn(target, 'pico'), board === 'pico');
  assert.equal(every(2000, 230), every(2000, 230));
});

test('a limit on a board is about all its targets and no other', () => {
  for (const { target, board } of targetIds([one, slow, other, pico])) {
    assert.equal(isTargetOn(target, 'nucleo-f446re'), board === 'nucleo-f446re');
    assert.equal(isTargetOn(target, 'pico'), board === 'pico');
    assert.ok(isTargetOn(target, target));
  }
});

test('it says all that changes a price: clock, runtime, versions and the build that was measured', () => {
  const [id] = targetIds([one]);
  assert.equal(id?.clockHz, 180e6);
  assert.equal(id.runtime, 'tflm + cmsis-nn');
  assert.ok(
    id.versions.some((version) => version.includes('7.0.0')),
    id.versions.join(', '),
  );
  assert.equal(id.build, '7.0 -O3');
  assert.equal(
    targetIds([withoutLatency(targetNamed({ board: 'pico', runtime: 'nasturtium-probe' }))])[0]?.build,
    undefined,
  );
});
