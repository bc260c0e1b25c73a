import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../../grammar/index.ts';
import { analyseText } from '../testing.ts';

const target = (inside: string): string => `target "nucleo-l4r5zi" { ${inside} }`;

test('a schedule is a period, and may have a battery', () => {
  const read = (inside: string) => analyseText(target(inside)).settings.targets[0]?.schedule;
  assert.equal(read(''), undefined);
  assert.deepEqual(read('schedule every 2 s'), { everyMs: 2000 });
  assert.deepEqual(read('schedule every 250 ms'), { everyMs: 250 });
  assert.deepEqual(read('battery 2.5 Ah at 3700 mV; schedule every 1 h'), {
    everyMs: 3_600_000,
    battery: { milliampHours: 2500, volts: 3.7 },
  });
  assert.deepEqual(read('schedule every 2 s { sleep 2.5 uA at 1800 mV }'), {
    everyMs: 2000,
    sleepMicrowatts: 4.5,
  });
  // A battery that cannot be read leaves the period.
  assert.deepEqual(read('schedule every 2 s; battery 230 mAh'), { everyMs: 2000 });
});

test('what is no schedule is told, and how to write one', () => {
  for (const [inside, code, words] of [
    ['schedule 2 s', 'value/type', 'written as in `schedule every 2 s`, and this is `2 s`'],
    ['schedule every', 'value/type', 'written as in `schedule every 2 s`'],
    ['schedule each 2 s', 'value/type', 'written as in `schedule every 2 s`'],
    ['schedule every 2 s 3 s', 'value/type', 'this is `every 2 s 3 s`'],
    ['schedule every 2 mW', 'unit/wrong', 'a time such as `20 ms`'],
    ['schedule every 0 s', 'value/range', 'greater than zero'],
    ['schedule every 2 s; battery 230 mAh', 'value/type', 'written as in `battery 230 mAh at 3 V`'],
    ['schedule every 2 s; battery 3 V at 230 mAh', 'unit/wrong', 'a charge such as `230 mAh`'],
    ['schedule every 2 s; battery 230 mAh at 0 V', 'value/range', 'greater than zero'],
    ['schedule every 2 s; battery 230 mAh at -3 V', 'value/type', 'this is `230 mAh at -3 V`'],
    ['schedule every 2 s { sleep 3 uA }', 'value/type', 'written as in `sleep 3 uA at 3 V`'],
    ['schedule every 2 s { sleep 3 mW at 3 V }', 'unit/wrong', 'a current such as `3 uA`'],
    ['schedule every 2 s { nap 3 uA at 3 V }', 'setting/unknown', 'sleep'],
    ['battery 230 mAh at 3 V', 'setting/alone', 'says nothing without `schedule`'],
    ['schedule', 'setting/missing', 'schedule every 2 s'],
  ] as const) {
    const { problems } = analyseText(target(inside));
    const [first] = problems;
    assert.equal(first?.code, code, inside);
    assert.ok(first.message.includes(words), `${inside}: ${first.message}`);
  }
});

test('a schedule goes on up to the setting beside it, with or without a line between them', () => {
  for (const between of ['; ', '\n']) {
    const text = target(`schedule every 2 s${between}battery 230 mAh at 3 V${between}clock 80 MHz`);
    assert.deepEqual(parse(text).problems, []);
    assert.equal(analyseText(text).settings.targets[0]?.clockHz, 80e6);
  }
  const [missing] = parse(target('schedule every 2 s battery 230 mAh at 3 V')).problems;
  assert.equal(missing?.code, 'syntax/missing-token');
});

test('an inference has to be done before the next is due', () => {
  const { constraints } = analyseText(target('schedule every 2 s')).settings;
  assert.deepEqual(
    constraints.map(({ metric, operator, bound, on, implied }) => [metric, operator, bound, on, implied]),
    [['latency', '<', 2000, 'nucleo-l4r5zi', true]],
  );
});

test('targets that differ in flags or schedule alone are two', () => {
  const codes = (...insides: string[]) => {
    const { settings, problems } = analyseText(insides.map(target).join('\n'));
    return [settings.targets.length, ...problems.map(({ code }) => code)];
  };
  assert.deepEqual(codes('schedule every 2 s', 'schedule every 3 s', ''), [3]);
  assert.deepEqual(codes('runtime tflm { flags O3 }', 'runtime tflm { flags Os }'), [2]);
  assert.deepEqual(codes('schedule every 2 s', 'schedule every 2000 ms'), [1, 'declaration/duplicate']);
});
