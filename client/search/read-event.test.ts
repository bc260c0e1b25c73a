import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { readEvent } from './read-event.ts';

test('events are read, anything else is passed over', () => {
  assert.deepEqual(readEvent('{"event":"failed","message":"No space."}'), {
    event: 'failed',
    message: 'No space.',
  });
  for (const line of ['', 'warning', '{', '{"event":"toString"}', '{"event":1}', '{"trial":1}', 'null']) {
    assert.equal(readEvent(line), undefined);
  }
});
