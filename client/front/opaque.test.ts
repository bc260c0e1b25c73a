import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { opaque } from './opaque.ts';

test('a colour loses its transparency and nothing else', () => {
  assert.equal(opaque('#d186167e'), '#d18616');
  assert.equal(opaque('#abcd'), '#abc');
  assert.equal(opaque('#d18616'), '#d18616');
  assert.equal(opaque('#abc'), '#abc');
  assert.equal(opaque('rgba(209, 134, 22, 0.49)'), 'rgb(209, 134, 22)');
  assert.equal(opaque('rgb(1, 2, 3)'), 'rgb(1, 2, 3)');
  assert.equal(opaque('orange'), 'orange');
});
