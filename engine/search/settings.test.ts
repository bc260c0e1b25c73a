import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shippedProfiles } from '../cost/index.ts';
import { programOfRun } from './program.ts';
import { makeRunSettings } from './settings.ts';

function settingsOf(text: string) {
  const main = '/a.nas';
  const program = `dataset fashion-mnist\nspace s { conv 3x3 -> {4 | 8}; gap; dense -> classes }\n${text}`;
  const { analysis, files } = programOfRun({ main, files: { [main]: program } });
  const surroundings = { created: new Date(0), versions: {}, workers: 1, profiles: shippedProfiles };
  return makeRunSettings(analysis, files, {}, surroundings);
}

test('what is said of a board by another of its names is said of its targets', () => {
  const { targets, constraints, objectives } = settingsOf(`target "l4r5zi"
constraints { latency < 20 ms on "l4r5zi" }
objectives { max accuracy; min energy on "l4r5zi" }`);
  assert.deepEqual(
    [targets?.[0]?.target, constraints[0]?.on, objectives[1]?.on],
    ['nucleo-l4r5zi', 'nucleo-l4r5zi', 'nucleo-l4r5zi'],
  );
});

test('a schedule is among the limits of a run, and its target says it', () => {
  const { targets, constraints } = settingsOf(
    'target "l4r5zi" { schedule every 2 s; battery 230 mAh at 3 V }\nconstraints { battery life > 30 days }',
  );
  assert.equal(targets?.[0]?.schedule, 'every 2 s on 230 mAh at 3 V');
  assert.deepEqual(constraints, [
    { metric: 'battery life', operator: '>', bound: 30, on: undefined },
    { metric: 'latency', operator: '<', bound: 2000, on: 'nucleo-l4r5zi' },
  ]);
});

test('of two schedules of one board each limits its own target, and none those without', () => {
  const { constraints, targets } = settingsOf(`target "l4r5zi" { schedule every 2 s }
target "l4r5zi" { schedule every 3 s { sleep 3 uA at 3 V } }
target "l4r5zi"`);
  assert.deepEqual(
    constraints.map(({ bound, on }) => [bound, on]),
    [
      [2000, 'nucleo-l4r5zi every 2 s'],
      [3000, 'nucleo-l4r5zi every 3 s asleep at 9 µW'],
    ],
  );
  assert.equal(targets?.[2]?.target, 'nucleo-l4r5zi');
});
