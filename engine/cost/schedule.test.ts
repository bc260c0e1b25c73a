import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schedule } from '../space/types.ts';
import { boundOf, boundSpace, price } from './index.ts';
import { missingOfSchedule, originOfSchedule } from './origin.ts';
import { constraintVerdict } from './verdict.ts';
import { analysisOf, chain, conv, spaceOf, targetNamed } from './testing.ts';
import type { Target } from './target.ts';
import type { Estimate } from './types.ts';

const on = (board: string, schedule: Schedule): Target => targetNamed({ board, schedule });
const coin = { milliampHours: 230, volts: 3 };

const network = chain([16, 16, 3], [conv(8, 3), [16, 16, 8]], [conv(16, 3, 2), [8, 8, 16]]);

function costOn(target: Target) {
  const { latency, energy, ram, ...total } = price(network, target).total;
  assert.ok(latency !== undefined && energy !== undefined);
  return { latency, energy, ram, power: total['average power'], life: total['battery life'] };
}

const near = (actual: number | undefined, expected: number): void => {
  assert.ok(actual !== undefined && Math.abs(actual / expected - 1) < 1e-9, `${actual} for ${expected}`);
};

test('an average is the energy of inference, waking and sleep over the period', () => {
  const target = on('esp32-devkitc', { everyMs: 2000, battery: coin });
  const { latency, energy, power, life } = costOn(target);
  // Light-sleep: 2640 µW, at most 9240.
  const sum = (end: keyof Estimate, asleep: number): number =>
    (energy[end] + ((2000 - latency[end]) * asleep) / 1000) / 2;
  near(power?.value, sum('value', 2640));
  near(power?.low, sum('low', 2640));
  near(power?.high, sum('high', 9240));
  // 690 mWh.
  near(life?.value, 690_000 / (power?.value ?? 0) / 24);
  near(life?.low, 690_000 / (power?.high ?? 0) / 24);
  near(life?.high, 690_000 / (power?.low ?? 0) / 24);
});

test('what the file says of sleep comes before the board, whose wake-up stays', () => {
  const { latency, energy, power } = costOn(on('nucleo-l4r5zi', { everyMs: 2000, sleepMicrowatts: 8.4 }));
  const sum = (end: keyof Estimate): number => (energy[end] + ((2000 - latency[end]) * 8.4) / 1000) / 2;
  near(power?.value, sum('value'));
  near(power?.low, sum('low'));
  near(power?.high, sum('high'));
  const target = on('nucleo-u575zi-q', { everyMs: 60_000, sleepMicrowatts: 20 });
  const own = costOn(target);
  near(own.power?.value, (own.energy.value + 0.16 + ((60_000 - 0.093 - own.latency.value) * 20) / 1000) / 60);
  assert.match(
    originOfSchedule(target) ?? '',
    /every 1 min asleep at 20 µW\. In between it draws 20 µW \(as the schedule says\)\. Waking takes 93 µs\. Sensors/,
  );
});

test('the running core is what wakes a board of which nobody says what that takes', () => {
  const { board, ...rest } = on('nucleo-u575zi-q', { everyMs: 60_000 });
  const { sleep } = board;
  assert.ok(sleep?.wake !== undefined);
  const { microseconds } = sleep.wake;
  const silent: Target = { ...rest, board: { ...board, sleep: { ...sleep, wake: { microseconds } } } };
  const differ =
    (price(network, silent).total['average power']?.value ?? 0) -
    (costOn({ ...rest, board }).power?.value ?? 0);
  near(differ, (0.093 * 25.9 - 0.16) / 60);
});

test('the blocks of memory that hold the arena draw power asleep, and waking has its own energy', () => {
  const target = on('nucleo-u575zi-q', { everyMs: 60_000 });
  const { latency, energy, ram, power, life } = costOn(target);
  const blocks = Math.ceil(ram.value / 65_536);
  const asleep = 12.8 + 1.2 * blocks;
  near(power?.value, (energy.value + 0.16 + ((60_000 - 0.093 - latency.value) * asleep) / 1000) / 60);
  assert.equal(life, undefined);
  const large = chain([128, 128, 3], [conv(8, 3), [128, 128, 8]]);
  const more = price(large, target).total;
  const theirs = Math.ceil(more.ram.value / 65_536);
  assert.ok(theirs > blocks);
  const rest = (60_000 - 0.093 - (more.latency?.value ?? 0)) / 1000;
  const expected = ((more.energy?.value ?? 0) + 0.16 + rest * (12.8 + 1.2 * theirs)) / 60;
  near(more['average power']?.value, expected);
});

test('what is not done within a period runs all the time', () => {
  const { latency, power } = costOn(on('nucleo-l4r5zi', { everyMs: 1, sleepMicrowatts: 8.4 }));
  assert.ok(latency.low > 1);
  assert.deepEqual(power, { value: 41_000, low: 40_500, high: 41_500 });
  // With hardly a pause, never more than that either.
  const hardly = { everyMs: latency.value + 0.006, sleepMicrowatts: 50_000 };
  const { power: little } = costOn(on('nucleo-l4r5zi', hardly));
  assert.ok(little !== undefined && little.value <= 41_000);
});

test('without a figure there is neither metric, and a reason', () => {
  const schedule = { everyMs: 1000, battery: coin };
  for (const [target, reason] of [
    [targetNamed({ board: 'nucleo-l4r5zi' }), /^The target nucleo-l4r5zi has no schedule$/],
    [on('nano-33-ble', schedule), /^There is no power of Arduino Nano 33 BLE .* at 64 MHz$/],
    [on('nucleo-f446re', schedule), /^What .*F446RE draws while it sleeps is not known$/],
    [
      targetNamed({ board: 'nucleo-l4r5zi', clockHz: 80e6, schedule }),
      /^There is no power of .*L4R5ZI.* at 80 MHz$/,
    ],
  ] as const) {
    const { total } = price(network, target);
    assert.deepEqual([total['average power'], total['battery life']], [undefined, undefined]);
    assert.match(missingOfSchedule(target)?.reason ?? '', reason);
  }
  assert.equal(
    missingOfSchedule(targetNamed({ board: 'nucleo-l4r5zi', clockHz: 80e6, schedule }))?.cure,
    'Write clock 120 MHz.',
  );
  assert.equal(originOfSchedule(targetNamed({ board: 'nucleo-l4r5zi' })), undefined);
  assert.match(
    originOfSchedule(on('nucleo-f446re', schedule)) ?? '',
    /so there is no average power\. Write what .* `schedule every 2 s \{ sleep 3 uA at 3 V \}`\.$/,
  );
  assert.match(
    originOfSchedule(on('nucleo-u575zi-q', schedule)) ?? '',
    /every 1 s on 230 mAh at 3 V\. In between it draws 12\.8 µW, at most 45 µW and 1\.2 µW for every 64 KB of the arena \(Stop 2 .*DS13086.*\)\. Waking takes 93 µs\./,
  );
});

const space = spaceOf(`space s {
  input 64x64x3
  conv {3 | 5} -> {4 | 8 | 24} stride {1 | 2}, relu
  conv 3 -> {4 | 16}, relu x0..2
  maxpool 2x2
  gap; dense -> 4
}`);

test('no architecture lies outside of the bounds, however long the period is and before and after all are planned', () => {
  let distinct = 0;
  for (const [board, own] of [
    ['nucleo-l4r5zi', { sleepMicrowatts: 8.4 }],
    ['nucleo-u575zi-q', {}],
    ['nucleo-h7a3zi-q', { sleepMicrowatts: 96 }],
    ['esp32-devkitc', {}],
  ] as const) {
    for (const everyMs of [20, 300, 3000, 3_600_000]) {
      const target = on(board, { everyMs, battery: coin, ...own });
      const loose = boundSpace(space, target, { visit: 0n });
      const bounds = [loose, boundSpace(space, target, { visit: 10_000n })];
      for (const decisions of space.enumerate()) {
        const { total } = price(space.lower(decisions), target);
        for (const metric of ['average power', 'battery life'] as const) {
          const value = total[metric]?.value ?? NaN;
          for (const each of bounds) {
            const { low, high } = boundOf(each, metric) ?? { low: NaN, high: NaN };
            assert.ok(
              low <= value && value <= high,
              `${board} ${everyMs} ${metric}: ${low} ${value} ${high}`,
            );
          }
        }
      }
      const power = boundOf(loose, 'average power');
      if (power !== undefined && power.high > power.low * 1.01) distinct += 1;
      // Exact says that both ends are reached.
      if (power?.exact !== true) continue;
      const values = [...space.enumerate()].map(
        (decisions) => price(space.lower(decisions), target).total['average power']?.value ?? NaN,
      );
      near(Math.min(...values), power.low / (1 - 1e-9));
      near(Math.max(...values), power.high / (1 + 1e-9));
    }
  }
  assert.ok(distinct > 8);
});

test('limits on both metrics are judged by the bounds, and blame the layer that takes most energy', () => {
  const target = on('nucleo-u575zi-q', { everyMs: 2000, battery: coin });
  const bounds = boundSpace(space, target);
  const verdict = (limit: string) => {
    const [constraint] = analysisOf(`constraints { ${limit} }`).settings.constraints;
    assert.ok(constraint !== undefined);
    return constraintVerdict(bounds, constraint);
  };
  assert.equal(verdict('battery life > 30 years').verdict, 'impossible');
  assert.equal(verdict('battery life > 1 s').verdict, 'always');
  assert.equal(verdict('average power < 1 uW').blame?.statement.statement.kind, 'operator');
  const life = boundOf(bounds, 'battery life');
  assert.ok(life !== undefined);
  assert.equal(verdict(`battery life > ${(life.low + life.high) / 2} days`).verdict, 'some');
});
