import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategies as known } from '../space/index.ts';
import { strategies } from './registry.ts';

test('the strategies that the language says can run are those that are here', () => {
  const runnable = [...known].filter(([, { runs }]) => runs).map(([name]) => name);
  assert.deepEqual(runnable.sort(), strategies.map(({ name }) => name).sort());
});
