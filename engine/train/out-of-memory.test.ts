import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explainMemory, OutOfMemory } from './out-of-memory.ts';

const bytes = (wanted: number) => (): unknown => new Uint8Array(wanted);

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('what means that memory ran out is called that, and nothing else is', () => {
  const trap = Object.assign(new Error('memory access out of bounds'), { name: 'RuntimeError' });
  for (const error of [trap, thrownBy(bytes(2 ** 53)), thrownBy(bytes(-1))]) {
    const explained = explainMemory(error);
    assert.ok(explained instanceof OutOfMemory, String(error));
    assert.equal(explained.cause, error);
    assert.match(explained.message, /^Training ran out of memory\. Write a smaller `batch`/);
  }
  const other = new Error('The loss became NaN.');
  assert.equal(explainMemory(other), other);
  assert.equal(explainMemory('text'), 'text');
});
