import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { describeDuration, describeStanding } from './describe.ts';

test('a standing names what is known and nothing else', () => {
  const nothing = { done: 0, trials: 120, failed: 0, best: undefined, secondsLeft: undefined };
  assert.equal(describeStanding(nothing), '0 of 120 trials');
  assert.equal(
    describeStanding({ done: 12, trials: 120, failed: 1, best: 0.8841, secondsLeft: 540 }),
    '12 of 120 trials, best 88.4 %, about 9 min left',
  );
  assert.equal(describeStanding({ ...nothing, done: 1, trials: undefined }), '1 trial');
});

test('durations are rounded to what matters', () => {
  assert.deepEqual([0.2, 45, 120, 7500].map(describeDuration), ['1 s', '45 s', '2 min', '2 h 5 min']);
});
